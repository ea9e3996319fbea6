import Importing
import Neural
import Platform
import VAE

/// Pictures to try answers on.
public struct TrialPictures: Sendable {
    /// `[channels, height, width]`.
    public let shape: [Int]
    /// In 0…1, one picture after the other.
    public let values: [Float]
    /// The pictures' classes; nil where they have none.
    public let labels: [Int]?

    var count: Int { values.count / max(1, shape.reduce(1, *)) }

    /// - Precondition: the values are whole pictures.
    public init(shape: [Int], values: [Float], labels: [Int]? = nil) {
        precondition(values.count % max(1, shape.reduce(1, *)) == 0, "whole pictures")
        (self.shape, self.values, self.labels) = (shape, values, labels)
    }

    /// The pictures in another size: bilinear, corners not aligned; nil for other numbers of channels.
    func resized(to wanted: [Int]) -> TrialPictures? {
        guard shape.count == 3, wanted.count == 3, wanted[0] == shape[0] else { return nil }
        guard wanted != shape else { return self }
        guard wanted[1] <= 2 * shape[1], wanted[2] <= 2 * shape[2], wanted[1] >= shape[1] / 2, wanted[2] >= shape[2] / 2
        else {
            return nil
        }
        var made: [Float] = []
        made.reserveCapacity(count * wanted.reduce(1, *))
        let rows = TrialPictures.places(shape[1], wanted[1])
        let columns = TrialPictures.places(shape[2], wanted[2])
        for plane in 0..<(count * shape[0]) {
            let start = plane * shape[1] * shape[2]
            for row in rows {
                for column in columns {
                    func value(_ y: Int, _ x: Int) -> Float { values[start + y * shape[2] + x] }
                    let upper =
                        value(row.low, column.low) * (1 - column.part) + value(row.low, column.high) * column.part
                    let lower =
                        value(row.high, column.low) * (1 - column.part) + value(row.high, column.high) * column.part
                    made.append(upper * (1 - row.part) + lower * row.part)
                }
            }
        }
        return TrialPictures(shape: wanted, values: made, labels: labels)
    }

    private static func places(_ from: Int, _ to: Int) -> [(low: Int, high: Int, part: Float)] {
        (0..<to).map { place in
            let at = max(0, (Float(place) + 0.5) * Float(from) / Float(to) - 0.5)
            let low = min(from - 1, Int(at))
            return (low, min(from - 1, low + 1), at - Float(low))
        }
    }

    func prefix(_ most: Int) -> TrialPictures {
        let used = min(count, most)
        return TrialPictures(
            shape: shape, values: Array(values.prefix(used * shape.reduce(1, *))),
            labels: labels.map { Array($0.prefix(used)) })
    }
}

/// How near a model's reconstructions come to the pictures.
struct TrialScore: Hashable, Sendable {
    /// The share of the pictures' variance that is explained: 1 − Σ(y − x)² / Σ(x − x̄)².
    var explained: Double
    /// Pearson's correlation of all pixels.
    var correlation: Double

    /// - Parameters:
    ///   - made: what the decoder gives, brought to 0…1 by the pixels' range.
    init(_ made: [Float], _ pictures: [Float]) {
        let count = Double(max(1, pictures.count))
        var (sx, sy, sxx, syy, sxy, error) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for (y, x) in zip(made, pictures) {
            let (x, y) = (Double(x), Double(y))
            sx += x
            sy += y
            sxx += x * x
            syy += y * y
            sxy += x * y
            error += (y - x) * (y - x)
        }
        let variance = sxx - sx * sx / count
        let other = syy - sy * sy / count
        explained = variance > 0 && error.isFinite ? 1 - error / variance : -.infinity
        let both = (variance * other).squareRoot()
        correlation = both > 0 && both.isFinite ? (sxy - sx * sy / count) / both : 0
    }

    /// What answers are ordered by. Both count: a right shape with wrong contrast is not yet right.
    var value: Double { max(explained, -1) + correlation }
}

/// Runs a model's two halves on pictures.
struct Trial {
    let pictures: TrialPictures

    /// - Returns: nil where the model has no encoder or takes other pictures.
    func score(_ model: Model) -> TrialScore? {
        let architecture = model.architecture
        let pool = WorkerPool(threads: 1)
        guard let encoder = architecture.encoder, let pictures = pictures.resized(to: architecture.image.extents) else {
            return nil
        }
        let count = pictures.count
        let scale: (low: Float, high: Float)
        switch architecture.pixelRange {
        case .bounded(let low, let high): scale = (low, high)
        case .free, .logits: scale = (0, 1)
        }
        let encoding = Plan(inference: encoder, tensors: model.tensors, capacity: count, pool: pool)
        fill(encoding, architecture.encoderRoles, pictures)
        let size = architecture.image.count
        let scaled = pictures.values.map { scale.low + $0 * (scale.high - scale.low) }
        scaled.withUnsafeBufferPointer { if let base = $0.baseAddress { encoding.loadImages(base, count: count) } }
        encoding.forward(count: count)
        let latents = architecture.latentSize
        let width = encoder.outputShapes[0].count
        let decoding = Plan(inference: architecture.decoder, tensors: model.tensors, capacity: count, pool: pool)
        fill(decoding, architecture.decoderRoles, pictures)
        var points = [Float](repeating: 0, count: count * latents)
        for row in 0..<count {
            let means = UnsafeBufferPointer(start: encoding.output() + row * width, count: latents)
            points.replaceSubrange(row * latents..<(row + 1) * latents, with: means)
        }
        points.withUnsafeBufferPointer { if let base = $0.baseAddress { decoding.loadImages(base, count: count) } }
        decoding.forward(count: count)
        var made = Array(UnsafeBufferPointer(start: decoding.output(), count: count * size))
        let isLogit = architecture.pixelRange == .logits
        for place in made.indices {
            made[place] =
                isLogit ? 1 / (1 + exponential(-made[place])) : (made[place] - scale.low) / (scale.high - scale.low)
        }
        return TrialScore(made, pictures.values)
    }

    private func fill(_ plan: Plan, _ roles: [InputRole], _ pictures: TrialPictures) {
        plan.fill(roles, Condition())
        if let labels = pictures.labels { plan.fill(roles, labels: labels, Condition()) }
    }
}

/// How near models of other readers come to pictures.
public struct PictureTrial: Sendable {
    private let pictures: TrialPictures

    /// - Parameter pictures: some dozens are enough; brought to the model's size.
    public init(_ pictures: TrialPictures) { self.pictures = pictures.prefix(24) }

    /// - Returns: what answers are ordered by, and the correlation of all pixels; nil where the model has no encoder or
    ///   takes other pictures.
    public func score(_ model: Model) -> (value: Double, correlation: Double)? {
        Trial(pictures: pictures).score(model).map { ($0.value, $0.correlation) }
    }
}
