import Neural
import VAE

/// Exact posteriors of a model of two latents, by quadrature over the plane.
///
/// The decoder's outputs at many points of the plane are one matrix, and log p(x|z) of all images at all points is
/// nearly one matrix product. All images are first seen on the whole plane at spacing 1/16; then each on ever finer
/// points, only where its posterior has mass, until halving the spacing no longer matters.
///
/// Memory: `images · 2.3 kB`, and some 100 MB at most for the finer points.
public final class ExactInference {
    private let blocks: DecodedBlocks
    private let pool: WorkerPool

    /// Mass below e^−depth of an image's is not followed any further.
    static let depth = 15.0
    /// In nats: the largest influence of doubling the spacing that passes.
    static let tolerance = 0.05
    /// Pairs of an image and a block that are looked at together: 256 bytes each.
    private static let pairsAtOnce = 200_000

    /// - Throws: ``InferenceError/latents(_:)`` unless the model has two latents.
    public init(_ model: Model, pool: WorkerPool) throws(InferenceError) {
        guard model.architecture.latentSize == 2 else { throw .latents(model.architecture.latentSize) }
        blocks = DecodedBlocks(model, pool: pool)
        self.pool = pool
    }

    /// The posteriors of some images.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]`, as the model's likelihood takes them.
    ///   - progress: told the share of the work that is done.
    /// - Precondition: `images` holds `count` images.
    public func posteriors(
        of images: [Float], count: Int, progress: (Double) -> Void = { _ in }
    ) -> [ExactPosterior] {
        precondition(images.count == count * blocks.elements, "each image has \(blocks.elements) numbers")
        guard count > 0 else { return [] }
        return images.withUnsafeBufferPointer { images in
            guard let images = images.baseAddress else { return [] }
            let survey = PlaneSurvey(images, count: count, blocks: blocks, pool: pool) { progress(0.6 * $0) }
            // Neighbors together: they need the same blocks.
            let order = (0..<count).map { (survey.heaviestBlock(of: $0), $0) }.sorted { $0 < $1 }.map(\.1)
            var results = [ExactPosterior?](repeating: nil, count: count)
            var (part, pairs, done) = ([Search](), 0, 0)
            for image in order {
                let search = Search(image, survey)
                part.append(search)
                pairs += search.blocks.count
                if pairs > ExactInference.pairsAtOnce || done + part.count == count {
                    for (image, posterior) in resolve(part, images) { results[image] = posterior }
                    done += part.count
                    (part, pairs) = ([], 0)
                    progress(0.6 + 0.4 * Double(done) / Double(count))
                }
            }
            return results.compactMap { $0 }
        }
    }

    /// An image and the blocks on which it is looked at next.
    private struct Search {
        let image: Int
        var blocks: [PlaneBlock]

        init(_ image: Int, _ survey: PlaneSurvey) {
            self.image = image
            let heavy = survey.blocks(of: image, within: ExactInference.depth)
            let isFine = survey.doubledSpacingError(of: image) < ExactInference.tolerance
            blocks = isFine ? heavy : heavy.flatMap(\.children)
        }

        init(_ image: Int, blocks: [PlaneBlock]) { (self.image, self.blocks) = (image, blocks) }
    }

    enum Outcome {
        case found(ExactPosterior)
        /// The spacing is too wide.
        case finer([PlaneBlock])
    }

    /// Looks at images on their blocks, and on finer ones until the spacing suffices.
    private func resolve(_ searches: [Search], _ images: UnsafePointer<Float>) -> [(Int, ExactPosterior)] {
        var found: [(Int, ExactPosterior)] = []
        var pending = searches
        while !pending.isEmpty {
            var next: [Search] = []
            for (search, outcome) in zip(pending, look(at: pending, images)) {
                switch outcome {
                case .found(let posterior)?: found.append((search.image, posterior))
                case .finer(let blocks)?: next.append(Search(search.image, blocks: blocks))
                case nil: break
                }
            }
            pending = next
        }
        return found
    }

    private func look(at searches: [Search], _ images: UnsafePointer<Float>) -> [Outcome?] {
        var starts = [0]
        for search in searches { starts.append(starts[starts.count - 1] + search.blocks.count) }
        let values = UnsafeMutablePointer<Float>.allocate(capacity: starts[searches.count] * PlaneBlock.points)
        defer { values.deallocate() }
        BlockValues(decoded: blocks, pool: pool).fill(values, for: searches.map { ($0.image, $0.blocks) }, of: images)
        var outcomes = [Outcome?](repeating: nil, count: searches.count)
        outcomes.withUnsafeMutableBufferPointer { outcomes in
            guard let outcomes = outcomes.baseAddress else { return }
            pool.forEach(searches.count) { [self] index, _ in
                let search = searches[index]
                let row = UnsafeBufferPointer(
                    start: values + starts[index] * PlaneBlock.points, count: search.blocks.count * PlaneBlock.points)
                let constant = blocks.constant(of: images + search.image * blocks.elements)
                outcomes[index] = ExactInference.judge(
                    PosteriorBlocks(blocks: search.blocks, values: row), constant: constant)
            }
        }
        return outcomes
    }

    /// The posterior, where its points are close enough: for the evidence, and for the best Gaussian, which is narrower
    /// than a posterior whose latents depend on each other.
    static func judge(_ posterior: PosteriorBlocks, constant: Double) -> Outcome {
        let isFinest = posterior.level == PlaneLattice.finestLevel
        if isFinest || posterior.doubledSpacingError < tolerance {
            let fit = posterior.bestGaussian
            let isWide = min(fit.gaussian.deviation.x, fit.gaussian.deviation.y) > 0.8 * posterior.spacing
            if isFinest || isWide { return .found(ExactPosterior(posterior, fit, constant: constant)) }
        }
        return .finer(posterior.children(within: depth))
    }
}

extension PosteriorBlocks {
    /// The best Gaussian with independent latents, climbed to from the largest value.
    fileprivate var bestGaussian: GaussianFit {
        var (best, mean) = (-Float.infinity, SIMD2<Double>(repeating: 0))
        forEachPoint { x, y, value in
            if value > best { (best, mean) = (value, SIMD2(x, y)) }
        }
        return GaussianFit(self, from: PlaneGaussian(mean: mean, deviation: SIMD2(repeating: 2 * spacing)))
    }
}
