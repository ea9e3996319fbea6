import Neural
import Platform

/// The terms of the evidence lower bound, −ELBO = reconstruction + KL (Kingma & Welling 2014), in nats.
public enum Objective {
    /// Σ −log p(x|z) over `count` images, from the decoder's output before its last sigmoid (Bernoulli: −log p =
    /// Σ softplus(l) − x l) or its output (Gaussian: ½ Σ (x − y)²/σ² + ½ D log 2πσ²).
    ///
    /// - Parameters:
    ///   - outputs, images: `[count, elements]` in the same order.
    ///   - gradient: overwritten with the gradient of scale · Σ −log p by `outputs`; nil if it isn't wanted.
    public static func reconstruction(
        _ distribution: PixelDistribution, _ outputs: UnsafePointer<Float>, _ images: UnsafePointer<Float>,
        elements: Int, scale: Float = 1, gradient: UnsafeMutablePointer<Float>? = nil
    ) -> Double {
        switch distribution {
        case .bernoulli:
            return ElementwiseLoss.bernoulli(outputs, images, count: elements, scale: scale, gradient: gradient)
        case .gaussian(let logVariance):
            let precision = exponential(-logVariance)
            let squares = ElementwiseLoss.halfSquares(
                outputs, images, count: elements, scale: scale * precision, gradient: gradient)
            return squares * Double(precision) + gaussianConstant(logVariance, elements: elements)
        }
    }

    /// The gradient by log σ² of a Gaussian Σ −log p(x|z): ½ D − ½ Σ (x − y)²/σ².
    ///
    /// - Parameter reconstruction: what ``reconstruction`` gave for these elements.
    public static func logVarianceSlope(reconstruction: Double, logVariance: Float, elements: Int) -> Double {
        0.5 * Double(elements) - (reconstruction - gaussianConstant(logVariance, elements: elements))
    }

    private static func gaussianConstant(_ logVariance: Float, elements: Int) -> Double {
        0.5 * Double(elements) * (logTwoPi + Double(logVariance))
    }

    /// KL(q(z|x) ‖ N(0, 1)) of one latent: ½ (μ² + σ² − log σ² − 1).
    public static func divergence(mean: Float, logVariance: Float) -> Double {
        let (mean, logVariance) = (Double(mean), Double(logVariance))
        return 0.5 * (mean * mean + exponential(logVariance) - logVariance - 1)
    }
}
