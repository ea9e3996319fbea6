import Latent
import Pictures

/// Decoded draws from one posterior, as far as they have come.
struct PosteriorSamples: Sendable {
    /// How many are drawn.
    static let count = 16

    let subject: ReconstructionSubject
    let inference: InferenceMethod
    let number: Int
    let points: [LatentPoint]
    var pictures: [Picture] = []
}
