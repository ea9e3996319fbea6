import Neural
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
        halves.condition(pictures.labels)
        let made = halves.decoded(halves.encoder.means(of: pictures), count: pictures.count)
        let (low, high) = halves.encoder.scale
        return TrialScore(made.map { ($0 - low) / (high - low) }, pictures.values)
    }

    private func score(_ halves: RunningHalves) -> TrialScore {
        var generator = CounterGenerator(seed: 1, purpose: .evaluation, position: 0)
        let drawn = generator.normals(points * halves.encoder.latents)
        halves.condition(Array(0..<points))
        return TrialScore(halves.encoder.means(halves.decoded(drawn, count: points), count: points), drawn)
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
