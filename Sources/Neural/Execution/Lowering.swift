import CKernels

/// Compiles a network into stages: lets each layer append its own, decides where values lie, and in which order.
///
/// What is fused stands in `Lowering+Fusion.swift`, orders in `Lowering+Order.swift`.
struct Lowering {
    let network: Network
    let purpose: Plan.Purpose
    private let batch: Int
    private let tile: Int
    private let workers: Int
    /// The nodes that read each value, and −1 for each time that it is an output.
    let readers: [[Int]]
    let areWantedAsImages: [Bool]
    private var buffers: [ValueBuffer?]
    var orders: [FeatureOrder]
    /// For a value with several readers, the views that are still to be handed out.
    private var views: [Int: [ValueBuffer]] = [:]
    private(set) var steps: [Step] = []
    /// Nodes that became part of another's stage.
    var consumed: Set<Int> = []

    /// Stages that run one after the other.
    enum Step {
        case imagewise([any ImagewiseStage])
        case batchwise(any BatchwiseStage)
    }

    /// - Parameters:
    ///   - batch: the batch's capacity.
    ///   - tile: how many images a thread takes through a chain at a time.
    init(_ network: Network, purpose: Plan.Purpose, batch: Int, tile: Int, workers: Int) {
        self.network = network
        self.purpose = purpose
        self.batch = batch
        self.tile = tile
        self.workers = workers
        var readers = [[Int]](repeating: [], count: network.shapes.count)
        for (index, node) in network.nodes.enumerated() {
            for value in node.inputs { readers[value].append(index) }
        }
        for value in network.outputs { readers[value].append(-1) }
        self.readers = readers
        areWantedAsImages = Lowering.wantedImages(network)
        buffers = Array(repeating: nil, count: network.shapes.count)
        orders = Array(repeating: .plain, count: network.shapes.count)
        lower()
    }

    /// The buffers of the network's inputs; images are stored with their channels innermost.
    var inputBuffers: [ValueBuffer] { network.inputs.indices.compactMap { buffers[$0] } }
    /// The buffers of its outputs, in PyTorch's order.
    private(set) var outputBuffers: [ValueBuffer] = []

    var isTraining: Bool { if case .training = purpose { true } else { false } }
    var hasTangents: Bool { purpose == .tangents }
    var trainingBatch: Int? { isTraining ? batch : nil }

    private mutating func lower() {
        for value in network.inputs.indices {
            buffers[value] = ValueBuffer(
                count: network.shapes[value].count, extent: .batch(batch),
                gradient: purpose == .training(inputGradient: true) ? .batch(batch) : nil)
            orders[value] = .innermost(network.shapes[value])
        }
        for (index, node) in network.nodes.enumerated() where !consumed.contains(index) {
            node.operation.executable.lower(LoweredNode(index, of: network), into: &self)
        }
        outputBuffers = network.outputs.map { read($0, as: .plain) }
    }

    // MARK: Values

    func value(of node: Int) -> Int { network.inputs.count + node }

    /// The only reader of a value, if it has just one and is no output: what can be fused with its maker.
    func soleReader(of value: Int) -> Int? {
        readers[value].count == 1 && readers[value][0] >= 0 ? readers[value][0] : nil
    }

    func order(of value: Int) -> FeatureOrder { orders[value] }

    /// The buffer from which a node reads a value: a view of its own where several read it and gradients are wanted.
    mutating func read(_ value: Int) -> ValueBuffer {
        guard let buffer = buffers[value] else { preconditionFailure("values are made before they are read") }
        guard isTraining, readers[value].count > 1, buffer.hasGradient else { return buffer }
        if views[value] == nil {
            let forks = readers[value].map { _ in ValueBuffer(forking: buffer, batch: batch) }
            views[value] = forks
            append(ForkStage(buffer, readers: forks))
        }
        return views[value]?.popLast() ?? buffer
    }

    /// The same, in a given order.
    mutating func read(_ value: Int, as wanted: FeatureOrder) -> ValueBuffer {
        let (source, order) = (read(value), orders[value])
        guard order != wanted else { return source }
        let target = ValueBuffer(
            count: source.count, extent: .batch(batch), gradient: isTraining && source.hasGradient ? .batch(batch) : nil
        )
        append(
            IndexMapStage(
                sources: FeatureOrder.places(from: order, to: wanted, count: source.count), input: source,
                output: target))
        return target
    }

    /// An image with its channels innermost.
    mutating func readImage(_ value: Int) -> ValueBuffer { read(value, as: .innermost(network.shapes[value])) }

