import Neural
import Platform

/// What the pixels are given a latent point: how the decoder's output is turned into a probability.
public enum Likelihood: Hashable, Sendable {
    /// Each pixel in 0…1 is a Bernoulli mean; the decoder ends in a sigmoid.
    case bernoulli
    /// Each pixel is normal around the decoder's output, with one variance for all pixels.
    case gaussian(Variance = .fixed(1))

    /// The variance of a normal likelihood.
    public enum Variance: Hashable, Sendable {
        /// A number above 0.
        case fixed(Float)
        /// Learned with the decoder, as one number for the whole model (the σ-VAE of Rybkin, Daniilidis & Levine 2021): it
        /// settles at the mean squared error, and with it weighs reconstruction against KL. The decoder still gives means
        /// alone, as readers of its pictures expect.
        case learned
    }

    /// `bernoulli` or `gaussian`.
    public var name: String {
        switch self {
        case .bernoulli: "bernoulli"
        case .gaussian: "gaussian"
        }
    }

    /// The name of the tensor `[1]` that holds the logarithm of a learned variance.
    public static let logVarianceName = "likelihood.log_variance"

    /// The tensors that the likelihood itself needs.
    var parameters: [ParameterDeclaration] {
        guard self == .gaussian(.learned) else { return [] }
        return [ParameterDeclaration(name: Likelihood.logVarianceName, extents: [1], role: .bias)]
    }

    /// The likelihood with its numbers filled in.
    ///
    /// - Parameter tensors: a model's, in which a learned variance is found.
    public func distribution(_ tensors: [String: Tensor]) -> PixelDistribution {
        switch self {
        case .bernoulli: .bernoulli
        case .gaussian(.fixed(let variance)): .gaussian(logVariance: Float(logarithm(Double(variance))))
        case .gaussian(.learned):
            .gaussian(logVariance: tensors[Likelihood.logVarianceName]?.values.first ?? Likelihood.firstLogVariance)
        }
    }

    /// Where a learned log σ² begins: σ² = 0.1 is about what the pixels of an image vary by.
    static let firstLogVariance: Float = -2.302_585
}

extension Likelihood: CustomStringConvertible {
    /// As `train --likelihood` takes it: `bernoulli`, `gaussian:0.1`, `gaussian:learned`. Of a model that is trained already
    /// nothing can be learned any more: there `--likelihood` takes the first two.
    public var description: String {
        switch self {
        case .bernoulli: "bernoulli"
        case .gaussian(.fixed(let variance)): "gaussian:\(variance)"
        case .gaussian(.learned): "gaussian:learned"
        }
    }

    /// - Parameter text: as ``description`` gives it; `gaussian` alone has variance 1.
    public init?(_ text: String) {
        switch text {
        case "bernoulli": self = .bernoulli
        case "gaussian": self = .gaussian()
        case "gaussian:learned": self = .gaussian(.learned)
        default:
            let words = text.split(separator: ":", omittingEmptySubsequences: false)
            guard words.count == 2, words[0] == "gaussian", let variance = Float(words[1]), variance.isNormal,
                variance > 0
            else { return nil }
            self = .gaussian(.fixed(variance))
        }
    }
}

/// What a pixel is distributed as around the decoder's output.
public enum PixelDistribution: Hashable, Sendable {
    case bernoulli
    case gaussian(logVariance: Float)
}
