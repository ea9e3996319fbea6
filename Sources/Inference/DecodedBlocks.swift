import Latent
import Neural
import Platform
import VAE

/// Some blocks of the plane, decoded, in the form in which the likelihood of any image is an inner product:
/// log p(x, z) + log h² = x · o(z) − a(z) − b(x), where h is the points' spacing.
///
/// - Bernoulli: o are the logits, a = Σ softplus(o) − log p(z) − log h², b = 0.
/// - Gaussian of variance v: o are the decoder's outputs y over v, a = ½ y·y/v + ½ D log 2πv − log p(z) − log h²,
///   b = ½ x·x/v.
final class DecodedBlocks {
    /// How many blocks are decoded together: eight, or fewer of large images.
    let capacity: Int
    /// The numbers that make one image.
    let elements: Int
    /// o, `[blocks, points, elements]`.
    let outputs: UnsafeMutablePointer<Float>
    /// a, `[blocks, points]`.
    let offsets: UnsafeMutablePointer<Float>

    /// Of the images as the likelihood takes them.
    let scale: PixelScale
    private let distribution: PixelDistribution
    /// 1/v; 1 for a Bernoulli likelihood.
    private let precision: Float
    private let plan: Plan
    private let roles: [InputRole]
    private let condition: Condition
    /// The class that all points are asked for; nil for the model's own condition, which goes before.
    var label: Int? {
        didSet {
            guard label != oldValue else { return }
            let labels = Array(repeating: label.map { ClassMix($0) }, count: plan.capacity)
            plan.fill(roles, labels: labels, count: plan.capacity, condition)
        }
    }
    private let zeros: [Float]
    private let pool: WorkerPool

    /// - Throws: ``MissingPart/likelihood``.
    init(_ model: Model, pool: WorkerPool) throws(MissingPart) {
        guard let distribution = model.distribution else { throw .likelihood }
        self.distribution = distribution
        elements = model.architecture.image.count
        scale = model.pixelScale(pool: pool)
        precision = distribution.precision
        roles = model.architecture.decoderRoles
        condition = model.condition
        self.pool = pool
        capacity = max(1, min(8, (1 << 23) / (PlaneBlock.points * elements)))
        let points = capacity * PlaneBlock.points
        plan = model.objectivePlan(capacity: min(points, 256), pool: pool)
        zeros = Array(repeating: 0, count: elements)
        outputs = .allocate(capacity: points * elements)
        outputs.initialize(repeating: 0, count: points * elements)
        offsets = .allocate(capacity: points)
        offsets.initialize(repeating: 0, count: points)
    }

    deinit {
        outputs.deallocate()
        offsets.deallocate()
    }

    /// Decodes up to ``capacity`` blocks.
    func decode(_ blocks: ArraySlice<PlaneBlock>) {
        precondition(blocks.count <= capacity, "there is room for these blocks")
        let points = blocks.flatMap(DecodedBlocks.points)
        for start in stride(from: 0, to: points.count, by: plan.capacity) {
            let range = start..<min(points.count, start + plan.capacity)
            for (index, point) in points[range].enumerated() {
                plan.input()[2 * index] = Float(point.x)
                plan.input()[2 * index + 1] = Float(point.y)
            }
            plan.forward(count: range.count)
            (outputs + start * elements).update(from: plan.output(), count: range.count * elements)
        }
        let blocks = Array(blocks)
        pool.forEach(blocks.count) { [self] index, _ in
            let cell = PlaneLattice.spacing(blocks[index].level)
            for place in index * PlaneBlock.points..<(index + 1) * PlaneBlock.points {
                let output = outputs + place * elements
                // With an image of zeros, all of the reconstruction term but x · o and b is left.
                let rest = Objective.reconstruction(distribution, output, zeros, elements: elements)
                let square = Double(points[place].x * points[place].x + points[place].y * points[place].y)
                offsets[place] = Float(rest + 0.5 * square + logTwoPi - 2 * logarithm(cell))
                if precision != 1 { for element in 0..<elements { output[element] *= precision } }
            }
        }
    }

    /// b(x).
    func constant(of image: UnsafePointer<Float>) -> Double {
        switch distribution {
        case .bernoulli: 0
        case .gaussian: (0..<elements).reduce(0) { $0 + 0.5 * Double(precision * image[$1] * image[$1]) }
        }
    }

    private static func points(of block: PlaneBlock) -> [(x: Float, y: Float)] {
        let (origin, spacing) = (PlaneLattice.origin(block), PlaneLattice.spacing(block.level))
        return (0..<PlaneBlock.points).map { point in
            (
                Float(origin.x + Double(point % PlaneBlock.side) * spacing),
                Float(origin.y + Double(point / PlaneBlock.side) * spacing)
            )
        }
    }
}
