import Latent
import VAE

/// Why posteriors cannot be had. Each case prints one sentence.
public enum InferenceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Exact ones, of a model of other than two latents.
    case latents(Int)
    /// Refined ones.
    case tooManyLatents(Int)
    /// Of images that each have a class of their own.
    case conditional
    /// The model lacks what they are computed from.
    case missing(MissingPart)

    public var description: String {
        switch self {
        case .latents(let count):
            "exact posteriors are for models of two latents, and this one has \(count)"
        case .tooManyLatents(let count):
            "refined posteriors are for models of up to \(InferenceMethod.mostRefinedLatents) latents, and this one has "
                + "\(count)"
        case .conditional:
            "refined and exact posteriors of a model with classes are for one class at a time: name it with --class, or take "
                + "--inference encoder"
        case .missing(let part): part.description
        }
    }
}
