/// Whose answer to where an image lies in a latent space is taken.
public enum InferenceMethod: String, CaseIterable, Hashable, Sendable {
    /// The encoder's: one pass through a network.
    case encoder
    /// The encoder's, moved by a few Gauss–Newton steps to the posterior's peak nearby.
    case refined
    /// The posterior itself, by quadrature over the plane of two latents.
    case exact

    /// The most latents for which an answer is refined: each step takes a derivative along every one.
    public static let mostRefinedLatents = 32

    /// Whether a model of so many latents can be asked.
    public func isPossible(latents: Int) -> Bool {
        switch self {
        case .encoder: true
        case .refined: latents <= InferenceMethod.mostRefinedLatents
        case .exact: latents == 2
        }
    }
}
