import Datasets

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

    /// - Parameters:
    ///   - dataset: at least two images; some from all over are looked at.
    ///   - variance: the decoder's, σ².
    ///   - beta: the weight of the KL term.
    /// - Returns: nil where there are too few images to say anything, or no threshold.
    public init?(_ dataset: Dataset, variance: Double, beta: Double) {
        let threshold = beta * variance
        guard dataset.count > 1, threshold > 0, threshold.isFinite else { return nil }
        let count = min(dataset.count, Self.mostImages)
        var images = (0..<count).map { dataset.image($0 * dataset.count / count).map(Double.init) }
        for pixel in images[0].indices {
            let mean = images.reduce(0) { $0 + $1[pixel] } / Double(count)
            for image in images.indices { images[image][pixel] -= mean }
        }
        // The images' products have the same eigenvalues as the pixels' covariance, and are far fewer.
        let products = images.indices.flatMap { row in
            images.indices.map { column in
                column > row ? 0 : zip(images[row], images[column]).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
            }
        }
        components = eigenvalues(of: products, size: count, above: threshold)
        self.threshold = threshold
        isCut = components >= count - 1
    }
}

/// How many eigenvalues of a symmetric matrix lie above a threshold: as many as positive pivots are met when the matrix
/// less the threshold is eliminated (Sylvester's law of inertia; Golub & Van Loan, Matrix Computations, 8.1.5).
///
/// - Parameter matrix: `[size, size]`, of which the lower half is read.
func eigenvalues(of matrix: [Double], size: Int, above threshold: Double) -> Int {
    var lower = matrix
    for row in 0..<size { lower[row * size + row] -= threshold }
    var positive = 0
    lower.withUnsafeMutableBufferPointer { lower in
        for step in 0..<size {
            var pivot = lower[step * size + step]
            if pivot > 0 { positive += 1 }
            // An eigenvalue upon the threshold is not above it.
            if pivot == 0 { pivot = -.leastNormalMagnitude.squareRoot() }
            for row in step + 1..<max(size, step + 1) {
                let factor = lower[row * size + step] / pivot
                guard factor != 0 else { continue }
                for column in step + 1...row { lower[row * size + column] -= factor * lower[column * size + step] }
            }
        }
    }
    return positive
}
