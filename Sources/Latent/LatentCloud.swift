import Platform

/// Where the images of a data set lie: one posterior an image, searchable by place.
///
/// Making one sorts the codes into a tree (`O(n log n)`) and chooses how classes are told: tens of milliseconds each for
/// 60,000 images, so the code that encodes makes it, away from the screen's thread; afterwards a look-up costs microseconds.
public struct LatentCloud: Sendable {
    /// Name of the data set, as it is shown: "mnist test".
    public let name: String
    /// Number of latents.
    public let dimension: Int
    /// Posterior means μ, `[count, dimension]`, row by row.
    public let means: [Float]
    /// Posterior standard deviations σ, `[count, dimension]`, where the encoder gives them.
    public let deviations: [Float]?
    /// Class of each image, where the data set has labels, as it is shown: those beyond 255 are one.
    public let labels: [UInt8]?
    /// Class of each image as a conditional model is asked for it.
    public let imageClasses: [UInt16]?
    /// The names of the classes by label, where the data set has any.
    public let classNames: [String]
    /// Whose answer the codes are.
    public let inference: InferenceMethod
    /// Index of the first image within the data set, so that "#4213" is the data set's own number.
    public let firstIndex: Int
    /// Search by place.
    public let tree: NeighborTree
    /// How the class of a place is told; nil where there are no labels.
    let neighbors: ClassNeighbors?
    /// The middle 99 % of the means along each latent.
    public let ranges: [ClosedRange<Float>]
    /// The classes that occur, in order.
    public let classes: [UInt8]
    /// Bandwidth of a Gaussian kernel over the means, ``scottBandwidth(of:dimension:)``.
    public let bandwidth: Float
    /// Mean of the posteriors' standard deviations; the ``bandwidth`` where the encoder gives none.
    public let typicalDeviation: Float

    /// Principal directions of the means, unit vectors, the one with most variance first, as many as
    /// ``leadingDirections(of:dimension:)`` gives; none for one or two latents, which need none to be seen.
    public let principal: [[Float]]

    /// How the codes spread along each latent; none for one or two latents, which have the plane for that.
    public let spreads: [LatentSpread]
    /// KL of each latent's posteriors from the standard normal prior, a mean over the images in nats:
    /// (μ² + σ² − log σ² − 1)/2. Nil where the encoder gives no deviations, or there are no images.
    public let divergences: [Double]?

    /// Number of images.
    public var count: Int { means.count / dimension }

    /// - Parameter imageClasses: nil for the labels as they are.
    /// - Precondition: `means.count` is a multiple of `dimension`; `deviations` and `labels`, where given, match it.
    public init(
        name: String, dimension: Int, means: [Float], deviations: [Float]? = nil, labels: [UInt8]? = nil,
        imageClasses: [UInt16]? = nil, classNames: [String] = [], inference: InferenceMethod = .encoder,
        firstIndex: Int = 0
    ) {
        precondition(dimension > 0 && means.count % dimension == 0, "a code has one coordinate a latent")
        precondition(deviations.map { $0.count == means.count } ?? true, "a code has one deviation a latent")
        precondition(labels.map { $0.count == means.count / dimension } ?? true, "an image has one label")
        self.name = name
        self.dimension = dimension
        self.means = means
        self.deviations = deviations
        self.labels = labels
        self.imageClasses = imageClasses ?? labels.map { $0.map(UInt16.init) }
        self.classNames = classNames
        self.inference = inference
        self.firstIndex = firstIndex
        let tree = NeighborTree(points: means, dimension: dimension)
        self.tree = tree
        neighbors = labels.flatMap { ClassNeighbors(labels: $0, in: tree, means: means) }
        let columns = LatentColumns(means, dimension: dimension)
        ranges = (0..<dimension).map { middleRange(of: columns.finite($0), share: 0.99) }
        classes = Set(labels ?? []).sorted()
        bandwidth = scottBandwidth(of: means, dimension: dimension)
        principal = dimension > 2 ? leadingDirections(of: means, dimension: dimension) : []
        let finite = (deviations ?? []).filter(\.isFinite)
        typicalDeviation = finite.isEmpty ? bandwidth : finite.reduce(0, +) / Float(finite.count)
        spreads = dimension > 2 ? LatentSpread.all(columns, deviations: deviations) : []
        divergences = Self.divergences(means, deviations, dimension)
    }

    /// The mean of one image's posterior.
    public func mean(of image: Int) -> LatentPoint {
        LatentPoint(Array(means[image * dimension..<(image + 1) * dimension]))
    }

    private static func divergences(_ means: [Float], _ deviations: [Float]?, _ dimension: Int) -> [Double]? {
        guard let deviations, !means.isEmpty else { return nil }
        return (0..<dimension).map { latent in
            let sum = stride(from: latent, to: means.count, by: dimension).reduce(0.0) { sum, index in
                let (mean, variance) = (Double(means[index]), Double(deviations[index]) * Double(deviations[index]))
                return sum + (mean * mean + variance - logarithm(max(variance, 1e-300)) - 1) / 2
            }
            return sum / Double(means.count / dimension)
        }
    }

    /// A draw from where the data are: from the posterior of an image taken at random.
    ///
    /// Where the encoder gives no deviations, the image's mean. Nil where there are no images.
    public func posteriorDraw(using generator: inout SeededGenerator) -> (point: LatentPoint, image: Int)? {
        guard count > 0 else { return nil }
        let image = Int.random(in: 0..<count, using: &generator)
        var point = mean(of: image)
        guard let deviations else { return (point, image) }
        for latent in 0..<dimension {
            point[latent] += deviations[image * dimension + latent] * generator.nextNormal()
        }
        return (point, image)
    }
}

/// The range that holds the middle `share` of the values; 0…0 where there are none.
func middleRange(of values: [Float], share: Float) -> ClosedRange<Float> {
    guard !values.isEmpty else { return 0...0 }
    let sorted = values.sorted()
    return quantile((1 - share) / 2, of: sorted)...quantile((1 + share) / 2, of: sorted)
}

/// A quantile of sorted values, linear between neighbours (Hyndman and Fan 1996, type 7).
func quantile(_ share: Float, of sorted: [Float]) -> Float {
    let position = share * Float(sorted.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (position - Float(lower)) * (sorted[upper] - sorted[lower])
}

/// Bandwidth of a Gaussian kernel over points: Scott's rule (1992), σ n^(−1/(d+4)), with σ the root of their mean variance
/// along the axes. It suits one heap of points, and is too wide for several.
///
/// - Parameter points: `[count, dimension]`; numbers that are not finite don't count.
public func scottBandwidth(of points: [Float], dimension: Int) -> Float {
    let columns = LatentColumns(points, dimension: dimension)
    let mean = (0..<dimension).reduce(0) { $0 + variance(of: columns.finite($1)) } / Float(dimension)
    let count = Float(max(1, points.count / dimension))
    return max(.leastNormalMagnitude, mean.squareRoot() * powf(count, -1 / Float(dimension + 4)))
}

private func variance(of values: [Float]) -> Float {
    guard !values.isEmpty else { return 0 }
    let mean = values.reduce(0, +) / Float(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
}
