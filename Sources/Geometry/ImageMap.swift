import Neural
import Platform
import VAE

/// A map of a decoder's outputs, pixel by pixel, into a space whose Euclidean distance is the one that is wanted.
///
/// For W = 1 that is the image itself. For the Fisher information of a Bernoulli mean, dp²/(p (1 − p)) is dφ² of
/// φ = 2 arcsin √p, so that lengths by Fisher's metric are lengths of the images' angles.
enum ImageMap {
    /// p = σ(l).
    case probability
    /// φ = 2 arcsin √σ(l) = 2 arctan e^(l/2), with dφ/dl = √(p (1 − p)).
    case angle
    /// y times a number: 1, or 1/σ.
    case scaled(Float)

    /// - Parameters:
    ///   - distribution: nil where the likelihood is unknown: Fisher's information is then taken as that of a Gaussian of
    ///     variance 1.
    ///   - scale: of the decoder's output; lengths are those of pictures in 0…1.
    init(_ weighting: LatentMetric.Weighting, of distribution: PixelDistribution?, _ scale: PixelScale) {
        switch (distribution, weighting) {
        case (.bernoulli, .plain): self = .probability
        case (.bernoulli, .fisher): self = .angle
        case (.gaussian(let logVariance), .fisher): self = .scaled(exponential(-0.5 * logVariance))
        case (.gaussian, .plain), (nil, _):
            switch scale {
            case .linear(let low, let high): self = .scaled(1 / (high - low))
            case .logits: self = .probability
            }
        }
    }

    /// Maps the numbers in place.
    ///
    /// - Parameter slopes: overwritten with the derivatives; nil where they aren't wanted.
    func apply(to numbers: UnsafeMutablePointer<Float>, count: Int, slopes: UnsafeMutablePointer<Float>?) {
        switch self {
        case .probability:
            Activation.sigmoid.apply(to: numbers, count: count, slopes: slopes)
        case .angle:
            ImageKernels.angles(of: numbers, count: count, slopes: slopes)
        case .scaled(let factor):
            slopes?.update(repeating: factor, count: count)
            guard factor != 1 else { return }
            for index in 0..<count { numbers[index] *= factor }
        }
    }
}
