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
    /// Whether the model asks for a class at each point.
    private let takesClasses: Bool

    /// Mass below e^−depth of an image's is not followed any further.
    static let depth = 15.0
    /// In nats: the largest influence of doubling the spacing that passes.
    static let tolerance = 0.05
    /// Pairs of an image and a block that are looked at together: 256 bytes each.
    private static let pairsAtOnce = 200_000

    /// - Throws: ``InferenceError`` unless the model has two latents and a likelihood.
    public init(_ model: Model, pool: WorkerPool) throws(InferenceError) {
        guard model.architecture.latentSize == 2 else { throw .latents(model.architecture.latentSize) }
        do throws(MissingPart) {
            blocks = try DecodedBlocks(model, pool: pool)
        } catch {
            throw .missing(error)
        }
        self.pool = pool
        takesClasses = model.takesImagesClasses
    }

    /// The posteriors of some images.
    ///
    /// - Parameters:
    ///   - images: `[count, channels, height, width]` in 0…1.
    ///   - labels: each image's class, where the model asks for one; nil for the model's own condition.
    ///   - answers: Gaussians given for the images, an encoder's; the best one is looked for from them too.
    ///   - progress: told the share of the work that is done.
    /// - Precondition: `images` holds `count` images.
    public func posteriors(
        of images: [Float], labels: [Int]? = nil, count: Int, answers: [PlaneGaussian]? = nil,
        progress: (Double) -> Void = { _ in }
    ) -> [ExactPosterior] {
        precondition(images.count == count * blocks.elements, "each image has \(blocks.elements) numbers")
        precondition(answers.map { $0.count == count } ?? true, "each image has its answer")
        guard takesClasses, let labels, Set(labels).count > 1 else {
            blocks.label = takesClasses ? labels?.first : nil
            return posteriors(of: images, count, answers, progress)
        }
        return byClass(labels, progress: progress) { label, chosen in
            blocks.label = label
            let pixels = chosen.flatMap { images[$0 * blocks.elements..<($0 + 1) * blocks.elements] }
            return posteriors(of: pixels, chosen.count, answers.map { all in chosen.map { all[$0] } }) { _ in }
        }
    }

    /// Of images of one class.
    private func posteriors(
        of images: [Float], _ count: Int, _ answers: [PlaneGaussian]?, _ progress: (Double) -> Void
    ) -> [ExactPosterior] {
        guard count > 0 else { return [] }
        return blocks.scale.model(images).withUnsafeBufferPointer { images in
            guard let images = images.baseAddress else { return [] }
            let survey = PlaneSurvey(images, count: count, blocks: blocks, pool: pool) { progress(0.6 * $0) }
            // Neighbors together: they need the same blocks.
            let order = (0..<count).map { (survey.heaviestBlock(of: $0), $0) }.sorted { $0 < $1 }.map(\.1)
            var results = [ExactPosterior?](repeating: nil, count: count)
            var (part, pairs, done) = ([Search](), 0, 0)
            for image in order {
                let search = Search(image, answers?[image], survey)
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
        let answer: PlaneGaussian?
        var blocks: [PlaneBlock]

        init(_ image: Int, _ answer: PlaneGaussian?, _ survey: PlaneSurvey) {
            (self.image, self.answer) = (image, answer)
            let heavy = survey.blocks(of: image, within: ExactInference.depth)
            let isFine = survey.doubledSpacingError(of: image) < ExactInference.tolerance
            blocks = isFine ? heavy : heavy.flatMap(\.children)
        }

        /// The same on other blocks.
        func on(_ blocks: [PlaneBlock]) -> Search {
            var search = self
            search.blocks = blocks
            return search
        }
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
                case .finer(let blocks)?: next.append(search.on(blocks))
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
                    PosteriorBlocks(blocks: search.blocks, values: row), answer: search.answer, constant: constant)
            }
        }
        return outcomes
    }

    /// The posterior, where its points are close enough: for the evidence, and for the best Gaussian, which is narrower
    /// than a posterior whose latents depend on each other.
    ///
    /// - Parameter answer: a Gaussian that was given for the image.
    static func judge(_ posterior: PosteriorBlocks, answer: PlaneGaussian?, constant: Double) -> Outcome {
        let isFinest = posterior.level == PlaneLattice.finestLevel
        if isFinest || posterior.doubledSpacingError < tolerance {
            let fit = posterior.bestGaussian(beside: answer)
            let isWide = min(fit.gaussian.deviation.x, fit.gaussian.deviation.y) > 0.8 * posterior.spacing
            if isFinest || isWide { return .found(ExactPosterior(posterior, fit, constant: constant)) }
        }
        return .finer(posterior.children(within: depth))
    }
}
