import Latent
import Platform

/// How thickly the data lie in a latent space, and the factor by which a metric grows where they are thin.
///
/// The plain pull-back metric is small wherever the decoder extrapolates smoothly, so that its shortest paths may cut
/// through places without data (Arvanitidis, Hansen & Hauberg 2018, who let the decoder's variance grow there instead; Chen
/// et al. 2018). Here the metric is multiplied by λ²(z) = (1 + ε) / (r(z) + ε), with r = q(z)/q̄ the density in units of its
/// mean at the data: about 1 among the data, 1/ε far away. It is the conformal factor of a density that Arvanitidis,
/// Georgiev & Schölkopf (2022) use with the prior, (α ν(z) + β)^(−2/d) at d = 2; the exponent stays 1 for more latents.
///
/// q is a Gaussian kernel density over at most ``mostCenters`` codes.
public struct LatentDensity: Hashable, Sendable {
    /// More codes than that are thinned evenly: a path asks for the density at some hundred thousand points.
    public static let mostCenters = 1024

    public let dimension: Int
    /// ε: λ² is at most 1 + 1/ε.
    public let floor: Double
    /// The kernel's standard deviation.
    public let bandwidth: Float
    /// `[centers, dimension]`.
    private let centers: [Float]
    /// 1 over the mean of the kernel sums at the centers.
    private let scale: Double

    /// - Parameters:
    ///   - codes: the data's posterior means `[count, dimension]`; those that aren't finite are passed over.
    ///   - bandwidth: by default the one under which the codes that are kept are likeliest.
    ///   - floor: ε, above 0.
    /// - Returns: nil where there is no code.
    public init?(codes: [Float], dimension: Int, bandwidth: Float? = nil, floor: Double = 0.01) {
        guard dimension > 0, codes.count >= dimension, floor > 0 else { return nil }
        let count = codes.count / dimension
        let centers = evenlyThinned(count, to: LatentDensity.mostCenters).flatMap { index -> ArraySlice<Float> in
            let code = codes[index * dimension..<(index + 1) * dimension]
            return code.allSatisfy(\.isFinite) ? code : []
        }
        guard !centers.isEmpty else { return nil }
        let width = bandwidth ?? LatentDensity.likeliestBandwidth(of: centers, dimension: dimension)
        self.dimension = dimension
        self.floor = floor
        self.bandwidth = width.isFinite && width > 1e-6 ? width : 1
        self.centers = centers
        var sums = 0.0
        var gradient = [Double](repeating: 0, count: dimension)
        for start in stride(from: 0, to: centers.count, by: dimension) {
            sums += LatentDensity.kernelSum(
                at: centers[start..<start + dimension], centers: centers, bandwidth: self.bandwidth,
                gradient: &gradient)
        }
        scale = Double(centers.count / dimension) / sums
    }

    /// The bandwidth under which the centers are likeliest, each from all others: cross-validation by maximum likelihood
    /// (Habbema, Hermans & van den Broek 1974; Duin 1976). Scott's is that of one heap, and hides the gaps between several.
    ///
    /// From Scott's downwards, at most to a quarter: codes that lie upon each other would want none at all, and a search goes by
    /// a metric that is smooth.
    private static func likeliestBandwidth(of centers: [Float], dimension: Int) -> Float {
        let widest = scottBandwidth(of: centers, dimension: dimension)
        let count = centers.count / dimension
        guard count > 2 else { return widest }
        var squares: [Float] = []
        let judges = evenlyThinned(count, to: mostJudges)
        for judge in judges {
            for other in 0..<count where other != judge {
                let pairs = zip(centers[judge * dimension..<(judge + 1) * dimension], centers[(other * dimension)...])
                squares.append(pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
            }
        }
        var best = (width: widest, likelihood: -Double.infinity)
        for step in 0...bandwidthSteps {
            let width = widest * powf(2, -Float(step) / 4)
            let scale = -0.5 / (width * width)
            let likelihood = stride(from: 0, to: squares.count, by: count - 1).reduce(0.0) { sum, first in
                let thickness = squares[first..<first + count - 1].reduce(Float(0)) { sum, squared in
                    squared * scale > -16 ? sum + exponential(squared * scale) : sum
                }
                return sum + Double(logarithm(max(thickness, .leastNormalMagnitude)))
            }
            let mean = likelihood / Double(judges.count) - Double(dimension) * Double(logarithm(width))
            if mean > best.likelihood { best = (width, mean) }
        }
        return best.width
    }

    /// Centers that judge a bandwidth.
    private static let mostJudges = 256
    /// Four for each halving.
    private static let bandwidthSteps = 8

    /// λ² at a point, and its gradient by the point's coordinates.
    ///
    /// - Precondition: `point` has ``dimension`` coordinates.
    public func factor(at point: ArraySlice<Float>) -> (value: Double, gradient: [Double]) {
        precondition(point.count == dimension, "a point has all coordinates")
        var gradient = [Double](repeating: 0, count: dimension)
        let sum = LatentDensity.kernelSum(at: point, centers: centers, bandwidth: bandwidth, gradient: &gradient)
        let thickness = sum * scale + floor
        let value = (1 + floor) / thickness
        let slope = -value / thickness * scale
        for axis in 0..<dimension { gradient[axis] *= slope }
        return (value, gradient)
    }

    /// Σ exp(−½ ‖z − c‖²/h²) and its gradient.
    private static func kernelSum(
        at point: ArraySlice<Float>, centers: [Float], bandwidth: Float, gradient: inout [Double]
    ) -> Double {
        let dimension = point.count
        let precision = 1 / (bandwidth * bandwidth)
        for axis in 0..<dimension { gradient[axis] = 0 }
        var sum = 0.0
        centers.withUnsafeBufferPointer { centers in
            point.withUnsafeBufferPointer { point in
                for center in stride(from: 0, to: centers.count, by: dimension) {
                    var squares: Float = 0
                    for axis in 0..<dimension {
                        let difference = point[axis] - centers[center + axis]
                        squares += difference * difference
                    }
                    let exponent = 0.5 * squares * precision
                    // e^−16 is nothing beside the floor.
                    guard exponent < 16 else { continue }
                    let weight = exponential(-exponent)
                    sum += Double(weight)
                    for axis in 0..<dimension {
                        gradient[axis] += Double(weight * precision * (centers[center + axis] - point[axis]))
                    }
                }
            }
        }
        return sum
    }
}
