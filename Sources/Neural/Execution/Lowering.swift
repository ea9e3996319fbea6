import CKernels

/// Compiles a network into stages: fuses what pays, decides where values lie, and in which order features are stored.
struct Lowering {
    private let network: Network
    private let purpose: Plan.Purpose
    private let batch: Int
    private let tile: Int
    private let workers: Int
    private let readers: [[Int]]
    private var buffers: [ValueBuffer?]
    private var orders: [FeatureOrder]
    /// For a value with several readers, the views that are still to be handed out.
    private var views: [Int: [ValueBuffer]] = [:]
    private(set) var steps: [Step] = []
    private var consumed: Set<Int> = []
    /// Images that already lie in PyTorch's order.
    private var planar: Set<Int> = []

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
        self.readers = readers
        buffers = Array(repeating: nil, count: network.shapes.count)
        orders = Array(repeating: .plain, count: network.shapes.count)
        lower()
    }

    /// The buffers of the network's inputs and outputs; images are stored with their channels innermost.
    var inputBuffers: [ValueBuffer] { network.inputs.indices.compactMap { buffers[$0] } }
    var outputBuffers: [ValueBuffer] { network.outputs.compactMap { buffers[$0] } }

    var isTraining: Bool { purpose != .inference }
    private var trainingBatch: Int? { isTraining ? batch : nil }

    private mutating func lower() {
        for value in network.inputs.indices {
            buffers[value] = ValueBuffer(
                count: network.shapes[value].count, extent: .batch(batch),
                gradient: purpose == .training(inputGradient: true) ? .batch(batch) : nil)
        }
        for index in network.nodes.indices where !consumed.contains(index) { lowerNode(index) }
        for output in network.outputs { orderPlainly(output) }
    }

    // MARK: Values

    private func value(of node: Int) -> Int { network.inputs.count + node }

    /// The only reader of a value, if it has just one and is no output: what can be fused with its maker.
    private func soleReader(of value: Int) -> Int? {
        readers[value].count == 1 && !network.outputs.contains(value) ? readers[value][0] : nil
    }

    /// The buffer from which a node reads a value: a view of its own where several read it and gradients are wanted.
    private mutating func read(_ value: Int) -> ValueBuffer {
        guard let buffer = buffers[value] else { preconditionFailure("values are made before they are read") }
        guard isTraining, readers[value].count > 1, buffer.hasGradient else { return buffer }
        if views[value] == nil {
            let forks = readers[value].map { _ in ValueBuffer(forking: buffer, batch: batch) }
            views[value] = forks
            append(ForkStage(buffer, readers: forks))
        }
        return views[value]?.popLast() ?? buffer
    }

    /// Makes the buffer of a new value. A value that only the next image-wise stage reads lies in a tile in a plan for
    /// inference, and so does its gradient in one for training; everything else lies there for the whole batch.
    private mutating func make(_ value: Int, staysInTile: Bool) -> ValueBuffer {
        let isLocal = staysInTile && isReadNextByImagewiseStage(value)
        let near = isLocal ? ValueBuffer.Extent.tile(tile, workers: workers) : .batch(batch)
        let buffer = ValueBuffer(
            count: network.shapes[value].count, extent: isTraining ? .batch(batch) : near,
            gradient: isTraining ? near : nil)
        buffers[value] = buffer
        return buffer
    }

    private func isReadNextByImagewiseStage(_ value: Int) -> Bool {
        guard let reader = soleReader(of: value) else { return false }
        let next = network.nodes.indices.first { self.value(of: $0) > value && !consumed.contains($0) }
        guard next == reader else { return false }
        switch network.nodes[reader].operation {
        case .linear, .batchNormalization, .flatten, .unflatten: return false
        default: return true
        }
    }

    private mutating func append(_ stage: any ImagewiseStage) {
        if case .imagewise(let chain) = steps.last {
            steps[steps.count - 1] = .imagewise(chain + [stage])
        } else {
            steps.append(.imagewise([stage]))
        }
    }

    // MARK: Fusion

    /// The activation that follows a value and can be fused with its maker, and the value that it makes.
    private mutating func fuseActivation(after value: Int) -> (activation: FusedActivation, value: Int) {
        guard let reader = soleReader(of: value), case .activation(let activation) = network.nodes[reader].operation,
            !(isTraining && activation == .silu)
        else { return (.identity, value) }
        consumed.insert(reader)
        return (FusedActivation(activation), self.value(of: reader))
    }

    /// Pooling and activation after a convolution, in either order where the activation is increasing.
    private mutating func fuseHead(after value: Int) -> (pool: lw_window?, activation: FusedActivation, value: Int) {
        if let pooled = poolReader(of: value) {
            consumed.insert(pooled.node)
            let next = fuseActivation(after: self.value(of: pooled.node))
            return (pooled.window, next.activation, next.value)
        }
        if let reader = soleReader(of: value), case .activation(let activation) = network.nodes[reader].operation,
            activation.isIncreasing, let pooled = poolReader(of: self.value(of: reader))
        {
            consumed.formUnion([reader, pooled.node])
            return (pooled.window, FusedActivation(activation), self.value(of: pooled.node))
        }
        let next = fuseActivation(after: value)
        return (nil, next.activation, next.value)
    }

    private func poolReader(of value: Int) -> (node: Int, window: lw_window)? {
        guard let reader = soleReader(of: value), case .maxPooling(let pooling) = network.nodes[reader].operation,
            pooling.kernel.height * pooling.kernel.width <= 256
        else { return nil }
        return (reader, window(pooling, from: value, to: self.value(of: reader)))
    }

    private func window(_ pooling: Pooling, from input: Int, to output: Int) -> lw_window {
        let result = image(output)
        return lw_window(
            image: image(input), kernel: pooling.kernel, stride: pooling.stride, padding: pooling.padding,
            rows: result.height, columns: result.width)
    }

    private func image(_ value: Int) -> (channels: Int, height: Int, width: Int) {
        guard let image = network.shapes[value].image else {
            preconditionFailure("the network's shapes were checked when it was made")
        }
        return image
    }

    // MARK: Nodes

    private mutating func lowerNode(_ index: Int) {
        let node = network.nodes[index]
        let (input, output) = (node.inputs[0], value(of: index))
        let parameters = node.operation.parameters(named: node.name)
        switch node.operation {
        case .linear:
            lowerLinear(parameters, input, output)
        case .convolution(let layer):
            lowerConvolution(parameters, layer, input, output)
        case .transposedConvolution(let layer):
            lowerTransposed(parameters, layer, input, output)
        case .maxPooling(let pooling):
            let window = window(pooling, from: input, to: output)
            let source = read(input)
            append(
                MaxPoolingStage(
                    window: window, input: source, output: make(output, staysInTile: true), trainingBatch: trainingBatch
                ))
        case .averagePooling(let pooling):
            let window = window(pooling, from: input, to: output)
            let source = read(input)
            append(AveragePoolingStage(window: window, input: source, output: make(output, staysInTile: true)))
        case .upsampling(let factor):
            lowerUpsampling(factor, input, output)
        case .activation(let activation):
            orders[output] = orders[input]
            let source = read(input)
            append(ActivationStage(FusedActivation(activation), input: source, output: make(output, staysInTile: true)))
        case .softmax:
            orders[output] = orders[input]
            let source = read(input)
            append(SoftmaxStage(input: source, output: make(output, staysInTile: true)))
        case .batchNormalization(let layer):
            orders[output] = orders[input]
            let source = read(input)
            let isVector = network.shapes[input].image == nil
            steps.append(
                .batchwise(
                    BatchNormalizationStage(
                        parameters, layer: layer, order: isVector ? orders[input] : .plain,
                        usesBatchStatistics: isTraining, input: source, output: make(output, staysInTile: false))))
        case .flatten:
            if let image = network.shapes[input].image {
                orders[output] = .image(channels: image.channels, height: image.height, width: image.width)
            } else {
                orders[output] = orders[input]
            }
            buffers[output] = read(input)
        case .unflatten(let shape):
            lowerUnflatten(shape, input, output)
        }
    }

    private mutating func lowerLinear(_ parameters: [ParameterDeclaration], _ input: Int, _ output: Int) {
        let fused = fuseActivation(after: output)
        let order = wantedOrder(of: fused.value)
        orders[fused.value] = order
        let source = read(input)
        steps.append(
            .batchwise(
                LinearStage(
                    parameters, inputs: orders[input], outputs: order, activation: fused.activation, input: source,
                    output: make(fused.value, staysInTile: false))))
    }

    private mutating func lowerConvolution(
        _ parameters: [ParameterDeclaration], _ layer: Convolution, _ input: Int, _ output: Int
    ) {
        let result = image(output)
        let fused = fuseHead(after: output)
        let source = read(input)
        let target = make(fused.value, staysInTile: true)
        if !isTraining, fused.pool == nil,
            let choice = InferenceConvolution(
                parameters, layer, from: image(input), to: result, activation: fused.activation, input: source,
                output: target, isLast: readers[fused.value].isEmpty)
        {
            return append(choice, making: fused.value)
        }
        let head = PooledHead(
            channels: layer.outputs, activation: fused.activation, pool: fused.pool, output: target,
            trainingBatch: trainingBatch)
        let window = lw_window(
            image: image(input), kernel: layer.kernel, stride: layer.stride, padding: layer.padding,
            rows: result.height, columns: result.width)
        let wanted = source.hasGradient
        if ThinConvolutionStage.suits(layer) {
            append(
                ThinConvolutionStage(parameters, window: window, head: head, input: source, needsInputGradient: wanted))
        } else if WinogradConvolutionStage.suits(layer) {
            append(
                WinogradConvolutionStage(
                    parameters, window: window, head: head, input: source, needsInputGradient: wanted))
        } else {
            append(ConvolutionStage(parameters, window: window, head: head, input: source, needsInputGradient: wanted))
        }
    }

    private mutating func lowerTransposed(
        _ parameters: [ParameterDeclaration], _ layer: TransposedConvolution, _ input: Int, _ output: Int
    ) {
        let (from, to) = (image(input), image(output))
        let fused = fuseActivation(after: output)
        let source = read(input)
        let target = make(fused.value, staysInTile: true)
        guard isTraining else {
            return append(
                InferenceConvolution(
                    parameters, layer, from: from, to: to, activation: fused.activation, input: source, output: target,
                    isLast: readers[fused.value].isEmpty), making: fused.value)
        }
        let window = lw_window(
            image: to, kernel: layer.kernel, stride: layer.stride, padding: layer.padding, rows: from.height,
            columns: from.width)
        append(
            TransposedConvolutionStage(
                parameters, window: window, inputs: layer.inputs, activation: fused.activation, input: source,
                output: target))
    }

    private mutating func append(_ choice: InferenceConvolution, making value: Int) {
        if choice.writesPlanes { planar.insert(value) }
        append(choice.stage)
    }

    private mutating func lowerUpsampling(_ factor: Extent, _ input: Int, _ output: Int) {
        let small = image(input)
        guard let reader = soleReader(of: output), case .convolution(let layer) = network.nodes[reader].operation,
            UpsampledConvolutionStage.suits(layer, after: factor)
        else {
            let source = read(input)
            append(
                UpsamplingStage(image: small, factor: factor, input: source, output: make(output, staysInTile: true)))
            return
        }
        consumed.insert(reader)
        let node = network.nodes[reader]
        let fused = fuseActivation(after: value(of: reader))
        let source = read(input)
        let head = PooledHead(
            channels: layer.outputs, activation: fused.activation, pool: nil,
            output: make(fused.value, staysInTile: true), trainingBatch: trainingBatch)
        append(
            UpsampledConvolutionStage(
                node.operation.parameters(named: node.name), image: small, head: head, input: source))
    }

    // MARK: The order of features

    /// The order that the readers of a vector would like: an image's, where it is unflattened into one.
    private func wantedOrder(of value: Int) -> FeatureOrder {
        guard let reader = soleReader(of: value) else { return .plain }
        switch network.nodes[reader].operation {
        case .unflatten(let shape):
            guard let image = shape.image else { return .plain }
            return .image(channels: image.channels, height: image.height, width: image.width)
        case .activation, .softmax: return wantedOrder(of: self.value(of: reader))
        default: return .plain
        }
    }

    private mutating func lowerUnflatten(_ shape: Shape, _ input: Int, _ output: Int) {
        let source = read(input)
        let wanted = shape.image.map { FeatureOrder.image(channels: $0.channels, height: $0.height, width: $0.width) }
        guard let wanted, orders[input] != wanted else {
            buffers[output] = source
            return
        }
        reorder(source, from: orders[input], to: wanted, into: output)
    }

    /// A network's output is in PyTorch's order.
    private mutating func orderPlainly(_ value: Int) {
        guard let source = buffers[value], !planar.contains(value) else { return }
        var order = orders[value]
        if let image = network.shapes[value].image {
            order = .image(channels: image.channels, height: image.height, width: image.width)
        }
        if order.places(source.count) != nil { reorder(source, from: order, to: .plain, into: value) }
    }

    private mutating func reorder(_ source: ValueBuffer, from: FeatureOrder, to: FeatureOrder, into value: Int) {
        append(ReorderingStage(from: from, to: to, input: source, output: make(value, staysInTile: true)))
    }
}
