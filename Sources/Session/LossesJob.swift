import Datasets
import Explorer
import Platform
import VAE

/// Measures −ELBO of the data's images at their posteriors' means, and answers in parts.
final class LossesJob: Job {
    private let range: Range<Int>
    private let label: Int?
    private var next: Int
    private var losses: Delivery<Float>
    private var pace = Pace()
    private let clock = ContinuousClock()

    /// - Parameter label: the class that all images are measured as by a conditional model; nil: each its own.
    init(_ range: Range<Int>, as label: Int? = nil) {
        (self.range, self.label) = (range, label)
        next = range.lowerBound
        losses = Delivery(every: .milliseconds(100), from: range.lowerBound)
    }

    var isDone: Bool { next >= range.upperBound }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        let start = clock.now
        let part = next..<min(range.upperBound, next + pace.count(limit: bench.engine.batch))
        guard let measured = Self.measure(part, as: label, at: bench) else {
            // The data, or the codes, are others by now: of these nobody waits for anything.
            next = range.upperBound
            return []
        }
        pace.note(part.count, took: start.duration(to: clock.now), of: piece)
        losses.add(measured)
        next = part.upperBound
        return losses.take(atEnd: isDone).map { [.losses($0.items, first: $0.first)] } ?? []
    }

    /// −log p(x|μ) + KL of some images, with the codes that there are already.
    private static func measure(_ part: Range<Int>, as label: Int?, at bench: Workbench) -> [Float]? {
        guard let cloud = bench.cloud, let dataset = bench.dataset, bench.fits(dataset),
            cloud.dimension == bench.facts.latentCount, part.upperBound <= min(cloud.count, dataset.count)
        else { return nil }
        let images = dataset.images(part)
        let codes = part.lowerBound * cloud.dimension..<part.upperBound * cloud.dimension
        let means = Array(cloud.means[codes])
        let labels = bench.facts.classCount == nil ? nil : dataset.classes(of: part, as: label)
        guard let measured = bench.engine.reconstructionLosses(images, at: means, labels: labels, count: part.count)
        else { return nil }
        return measured.enumerated().map { place, loss in
            let image = codes.lowerBound + place * cloud.dimension
            let divergence = (image..<image + cloud.dimension).reduce(0.0) { sum, latent in
                guard let deviations = cloud.deviations else { return sum }
                return sum
                    + Objective.divergence(mean: cloud.means[latent], logVariance: 2 * logarithm(deviations[latent]))
            }
            return Float(loss + divergence)
        }
    }
}
