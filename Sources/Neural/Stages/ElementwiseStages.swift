import CKernels

/// An activation by itself: SiLU in training, whose derivative needs its input, or one after a layer that can't fuse it.
final class ActivationStage: ImagewiseStage {
    private let activation: FusedActivation
    private let input: ValueBuffer
    private let output: ValueBuffer

    init(_ activation: FusedActivation, input: ValueBuffer, output: ValueBuffer) {
        self.activation = activation
        self.input = input
        self.output = output
    }

    func forward(_ tile: Tile) {
        lw_activate(
            input.values(tile), output.values(tile), tile.images.count * input.count, activation.function,
            activation.slope)
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile) else { return }
        lw_activate_backward_from_input(
            gradient, input.values(tile), target, tile.images.count * input.count, activation.function,
            activation.slope)
    }
}

/// Puts features into another order: between a flattened image and an operation that wants PyTorch's order.
final class ReorderingStage: ImagewiseStage {
    /// For each output feature the input feature it is.
    private let sources: [Int32]
    private let input: ValueBuffer
    private let output: ValueBuffer

    init(from: FeatureOrder, to: FeatureOrder, input: ValueBuffer, output: ValueBuffer) {
        let count = input.count
        let here = from.places(count) ?? Array(0..<Int32(count))
        let there = to.places(count) ?? Array(0..<Int32(count))
        // Where each of PyTorch's features lies in the input.
        var place = [Int32](repeating: 0, count: count)
        for (index, feature) in here.enumerated() { place[Int(feature)] = Int32(index) }
        sources = there.map { place[Int($0)] }
        self.input = input
        self.output = output
    }

    func forward(_ tile: Tile) {
        for image in 0..<tile.images.count {
            let (from, to) = (input.values(tile) + image * input.count, output.values(tile) + image * output.count)
            for (index, source) in sources.enumerated() { to[index] = from[Int(source)] }
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile) else { return }
        for image in 0..<tile.images.count {
            let (from, to) = (gradient + image * output.count, target + image * input.count)
            for (index, source) in sources.enumerated() { to[Int(source)] = from[index] }
        }
    }
}

/// A value that several nodes read: each reader has its own gradient, and backward adds them up.
final class ForkStage: ImagewiseStage {
    private let source: ValueBuffer
    private let readers: [ValueBuffer]

    init(_ source: ValueBuffer, readers: [ValueBuffer]) {
        self.source = source
        self.readers = readers
    }

    func forward(_ tile: Tile) {}

    func backward(_ tile: Tile, shard: Int) {
        guard let target = source.gradient(tile) else { return }
        let count = tile.images.count * source.count
        target.update(repeating: 0, count: count)
        for reader in readers {
            if let gradient = reader.gradient(tile) { lw_add(gradient, target, count) }
        }
    }
}
