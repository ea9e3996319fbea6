import CKernels

/// A 3×3 convolution of stride 1 in 36 products for sixteen outputs, not 144: Winograd's F(4×4, 3×3) (Lavin & Gray 2016),
/// with the bias and activation that follow it; for values alone.
///
/// Outputs come in tiles of 4×4, so it needs little more than half of the products of ``WinogradConvolutionStage``, and
/// rounds some bits more. W lies `[3, 3, inputs, outputs]`.
final class LargeTileConvolutionStage: ImagewiseStage {
    /// Places of a transformed tile.
    private static let places = 36
    /// Floats of the transformed inputs and outputs that are at work at a time.
    private static let budget = 56 * 1024

    private let tiling: lw_tiling
    private let activation: FusedActivation
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    /// The transformed weights in panels of columns.
    private let panels: Memory
    /// Into how many blocks an image's tiles are cut.
    private let blocks: Int
    private var parameters: BoundParameters?
    private var scratch: Scratch?

    /// Whether there are enough channels to pay for the transforms, weights that stay in a cache, and tiles enough that
    /// most of them are whole.
    static func suits(_ layer: Convolution, to image: TapConvolutionStage.Extents) -> Bool {
        let tiles = count(image.height, by: 4) * count(image.width, by: 4)
        let small = count(image.height, by: 2) * count(image.width, by: 2)
        return WinogradConvolutionStage.suits(layer) && min(layer.inputs, layer.outputs) >= 32
            && max(layer.inputs, layer.outputs) <= 128 && tiles >= 16
            && 10 * places * tiles <= 8 * 16 * small
    }

    private static func count(_ extent: Int, by size: Int) -> Int { (extent + size - 1) / size }

    init(
        _ declarations: [ParameterDeclaration], _ layer: Convolution, from: TapConvolutionStage.Extents,
        to: TapConvolutionStage.Extents, activation: FusedActivation, input: ValueBuffer, output: ValueBuffer
    ) {
        self.activation = activation
        self.input = input
        self.output = output
        layouts = ParameterLayout.convolution(declarations)
        let (rows, columns) = (
            LargeTileConvolutionStage.count(to.height, by: 4), LargeTileConvolutionStage.count(to.width, by: 4)
        )
        tiling = lw_tiling(
            height: Int32(from.height), width: Int32(from.width), inputs: Int32(from.channels),
            output_height: Int32(to.height), output_width: Int32(to.width), outputs: Int32(to.channels),
            padding_height: Int32(layer.padding.height), padding_width: Int32(layer.padding.width), rows: Int32(rows),
            columns: Int32(columns))
        let places = LargeTileConvolutionStage.places
        panels = Memory(places * from.channels * LinePadding.panels(to.channels))
        // Whole tiles of the products' six rows; an even number of blocks where there are few, for the threads' sake.
        let each = LargeTileConvolutionStage.budget / (places * (from.channels + to.channels))
        let wanted = LargeTileConvolutionStage.count(rows * columns, by: max(6, each / 6 * 6))
        blocks = wanted < 8 ? max(2, (wanted + 1) / 2 * 2) : wanted
    }

    var work: StageWork {
        StageWork(
            "convolution 3×3 \(inputs)→\(outputs), large tiles",
            forward: LargeTileConvolutionStage.places * tiles * inputs * outputs)
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    var isLinear: Bool { true }

    private var inputs: Int { Int(tiling.inputs) }
    private var outputs: Int { Int(tiling.outputs) }
    private var tiles: Int { Int(tiling.rows * tiling.columns) }
    private var blockTiles: Int { LargeTileConvolutionStage.count(tiles, by: blocks) }
    /// From one place's values to the next's.
    private var inputPlane: Int { LinePadding.plane(blockTiles * inputs) }
    private var outputPlane: Int { LinePadding.plane(blockTiles * outputs) }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(LargeTileConvolutionStage.places * (inputPlane + outputPlane))
    }

    func prepare() {
        guard let parameters else { return }
        let count = inputs * outputs
        let transformed = Memory(LargeTileConvolutionStage.places * count)
        lw_large_tiles_weight(parameters.weight, count, transformed.pointer)
        for place in 0..<LargeTileConvolutionStage.places {
            lw_pack_columns(
                transformed.pointer + place * count, outputs, 1, tiling.inputs, tiling.outputs,
                panels.pointer + place * inputs * LinePadding.panels(outputs))
        }
    }

    // MARK: Forward

    func forward(_ tile: Tile) {
        for image in 0..<tile.images.count {
            for block in 0..<blocks { forward(tile, image, block, worker: tile.worker) }
        }
    }

    private func forward(_ tile: Tile, _ image: Int, _ block: Int, worker: Int) {
        guard let parameters, let scratch else { return }
        var tiling = tiling
        let (first, end) = (tiles * block / blocks, tiles * (block + 1) / blocks)
        let planes = scratch[worker]
        let results = planes + LargeTileConvolutionStage.places * inputPlane
        lw_large_tiles_input(
            input.values(tile) + image * input.count, &tiling, Int32(first), Int32(end), planes, inputPlane)
        for place in 0..<LargeTileConvolutionStage.places {
            lw_multiply_packed(
                planes + place * inputPlane, inputs, Int32(end - first), tiling.inputs,
                panels.pointer + place * inputs * LinePadding.panels(outputs), tiling.outputs,
                results + place * outputPlane, outputs)
        }
        lw_large_tiles_output(
            results, outputPlane, &tiling, Int32(first), Int32(end), parameters.bias, activation.function,
            activation.slope, output.values(tile) + image * output.count)
    }

    func backward(_ tile: Tile, shard: Int) { preconditionFailure("this stage is for inference") }

    // MARK: One image on several threads

    func splitItems(round: Int) -> Int { blocks }

    func forwardSplit(round: Int, item: Int, worker: Int) { forward(.single, 0, item, worker: worker) }
}
