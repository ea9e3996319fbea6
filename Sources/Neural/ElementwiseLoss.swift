import CKernels

/// Losses that are sums over elements, and their gradients.
public enum ElementwiseLoss {
    /// Σ softplus(l) − x l, in nats; the gradient (σ(l) − x) · scale.
    public static func bernoulli(
        _ logits: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, count: Int, scale: Float,
        gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        lw_bernoulli(logits, targets, count, scale, gradient)
    }

    /// ½ Σ (y − x)²; the gradient (y − x) · scale.
    public static func halfSquares(
        _ outputs: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, count: Int, scale: Float,
        gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        var sum = 0.0
        for index in 0..<count {
            let difference = outputs[index] - targets[index]
            sum += Double(difference * difference)
            gradient?[index] = difference * scale
        }
        return sum / 2
    }
}