    /// Makes the buffer of a new value. A value that only the next image-wise stage reads lies in a tile in a plan for
    /// inference, and so does its gradient in one for training; everything else lies there for the whole batch.
    mutating func make(_ value: Int, _ order: FeatureOrder, staysInTile: Bool) -> ValueBuffer {
        let isLocal = staysInTile && !hasTangents && isReadNextByImagewiseStage(value)
        let near = isLocal ? ValueBuffer.Extent.tile(tile, workers: workers) : .batch(batch)
        let buffer = ValueBuffer(
            count: network.shapes[value].count, extent: isTraining ? .batch(batch) : near,
            gradient: isTraining ? near : nil)
        buffers[value] = buffer
        orders[value] = order
        return buffer
    }

    mutating func makeImage(_ value: Int) -> ValueBuffer {
        make(value, .innermost(network.shapes[value]), staysInTile: true)
    }

    /// A buffer between two stages of one node, of which no other reads.
    func makeBetween(count: Int, hasGradient: Bool) -> ValueBuffer {
        let near = hasTangents ? ValueBuffer.Extent.batch(batch) : .tile(tile, workers: workers)
        return ValueBuffer(
            count: count, extent: isTraining ? .batch(batch) : near, gradient: hasGradient ? near : nil)
    }

    private func isReadNextByImagewiseStage(_ value: Int) -> Bool {
        guard let reader = soleReader(of: value) else { return false }
        let next = network.nodes.indices.dropFirst(value - network.inputs.count + 1).first { !consumed.contains($0) }
        return next == reader && network.nodes[reader].operation.executable.keepsTiles
    }

    /// A node's value lies where its input does, under another shape.
    mutating func alias(_ node: LoweredNode) {
        let input = node.inputs[0]
        // A vector keeps the order of the image that it was, and an image may be made of a vector in any order.
        if node.outputShape.extents.count == 1 || orders[input] == .plain || node.outputShape == node.inputShapes[0]
            || orders[input] == .innermost(node.outputShape)
        {
            let order = orders[input]
            buffers[node.output] = read(input)
            orders[node.output] = order
        } else {
            buffers[node.output] = read(input, as: .plain)
            orders[node.output] = .plain
        }
    }

    // MARK: Stages

    mutating func append(_ stage: any ImagewiseStage) {
        guard case .imagewise(var chain) = steps.last else {
            steps.append(.imagewise([stage]))
            return
        }
        // The chain must be this variable's alone, or appending would copy all of it.
        steps.removeLast()
        chain.append(stage)
        steps.append(.imagewise(chain))
    }

    /// Takes a stage for inference, and notes whether it writes its image in PyTorch's order.
    mutating func append(_ choice: InferenceConvolution, making value: Int) {
        if choice.writesPlanes { orders[value] = .plain }
        append(choice.stage)
    }

    /// Whether nobody reads a value but who takes it as the network's output, in PyTorch's order. In a plan for tangents an
    /// offset is still to come, whose channels lie innermost.
    func mayLiePlainly(_ value: Int) -> Bool { readers[value] == [-1] && !hasTangents }

    mutating func append(_ stage: any BatchwiseStage) { steps.append(.batchwise(stage)) }

    /// The extents of a value that is an image.
    func image(_ value: Int) -> (channels: Int, height: Int, width: Int) { image(network.shapes[value]) }

    func image(_ shape: Shape) -> (channels: Int, height: Int, width: Int) {
        guard let image = shape.image else {
            preconditionFailure("the network's shapes were checked when it was made")
        }
        return image
    }

    // MARK: Tangents

    /// The parameters of an affine layer for its stage, and, in a plan for tangents, the offset that goes to the values
    /// alone.
    func split(
        _ parameters: [ParameterDeclaration]
    ) -> (parameters: [ParameterDeclaration], offset: ParameterDeclaration?) {
        guard hasTangents, let offset = parameters.first(where: { $0.role == .bias }) else { return (parameters, nil) }
        return (parameters.filter { $0.role != .bias }, offset)
    }

    /// - Parameter order: in which the offset's features lie.
    mutating func addOffset(
        _ offset: ParameterDeclaration?, to values: ValueBuffer, order: FeatureOrder
    ) {
        guard let offset else { return }
        append(OffsetStage(.features(offset, order: order, isSharded: false), values: values))
    }
}

/// A node that is being lowered.
struct LoweredNode {
    /// The values that it reads, and the one that it makes.
    let inputs: [Network.Value]
    let output: Network.Value
    let inputShapes: [Shape]
    let outputShape: Shape
    /// With their full names.
    let parameters: [ParameterDeclaration]

    init(_ index: Int, of network: Network) {
        let node = network.nodes[index]
        inputs = node.inputs
        output = network.inputs.count + index
        inputShapes = node.inputs.map { network.shapes[$0] }
        outputShape = network.shapes[network.inputs.count + index]
        parameters = node.operation.parameters(named: node.name)
    }
}
