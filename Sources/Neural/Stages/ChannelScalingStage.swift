import CKernels

/// Batch normalization with fixed statistics, where no layer before it takes it into its weights:
/// y = γ (x − m) / √(v + ε) + β for each channel. Channels lie innermost.
final class ChannelScalingStage: ImagewiseStage {
    private let layer: BatchNormalization
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    private let scale: Memory
    private let shift: Memory
    private let zero: Memory
    private var store: ParameterStore?

    init(
        _ declarations: [ParameterDeclaration], layer: BatchNormalization, order: FeatureOrder, input: ValueBuffer,
        output: ValueBuffer
    ) {
        self.layer = layer
        self.input = input
        self.output = output
        layouts = declarations.map { .features($0, order: order, isSharded: false) }
        scale = Memory(layer.channels)
        shift = Memory(layer.channels)
        zero = Memory(layer.channels)
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    func bind(_ store: ParameterStore, _ scratch: Scratch) { self.store = store }

    func prepare() {
        guard let store else { return }
        let pointers = layouts.map { store.pointer(store.slot($0.declaration.name)) }
        let (mean, variance) = (pointers[pointers.count - 2], pointers[pointers.count - 1])
        for channel in 0..<layer.channels {
            let weight = layer.isAffine ? pointers[0][channel] : 1
            let bias = layer.isAffine ? pointers[1][channel] : 0
            scale.pointer[channel] = weight / (variance[channel] + layer.epsilon).squareRoot()
            shift.pointer[channel] = bias - mean[channel] * scale.pointer[channel]
        }
    }

    func forward(_ tile: Tile) {
        let channels = layer.channels
        let rows = input.count / channels
        for image in 0..<tile.images.count {
            let isTangent = image % (1 + tile.directions) > 0
            lw_normalize(
                input.values(tile) + image * input.count, rows, channels, Int32(channels), zero.pointer, scale.pointer,
                isTangent ? zero.pointer : shift.pointer, output.values(tile) + image * output.count)
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        preconditionFailure("in training a batch is normalized by its own statistics")
    }
}
