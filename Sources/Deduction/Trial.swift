import Neural
import Platform
import VAE

/// Runs a model's two halves, one after the other, and looks how much comes back.
///
/// A right answer reconstructs pictures, and it finds points again that it decoded itself: the encoder was trained on
/// pictures like those that the decoder makes. The second needs no pictures of the right kind.
struct Trial {
    /// Nil where there are none.
    let pictures: TrialPictures?
    /// How many points are decoded and encoded.
    let points: Int

    struct Scores: Hashable {
        /// Of pictures after encoding and decoding; nil where they have another shape.
        var pictures: TrialScore?
        /// Of points after decoding and encoding; nil where nothing says how points are distributed.
        var points: TrialScore?
    }

    /// How many go through both halves.
    func samples(_ model: Model) -> Int {
        let architecture = model.architecture
        let isFitting = pictures?.canBeResized(to: architecture.image.extents) == true
        return (isFitting ? pictures?.count ?? 0 : 0) + (architecture.secondHead == SecondHead.none ? 0 : points)
    }

    /// - Returns: nil where the model has no encoder, or nothing can be tried with it.
    func scores(_ model: Model) -> Scores? {
        let architecture = model.architecture
        let fitting = pictures?.resized(to: architecture.image.extents)
        let capacity = max(points, fitting?.count ?? 0)
        guard capacity > 0, let halves = RunningHalves(model, capacity: capacity) else { return nil }
        let framed = pictures?.framed(to: architecture.image.extents).map { score($0, halves) }
        // A plain autoencoder's points lie wherever they like.
        let isVariational = architecture.secondHead != SecondHead.none
        return Scores(
            pictures: [fitting.map { score($0, halves) }, framed].compactMap(\.self).max { $0.value < $1.value },
            points: isVariational && points > 0 ? score(halves) : nil)
    }

    private func score(_ pictures: TrialPictures, _ halves: RunningHalves) -> TrialScore {
        let count = pictures.count
        halves.condition(pictures.labels)
        let scale: (low: Float, high: Float) =
            if case .bounded(let low, let high) = halves.range { (low, high) } else { (0, 1) }
        let scaled = pictures.values.map { scale.low + $0 * (scale.high - scale.low) }
        let made = halves.decoded(halves.means(scaled, count: count), count: count)
        return TrialScore(made.map { ($0 - scale.low) / (scale.high - scale.low) }, pictures.values)
    }

    private func score(_ halves: RunningHalves) -> TrialScore {
        var generator = CounterGenerator(seed: 1, purpose: .evaluation, position: 0)
        var drawn = [Float](repeating: 0, count: points * halves.latents)
        drawn.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { generator.fillNormal(base, count: buffer.count) }
        }
        halves.condition(Array(0..<points))
        return TrialScore(halves.means(halves.decoded(drawn, count: points), count: points), drawn)
    }
}

/// Both halves of a model, ready to run.
private struct RunningHalves {
    let range: PixelRange
    let latents: Int
    private let encoding: Plan
    private let decoding: Plan
    private let roles: (encoder: [InputRole], decoder: [InputRole])

    init?(_ model: Model, capacity: Int) {
        let architecture = model.architecture
        guard let encoder = architecture.encoder else { return nil }
        let pool = WorkerPool(threads: 1)
        (range, latents) = (architecture.pixelRange, architecture.latentSize)
        roles = (architecture.encoderRoles, architecture.decoderRoles)
        encoding = Plan(inference: encoder, tensors: model.tensors, capacity: capacity, pool: pool)
        decoding = Plan(inference: architecture.decoder, tensors: model.tensors, capacity: capacity, pool: pool)
    }

    /// - Parameter labels: any numbers; those that are no classes are brought to some that are.
    func condition(_ labels: [Int]?) {
        for (plan, roles) in [(encoding, roles.encoder), (decoding, roles.decoder)] {
            plan.fill(roles, Condition())
            guard let labels else { continue }
            var classes = Int.max
            for case .label(let count, _) in roles { classes = min(classes, max(1, count)) }
            plan.fill(roles, labels: labels.map { $0 % classes }, Condition())
        }
    }

    func means(_ pictures: [Float], count: Int) -> [Float] {
        pictures.withUnsafeBufferPointer { if let base = $0.baseAddress { encoding.loadImages(base, count: count) } }
        encoding.forward(count: count)
        let width = encoding.network.outputShapes[0].count
        return (0..<count).flatMap { row in
            UnsafeBufferPointer(start: encoding.output() + row * width, count: latents)
        }
    }

    /// Whether values have to be squashed before they are a picture: where nothing bounds them, and they go far.
    private func isLogit(_ values: UnsafeBufferPointer<Float>) -> Bool {
        switch range {
        case .logits: true
        case .free: values.count { abs($0) > 2 } * 20 > values.count
        case .bounded: false
        }
    }

    /// - Returns: pictures as the encoder reads them.
    func decoded(_ points: [Float], count: Int) -> [Float] {
        points.withUnsafeBufferPointer { if let base = $0.baseAddress { decoding.loadImages(base, count: count) } }
        decoding.forward(count: count)
        let size = decoding.network.outputShapes[0].count
        let made = UnsafeBufferPointer(start: decoding.output(), count: count * size)
        guard isLogit(made) else { return Array(made) }
        return made.map { 1 / (1 + exponential(-$0)) }
    }
}

/// How near models of other readers come to pictures.
public struct PictureTrial: Sendable {
    private let pictures: TrialPictures

    /// - Parameter pictures: some dozens are enough; brought to the model's size.
    public init(_ pictures: TrialPictures) { self.pictures = pictures.prefix(24) }

    /// How many pictures there are.
    public var count: Int { pictures.count }

    /// - Returns: what answers are ordered by, and the correlation of all pixels; nil where the model has no encoder or
    ///   takes other pictures.
    public func score(_ model: Model) -> (value: Double, correlation: Double)? {
        Trial(pictures: pictures, points: 0).scores(model)?.pictures.map { ($0.value, $0.correlation) }
    }
}
