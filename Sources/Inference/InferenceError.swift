import Latent
import VAE

/// Why posteriors cannot be had. Each case prints one sentence.
public enum InferenceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Exact ones, of a model of other than two latents.
    case latents(Int)
    /// Refined ones.
    case tooManyLatents(Int)
    /// The model lacks what they are computed from.
    case missing(MissingPart)

    public var description: String {
        switch self {
        case .latents(let count):
            "exact posteriors are for models of two latents, and this one has \(count)"
        case .tooManyLatents(let count):
            "refined posteriors are for models of up to \(InferenceMethod.mostRefinedLatents) latents, and this one has "
                + "\(count)"
        case .missing(let part): part.description
        }
    }
}
