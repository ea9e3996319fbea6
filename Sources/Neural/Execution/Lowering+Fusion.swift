import CKernels

extension Lowering {
    /// The activation that follows a value and can be fused with its maker, and the value that it makes.
    ///
    /// - Parameter looksThroughShapes: whether it may follow the same elements in another shape. The value has that shape
    ///   then, and its maker has to say how it lies.
    mutating func fuseActivation(
        after value: Int, looksThroughShapes: Bool = false
    ) -> (activation: FusedActivation, value: Int) {
        let unfused = (FusedActivation.identity, value)
        guard !hasTangents, var reader = soleReader(of: value) else { return unfused }
        var passed: Set<Int> = []
        while looksThroughShapes, network.nodes[reader].operation.onlyReshapes {
            passed.insert(reader)
            guard let next = soleReader(of: self.value(of: reader)) else { return unfused }
            reader = next
        }
        guard let activation = activation(of: reader), let fused = activation.fused,
            !(isTraining && activation == .silu)
        else { return unfused }
        consumed.formUnion(passed.union([reader]))
        return (fused, self.value(of: reader))
    }

    /// The value that is left of an image when rows and columns are cut off its ends, where nothing else reads it: whoever
    /// makes the image need not make those. For inference.
    mutating func fuseCrop(after value: Int) -> Int {
        var value = value
        while !isTraining, !hasTangents, network.shapes[value].image != nil, let reader = soleReader(of: value),
            network.nodes[reader].operation.cutsImagesEnds
        {
            consumed.insert(reader)
            value = self.value(of: reader)
        }
        return value
    }

    private func activation(of node: Int) -> Activation? { network.nodes[node].operation.as(Activation.self) }

    /// Pooling and activation after a convolution, in either order where the activation is increasing.
    mutating func fuseHead(after value: Int) -> (pool: lw_window?, activation: FusedActivation, value: Int) {
        guard !hasTangents else { return (nil, .identity, value) }
        if let pooled = poolReader(of: value) {
            consumed.insert(pooled.node)
            let next = fuseActivation(after: self.value(of: pooled.node))
            return (pooled.window, next.activation, next.value)
        }
        if let reader = soleReader(of: value), let activation = activation(of: reader), activation.isIncreasing,
            let fused = activation.fused, let pooled = poolReader(of: self.value(of: reader))
        {
            consumed.formUnion([reader, pooled.node])
            return (pooled.window, fused, self.value(of: pooled.node))
        }
        let next = fuseActivation(after: value)
        return (nil, next.activation, next.value)
    }

    private func poolReader(of value: Int) -> (node: Int, window: lw_window)? {
        guard let reader = soleReader(of: value), let layer = network.nodes[reader].operation.as(MaxPooling.self),
            layer.isPlain
        else { return nil }
        return (reader, layer.window(LoweredNode(reader, of: network), in: self))
    }

    /// Nearest-neighbor up-sampling by whole factors, with the convolution after it where that pays.
    mutating func appendUpsampling(_ node: LoweredNode, factor: Extent) {
        let small = image(node.inputs[0])
        guard let reader = soleReader(of: node.output),
            let layer = network.nodes[reader].operation.as(Convolution.self)?.plain,
            UpsampledConvolutionStage.suits(layer, after: factor)
        else {
            let source = readImage(node.inputs[0])
            append(UpsamplingStage(image: small, factor: factor, input: source, output: makeImage(node.output)))
            return
        }
        consumed.insert(reader)
        let convolution = LoweredNode(reader, of: network)
        let split = split(convolution.parameters)
        let fused = fuseActivation(after: convolution.output)
        let source = readImage(node.inputs[0])
        let target = makeImage(fused.value)
        let head = PooledHead(
            channels: layer.outputs, activation: fused.activation, pool: nil, output: target,
            trainingBatch: trainingBatch)
        append(UpsampledConvolutionStage(split.parameters, image: small, head: head, input: source))
        addOffset(split.offset, to: target, order: .plain)
    }

    /// A stage that interpolates, or takes means over windows, along each side.
    mutating func appendSeparable(_ node: LoweredNode, _ layer: some SeparableLayer) {
        let image = image(node.inputs[0])
        let taps = layer.taps(of: node.inputShapes[0], to: node.outputShape)
        let source = readImage(node.inputs[0])
        append(
            SeparableStage(
                image: image, rows: taps.rows, columns: taps.columns, input: source, output: makeImage(node.output)))
    }

    /// A stage that takes the maximum over windows of any sizes.
    mutating func appendMaximum(_ node: LoweredNode, rows: [[Int]], columns: [[Int]]) {
        let image = image(node.inputs[0])
        let source = readImage(node.inputs[0])
        append(
            SampleStage(
                WindowMaximum(image: image, rows: rows, columns: columns), name: "maximum over windows",
                inputs: [source], output: makeImage(node.output)))
    }
}
