import CKernels

typealias Floats = UnsafeMutablePointer<Float>
/// Where a kernel's inputs lie, one after the other.
typealias Operands = UnsafePointer<Floats>
/// Where the gradients by its inputs go; nil for an input whose gradient nobody wants.
typealias Gradients = UnsafePointer<Floats?>

/// What a layer computes for one sample, on the calling thread.
///
/// In a plan for tangents a sample's values are followed by its tangents, one a direction, each as long as the values:
/// the tangent of input i along direction d ≥ 1 is at `x[i] + d · (its count)`.
protocol SampleKernel {
    /// Floats of scratch memory.
    var scratch: Int { get }
    /// Whether y is a linear function of x, without an offset: tangents then go the way that values go.
    var isLinear: Bool { get }
    /// Multiplications with an addition each.
    var products: Int { get }
    /// Into how many parts ``forward(_:_:part:of:_:)`` is worth cutting: two threads share one sample by them.
    var parts: Int { get }
    /// Computes y from x.
    func forward(_ x: Operands, _ y: Floats, _ aid: KernelAid)
    /// Computes a part of y, the same numbers as without parts. Asked only of a kernel of several ``parts``.
    func forward(_ x: Operands, _ y: Floats, part: Int, of parts: Int, _ aid: KernelAid)
    /// Computes the tangents of y from those of x, after ``forward(_:_:_:)``. Not asked of a linear kernel.
    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid)
    /// Overwrites the gradients by the inputs, and adds to those by the parameters; may overwrite dy.
    func backward(_ x: Operands, _ y: Floats, _ dy: Floats, _ dx: Gradients, _ aid: KernelAid)
}

extension SampleKernel {
    var scratch: Int { 0 }
    var isLinear: Bool { false }
    var products: Int { 0 }
    var parts: Int { 1 }
    func forward(_ x: Operands, _ y: Floats, part: Int, of parts: Int, _ aid: KernelAid) { forward(x, y, aid) }
    func tangent(_ x: Operands, _ y: Floats, directions: Int, _ aid: KernelAid) {
        preconditionFailure("a linear kernel's tangents go the way that its values go")
    }
}

/// What a kernel works with beside its operands.
struct KernelAid {
    /// Where its parameters lie, in the order in which the layer declares them.
    let parameters: UnsafePointer<Floats>
    /// Where their gradients are gathered.
    let gradients: UnsafePointer<Floats>
    let scratch: Floats
}

/// How a value's elements lie: in the order of its shape, or with an image's channels innermost.
struct StoredShape: Hashable {
    /// The extents as they lie, outermost first.
    let extents: [Int]
    /// For each axis of the shape its place among ``extents``.
    let places: [Int]

    init(_ shape: Shape, isInnermost: Bool) {
        if isInnermost, let image = shape.image {
            extents = [image.height, image.width, image.channels]
            places = [2, 0, 1]
        } else {
            extents = shape.extents
            places = Array(shape.extents.indices)
        }
    }

    var count: Int { extents.reduce(1, *) }

    /// How many elements lie around an axis of the shape, along it, and within one of its steps.
    func around(axis: Int) -> (outer: Int, length: Int, inner: Int) {
        let place = places[axis]
        return (
            extents[..<place].reduce(1, *), extents[place], extents[(place + 1)...].reduce(1, *)
        )
    }
}

/// A layer whose execution is a kernel of its own: it needs nothing of ``Lowering``.
protocol KernelLayer: ExecutableLayer {
    /// In which order it wants its inputs.
    var orderRule: OrderRule { get }
    /// - Parameters:
    ///   - inputs: how what it reads lies; all in the same order where their shapes are images.
    ///   - output: how its result is to lie.
    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel
    /// How a parameter is to lie.
    func layout(of parameter: ParameterDeclaration, _ input: Shape, _ order: FeatureOrder) -> ParameterLayout
}

enum OrderRule {
    /// Whichever its inputs have; its result has the same where it is of the same rank.
    case any
    /// That of the shape.
    case plain
    /// Images with their channels innermost.
    case image
    /// Whichever its inputs have, where those are images; its result has it too where it is one.
    case inputs
}

extension KernelLayer {
    var orderRule: OrderRule { .any }
    var readsImages: Bool { orderRule == .image }

    func layout(of parameter: ParameterDeclaration, _ input: Shape, _ order: FeatureOrder) -> ParameterLayout {
        .plain(parameter, isSharded: true)
    }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let orders = lowering.commonOrders(node, orderRule)
        let sources = node.inputs.indices.map { lowering.read(node.inputs[$0], as: orders.inputs[$0]) }
        let kernel = kernel(
            for: node.inputShapes.map { StoredShape($0, isInnermost: orders.isInnermost) },
            output: StoredShape(node.outputShape, isInnermost: orders.isInnermost))
        let target = lowering.make(node.output, orders.output, staysInTile: true)
        let shape = node.inputShapes.first ?? node.outputShape
        lowering.append(
            SampleStage(
                kernel, name: name, inputs: sources, output: target,
                layouts: node.parameters.map { layout(of: $0, shape, orders.inputs.first ?? .plain) }))
    }
}
