import Datasets
import Explorer
import Latent
import Platform
import VAE

/// A data set on its way through the encoder, in parts.
struct Encoding {
    let dataset: Dataset
    let latentCount: Int
    /// As it is shown.
    let name: String
    private(set) var means: [Float] = []
    private(set) var deviations: [Float] = []
    private(set) var count = 0
    /// Whose answer the codes become after the encoder's.
    private let inference: InferenceMethod
    /// So many of them are the refined answer.
    private var refinedCount = 0
    private var refiningStart: ContinuousClock.Instant?
    private let start: ContinuousClock.Instant
    /// Whether the encoder says how wide posteriors are; a plain autoencoder's are points.
    private var hasWidths = false
    private var hasRefined = false
    /// A cloud of what there is comes at these counts: early at first, then seldom, since each is built from scratch.
    private var milestone: Int

    /// What no posterior of a model that has been trained is below.
    private static let leastLogVariance: Float = -50
    /// The most coordinates of all codes: the data's first images stand for all where there are many latents.
    private static let mostCoordinates = 8 << 20

    /// As many images as there is room for.
    static func part(of dataset: Dataset, latentCount: Int) -> Dataset {
        dataset[0..<min(dataset.count, max(1, mostCoordinates / latentCount))]
    }

    /// The class that all images are encoded as by a conditional model; nil: each its own.
    private let label: Int?

    /// - Parameters:
    ///   - name: as it is shown; nil for the data set's own.
    ///   - label: the class that all images are encoded as by a conditional model; nil: each its own.
    ///   - inference: whose answer the codes become after the encoder's.
    ///   - isAgain: whether codes of all of them are seen already, which fewer would not replace.
    init(
        _ dataset: Dataset, latentCount: Int, at start: ContinuousClock.Instant, name: String? = nil,
        label: Int? = nil, inference: InferenceMethod = .encoder, isAgain: Bool = false
    ) {
        (self.label, self.inference) = (label, inference)
        milestone = isAgain ? .max : 1000
        self.name = name ?? dataset.title
        self.dataset = dataset
        self.latentCount = latentCount
        self.start = start
        means.reserveCapacity(dataset.count * latentCount)
        deviations.reserveCapacity(dataset.count * latentCount)
    }

    /// Whether all images are encoded.
    var isEncoded: Bool { count == dataset.count }
    /// Whether nothing is left to do.
    var isDone: Bool { isEncoded && (inference == .encoder || refinedCount == count) }

    /// The next images, at most `limit` of them: `[count, channels, height, width]`.
    func nextImages(_ limit: Int) -> (values: [Float], labels: [Int]?, count: Int) {
        let range = count..<min(dataset.count, count + limit)
        return (dataset.images(range), dataset.classes(of: range, as: label), range.count)
    }

    mutating func append(_ posteriors: Posteriors) {
        means += posteriors.means
        hasWidths = hasWidths || posteriors.logVariances.contains { $0 > Self.leastLogVariance }
        deviations += Self.deviations(of: posteriors)
        count = means.count / latentCount
    }

    private static func deviations(of posteriors: Posteriors) -> [Float] {
        posteriors.logVariances.map { exponential(0.5 * $0) }
    }

    /// The next codes to refine, at most `limit` of them, with their images: `[count, channels, height, width]`.
    mutating func nextCodes(
        _ limit: Int, at now: ContinuousClock.Instant
    ) -> (posteriors: Posteriors, images: [Float], labels: [Int]?, count: Int) {
        refiningStart = refiningStart ?? now
        let range = refinedCount..<min(count, refinedCount + limit)
        let values = range.lowerBound * latentCount..<range.upperBound * latentCount
        let posteriors = Posteriors(
            means: Array(means[values]), logVariances: deviations[values].map { 2 * logarithm($0) })
        return (posteriors, dataset.images(range), dataset.classes(of: range, as: label), range.count)
    }

    /// - Parameter posteriors: the refined answers of the next codes; nil: none are to be had, and codes stay where they are seen.
    mutating func refine(_ posteriors: Posteriors?) {
        guard let posteriors else {
            (refinedCount, hasRefined) = (count, false)
            return
        }
        let first = refinedCount * latentCount
        means.replaceSubrange(first..<first + posteriors.means.count, with: posteriors.means)
        deviations.replaceSubrange(first..<first + posteriors.means.count, with: Self.deviations(of: posteriors))
        refinedCount += posteriors.means.count / latentCount
        hasRefined = true
    }

    /// Whether it is time for a cloud of what there is.
    mutating func reachesMilestone() -> Bool {
        guard !isEncoded else { return refinedCount == 0 || isDone && hasRefined }
        guard count >= milestone else { return false }
        milestone *= 4
        return true
    }

    func progress(at now: ContinuousClock.Instant) -> Progress {
        let share = Double(isEncoded ? refinedCount : count) / Double(max(1, dataset.count))
        let spent = (refiningStart ?? start).duration(to: now)
        return Progress(
            work: "\(isEncoded ? "refining the codes of" : "encoding") \(name)", share: share,
            remaining: share > 0 ? spent * (1 / share - 1) : nil)
    }

    /// Sorts the codes into a tree: tens of milliseconds for many images, so neither on the screen's thread nor on the
    /// engine's.
    func cloud() -> LatentCloud {
        let classes = dataset.hasLabels ? (0..<count).map { UInt16(clamping: dataset.label($0) ?? 0) } : nil
        return LatentCloud(
            name: name, dimension: latentCount, means: means, deviations: hasWidths ? deviations : nil,
            labels: classes.map { $0.map { UInt8(clamping: $0) } }, imageClasses: classes,
            classNames: dataset.hasLabels ? dataset.classNames : [], inference: hasRefined ? .refined : .encoder)
    }
}

extension Dataset {
    /// The classes that a conditional model is asked for of some images; nil: there are none, and nobody named one.
    ///
    /// - Parameter label: the class of all; nil: each image's own.
    func classes(of images: some Collection<Int>, as label: Int?) -> [Int]? {
        if let label { return Array(repeating: label, count: images.count) }
        return hasLabels ? images.map { self.label($0) ?? 0 } : nil
    }
}
