import CKernels

/// yᵢ = e^xᵢ / Σ e^xⱼ over the features of each image.
final class SoftmaxStage: ImagewiseStage {
    private let input: ValueBuffer
    private let output: ValueBuffer

    init(input: ValueBuffer, output: ValueBuffer) {
        self.input = input
        self.output = output
    }

    func forward(_ tile: Tile) {
        lw_softmax(input.values(tile), output.values(tile), tile.images.count, input.count)
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile) else { return }
        lw_softmax_backward(gradient, output.values(tile), target, tile.images.count, input.count)
    }
}
