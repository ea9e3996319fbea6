import Neural
import VAE

/// The plane of a model of two latents, decoded once: where an image belongs is then one matrix–vector product.
///
/// It is decoded block by block, at spacing 1/16, so that it can be made in pieces. Memory: 284 blocks of 64 images, 57 MB
/// for 28×28 pixels.
public final class PosteriorLattice {
    /// Blocks that come as near to the origin as this: beyond it the prior has 4·10⁻⁵ of its mass.
    static let radius = 4.5
    /// The most memory that is taken, in bytes.
    private static let room = 1 << 28

    let decoded: DecodedBlocks
    let blocks: [PlaneBlock]
    private let pool: WorkerPool
    /// What ``DecodedBlocks`` makes of them, `[blocks, points, elements]` and `[blocks, points]`.
    private let outputs: UnsafeMutablePointer<Float>
    private let offsets: UnsafeMutablePointer<Float>
    private var known = 0

    /// - Parameter label: the class that a conditional model is asked for; nil for the model's own condition.
    /// - Returns: nil for models of other than two latents, of so large images that it would take too
    ///   much memory, and of an unknown likelihood.
    public init?(_ model: Model, label: Int? = nil, pool: WorkerPool) {
        let elements = model.architecture.image.count
        let blocks = PlaneLattice.blocks.filter { PosteriorLattice.distances(to: $0).least < PosteriorLattice.radius }
        let points = blocks.count * PlaneBlock.points
        let bytes = points * elements * MemoryLayout<Float>.size
        guard model.architecture.latentSize == 2, bytes <= PosteriorLattice.room,
            let decoded = try? DecodedBlocks(model, pool: pool)
        else { return nil }
        self.blocks = blocks
        self.pool = pool
        decoded.label = label
        self.decoded = decoded
        outputs = .allocate(capacity: points * elements)
        outputs.initialize(repeating: 0, count: points * elements)
        offsets = .allocate(capacity: points)
        offsets.initialize(repeating: 0, count: points)
    }

    deinit {
        outputs.deallocate()
        offsets.deallocate()
    }

    /// The numbers that make one image.
    public var elements: Int { decoded.elements }
    /// The memory that it takes, in bytes.
    public var bytes: Int { blocks.count * PlaneBlock.points * elements * MemoryLayout<Float>.size }
    public var isComplete: Bool { known == blocks.count }
    /// How much of it is decoded, 0…1.
    public var share: Double { Double(known) / Double(blocks.count) }

    /// Decodes the next 64 points.
    public func advance() {
        guard !isComplete else { return }
        decoded.decode(blocks[known...known])
        let points = PlaneBlock.points
        (outputs + known * points * elements).update(from: decoded.outputs, count: points * elements)
        (offsets + known * points).update(from: decoded.offsets, count: points)
        known += 1
    }

    /// log p(x, z) + log h² of an image at all points, but for its constant, `[blocks, points]`.
    ///
    /// - Precondition: all is decoded, and the image has ``elements`` numbers.
    func values(of image: [Float]) -> [Float] {
        precondition(isComplete && image.count == elements, "the lattice is there, and the image is one of the model's")
        let count = blocks.count * PlaneBlock.points
        return [Float](unsafeUninitializedCapacity: count) { values, initialized in
            decoded.scale.model(image).withUnsafeBufferPointer { image in
                guard let values = values.baseAddress, let image = image.baseAddress else { return }
                let share = PosteriorLattice.blocksAtOnce * PlaneBlock.points
                pool.forEach((count + share - 1) / share) { [self] item, _ in
                    let part = item * share..<min(count, (item + 1) * share)
                    innerProducts(
                        image, rows: 1, outputs + part.lowerBound * elements, columns: part.count, length: elements,
                        into: values + part.lowerBound)
                    for point in part { values[point] -= offsets[point] }
                }
            }
            initialized = count
        }
    }

    private static let blocksAtOnce = 16

    /// The distances of a block's nearest and farthest places from the origin.
    private static func distances(to block: PlaneBlock) -> (least: Double, most: Double) {
        let side = Double(PlaneBlock.side) * PlaneLattice.spacing(block.level)
        let near = [block.column, block.row].map { Double($0) * side - PlaneLattice.halfExtent }
        let least = near.map { max(0, max($0, -$0 - side)) }
        let most = near.map { max(abs($0), abs($0 + side)) }
        func length(_ sides: [Double]) -> Double { sides.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        return (length(least), length(most))
    }

    /// Whether a block of any level lies so far out that something may be missing beside it.
    static func isAtEdge(_ block: PlaneBlock) -> Bool {
        let coarse = PlaneBlock(level: 0, column: block.column >> block.level, row: block.row >> block.level)
        return distances(to: coarse).most > radius
    }
}
