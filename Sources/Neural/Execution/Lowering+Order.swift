extension Lowering {
    /// The order that the readers of a linear layer's result would like: an image's, where it is or becomes one.
    func wantedOrder(of value: Int) -> FeatureOrder {
        var value = value
        while true {
            let own = network.shapes[value]
            guard own.extents.count == 1 else { return wantsImage(value) ? .innermost(own) : .plain }
            guard let reader = soleReader(of: value) else { return .plain }
            let (layer, result) = (network.nodes[reader].operation.executable, self.value(of: reader))
            // What is repeated along the result's features has fewer.
            guard layer is any ReshapingLayer || (layer.isElementwise && own == network.shapes[result]) else {
                return .plain
            }
            value = result
        }
    }

    /// Whether somebody down the line reads a value as an image with its channels innermost.
    func wantsImage(_ value: Int) -> Bool { areWantedAsImages[value] }

    /// The answers of ``wantsImage(_:)`` for all values, from the network's end to its beginning.
    static func wantedImages(_ network: Network) -> [Bool] {
        var wanted = Array(repeating: false, count: network.shapes.count)
        for (index, node) in network.nodes.enumerated().reversed() {
            let layer = node.operation.executable
            guard layer.readsImages || (layer.isElementwise && wanted[network.inputs.count + index]) else { continue }
            for value in node.inputs { wanted[value] = true }
        }
        return wanted
    }

    /// The orders in which a kernel's inputs are to be read, and in which its result will lie.
    func commonOrders(_ node: LoweredNode, _ rule: OrderRule) -> KernelOrders {
        func all(_ order: (Shape) -> FeatureOrder, innermost: Bool) -> KernelOrders {
            KernelOrders(
                inputs: node.inputShapes.map(order), output: order(node.outputShape), isInnermost: innermost)
        }
        let plain = all({ _ in .plain }, innermost: false)
        let innermost = all(FeatureOrder.innermost, innermost: true)
        switch rule {
        case .plain: return plain
        case .image: return innermost
        case .inputs:
            let areImages = node.inputShapes.allSatisfy { $0.image != nil }
            return areImages && node.inputs.contains { orders[$0] != .plain } ? innermost : plain
        case .any:
            let isOneShape = node.inputShapes.allSatisfy { $0 == node.outputShape }
            if isOneShape, let first = node.inputs.first, node.inputs.allSatisfy({ orders[$0] == orders[first] }) {
                return all({ _ in orders[first] }, innermost: orders[first] != .plain)
            }
            let areImages = (node.inputShapes + [node.outputShape]).allSatisfy { $0.image != nil }
            return areImages && node.inputs.contains { orders[$0] != .plain } ? innermost : plain
        }
    }

    /// A stage whose outputs are inputs, by their numbers in the orders of their shapes.
    mutating func appendIndexMap(_ node: LoweredNode, sources: [Int32], fill: Float) {
        let from = orders[node.inputs[0]]
        let to =
            node.outputShape.image != nil && wantsImage(node.output)
            ? FeatureOrder.innermost(node.outputShape) : .plain
        let source = read(node.inputs[0])
        let target = make(node.output, to, staysInTile: true)
        // Where each element of the input, numbered by its shape, lies.
        let places = FeatureOrder.places(from: from, to: .plain, count: source.count)
        let wanted = to.places(target.count)
        let stored = (0..<target.count).map { index in
            let place = sources[wanted.map { Int($0[index]) } ?? index]
            return place < 0 ? -1 : places[Int(place)]
        }
        append(IndexMapStage(sources: stored, fill: fill, input: source, output: target))
    }

    /// An image with what a convolution has around it that its stages can't add themselves. Channels lie innermost.
    mutating func readPadded(_ value: Int, for layer: Convolution) -> (values: ValueBuffer, shape: Shape) {
        let image = image(value)
        let (vertical, horizontal) = layer.sides
        guard
            let shape = try? Shape([
                image.channels, image.height + vertical.padding, image.width + horizontal.padding,
            ])
        else { preconditionFailure("the layer's windows were counted on the padded image") }
        func places(_ side: Convolution.Side, _ size: Int, stride: Int) -> [Int] {
            (0..<size + side.padding).map { place in
                let source = layer.paddingMode.padding.source(place - side.before, size)
                return source < 0 ? -1 : source * stride
            }
        }
        let sources = gatheredIndices([
            places(vertical, image.height, stride: image.width * image.channels),
            places(horizontal, image.width, stride: image.channels), Array(0..<image.channels),
        ])
        let source = readImage(value)
        let target = makeBetween(count: shape.count, hasGradient: source.hasGradient)
        append(IndexMapStage(sources: sources, input: source, output: target))
        return (target, shape)
    }
}

/// How a kernel's inputs and its result lie.
struct KernelOrders {
    let inputs: [FeatureOrder]
    let output: FeatureOrder
    /// Whether all that are images have their channels innermost.
    let isInnermost: Bool
}

extension FeatureOrder {
    /// For each element of a value in one order its place in another.
    static func places(from: FeatureOrder, to: FeatureOrder, count: Int) -> [Int32] {
        let here = from.places(count) ?? Array(0..<Int32(count))
        let there = to.places(count) ?? Array(0..<Int32(count))
        // Where each of PyTorch's features lies in the source.
        var place = [Int32](repeating: 0, count: count)
        for (index, feature) in here.enumerated() { place[Int(feature)] = Int32(index) }
        return there.map { place[Int($0)] }
    }
}
