import Datasets
import Latent
import Neural

/// How many latents a data set can support under a Gaussian likelihood.
///
/// In the linear VAE, which is probabilistic PCA, a latent stays in use only where it carries a principal component
/// whose variance is above the decoder's (Lucas, Tucker, Grosse & Norouzi 2019, "Don't blame the ELBO!", section 4). A
/// weight β on the KL term multiplies the decoder's variance by β. A decoder that is not linear finds directions that
/// principal components do not: the count is a guide, and no bound.
public struct LatentSupport: Hashable, Sendable {
    /// Principal components of the images whose variance is above ``threshold``.
    public let components: Int
    /// β σ², in squared gray values of 0…1.
    public let threshold: Double
    /// Whether as many components as there were images to tell them are above: there may be more.
    public let isCut: Bool

    private static let mostImages = 512
    /// The most multiplications that the images' products take: a tenth of a second. Of large images fewer are looked at.
    private static let mostProducts = 1_600_000_000.0

    /// - Parameters:
    ///   - dataset: at least two images; some from all over are looked at.
    ///   - variance: the decoder's, σ².
    ///   - beta: the weight of the KL term.
    /// - Returns: nil where there are too few images to say anything, or no threshold.
    public init?(_ dataset: Dataset, variance: Double, beta: Double) {
        let threshold = beta * variance
        guard dataset.count > 1, threshold > 0, threshold.isFinite else { return nil }
        let size = dataset.valuesPerImage
        let affordable = Int((Self.mostProducts / Double(max(1, size))).squareRoot())
        let chosen = evenlyThinned(dataset.count, to: max(2, min(Self.mostImages, affordable)))
        let count = chosen.count
        var images = chosen.flatMap { dataset.image($0) }
        Self.center(&images, size: size)
        // The images' products have the same eigenvalues as the pixels' covariance, and are far fewer.
        let products = innerProducts(of: images, count: count).map { $0 / Double(count) }
        components = eigenvalues(of: products, size: count, above: threshold)
        self.threshold = threshold
        isCut = components >= count - 1
    }

    /// Takes the mean image away from each.
    private static func center(_ images: inout [Float], size: Int) {
        let count = images.count / size
        var sums = [Double](repeating: 0, count: size)
        for image in 0..<count {
            for pixel in 0..<size { sums[pixel] += Double(images[image * size + pixel]) }
        }
        let means = sums.map { Float($0 / Double(count)) }
        for image in 0..<count {
            for pixel in 0..<size { images[image * size + pixel] -= means[pixel] }
        }
    }
}

/// How many eigenvalues of a symmetric matrix lie above a threshold: as many as positive pivots are met when the matrix
/// less the threshold is eliminated (Sylvester's law of inertia; Golub & Van Loan, Matrix Computations, 8.1.5).
///
/// - Parameter matrix: `[size, size]`, of which the lower half is read.
func eigenvalues(of matrix: [Double], size: Int, above threshold: Double) -> Int {
    var lower = matrix
    for row in 0..<size { lower[row * size + row] -= threshold }
    var below = [Double](repeating: 0, count: size)
    var positive = 0
    lower.withUnsafeMutableBufferPointer { lower in
        for step in 0..<size {
            var pivot = lower[step * size + step]
            if pivot > 0 { positive += 1 }
            // An eigenvalue upon the threshold is not above it.
            if pivot == 0 { pivot = -.leastNormalMagnitude.squareRoot() }
            // In one piece, since a column lies scattered.
            for row in step..<size { below[row] = lower[row * size + step] }
            for row in step + 1..<max(size, step + 1) {
                let factor = below[row] / pivot
                guard factor != 0 else { continue }
                for column in step + 1...row { lower[row * size + column] -= factor * below[column] }
            }
        }
    }
    return positive
}
