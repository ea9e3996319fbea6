import Neural

/// The exact posterior of one image, found in pieces: first on the whole plane at spacing 1/16, then on finer points where
/// its mass is, as ``ExactInference`` does for many images at once.
public struct PosteriorSearch {
    private let lattice: PosteriorLattice
    private let image: [Float]
    /// What the values leave out, in nats.
    private let constant: Double
    private var answer: PlaneGaussian?
    /// What is known so far.
    public private(set) var map: PosteriorMap
    /// What comes of it; nil: it is still looked for, or there is none since a value is no number.
    public private(set) var posterior: ExactPosterior?
    public var isFinished: Bool { posterior != nil || blocks.isEmpty }
    /// Blocks of one level that are looked at next, and the values of the first of them.
    private var blocks: [PlaneBlock] = []
    private var values: [Float] = []

    /// Looks at the whole plane.
    ///
    /// - Parameters:
    ///   - image: `[channels, height, width]`, as the model's likelihood takes it.
    ///   - answer: a Gaussian given for it, an encoder's; the best one is looked for from there too.
    /// - Precondition: the lattice is complete, and the image has its number of elements.
    public init(_ image: [Float], in lattice: PosteriorLattice, answer: PlaneGaussian? = nil) {
        self.lattice = lattice
        self.answer = answer
        self.image = image
        let (decoded, all) = (lattice.decoded, lattice.blocks)
        constant = image.withUnsafeBufferPointer { $0.baseAddress.map { decoded.constant(of: $0) } ?? 0 }
        map = PosteriorMap()
        let values = lattice.values(of: image)
        values.withUnsafeBufferPointer { buffer in
            let found = PosteriorBlocks(blocks: all, values: buffer)
            map.take(found)
            let heavy = all.indices.filter { found.masses[$0] > found.evidence - ExactInference.depth }
            if found.doubledSpacingError < ExactInference.tolerance {
                blocks = heavy.map { all[$0] }
                self.values = heavy.flatMap { buffer[$0 * PlaneBlock.points..<($0 + 1) * PlaneBlock.points] }
            } else {
                blocks = heavy.flatMap { all[$0].children }
            }
        }
    }

    /// Asks for the best Gaussian beside another answer: what is decoded serves for that too, so the search has little to do.
    public mutating func ask(beside answer: PlaneGaussian?) {
        self.answer = answer
        posterior = nil
    }

    /// The distance of neighboring points of those that it ended on.
    public var spacing: Double { PlaneLattice.spacing(blocks.first?.level ?? 0) }

    /// Calls `body` with each of the points that it ended on, and the log of the mass around it; of none before the end.
    public func forEachPoint(_ body: (_ place: SIMD2<Double>, _ logMass: Double) -> Void) {
        guard posterior != nil else { return }
        values.withUnsafeBufferPointer { buffer in
            let found = PosteriorBlocks(blocks: blocks, values: buffer)
            found.forEachPoint { body(SIMD2($0, $1), Double($2) - found.evidence) }
        }
    }

    /// Decodes 64 points more, or judges whether those that there are suffice.
    public mutating func advance() {
        guard !isFinished else { return }
        let known = values.count / PlaneBlock.points
        guard known == blocks.count else { return decode(blocks[known]) }
        let (outcome, isAtEdge) = values.withUnsafeBufferPointer { buffer in
            let found = PosteriorBlocks(blocks: blocks, values: buffer)
            map.take(found)
            let isAtEdge = zip(found.blocks, found.masses).contains {
                PosteriorLattice.isAtEdge($0.0) && $0.1 > found.evidence - PosteriorBlocks.edgeDepth
            }
            return (ExactInference.judge(found, answer: answer, constant: constant), isAtEdge)
        }
        switch outcome {
        case .found(var found):
            found.reachesEdge = isAtEdge
            posterior = found
        case .finer(let finer):
            blocks = finer
            values = []
        }
    }

    private mutating func decode(_ block: PlaneBlock) {
        let decoded = lattice.decoded
        decoded.decode([block])
        var products = [Float](repeating: 0, count: PlaneBlock.points)
        image.withUnsafeBufferPointer { image in
            products.withUnsafeMutableBufferPointer { products in
                guard let image = image.baseAddress, let products = products.baseAddress else { return }
                innerProducts(
                    image, rows: 1, decoded.outputs, columns: PlaneBlock.points, length: decoded.elements,
                    into: products)
            }
        }
        for point in 0..<PlaneBlock.points { products[point] -= decoded.offsets[point] }
        values += products
    }
}
