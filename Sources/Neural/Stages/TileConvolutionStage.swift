import CKernels

/// A convolution in tiles of 4×4 outputs with few products (see ``TileScheme``), with the bias and activation that follow
/// it; for values alone.
///
/// Windows of the input, the weights and the outputs are transformed by sums and differences; in between lie 36 products of
/// `[tiles, inputs]` and `[inputs, outputs]`. W lies `[kernel height, kernel width, inputs, outputs]`.
final class TileConvolutionStage: ImagewiseStage {
    private let scheme: TileScheme
    private let tiling: lw_tiling
    private let activation: FusedActivation
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    /// The transformed weights in panels of columns.
    private let panels: Memory
    /// How many tiles are at work at a time, at most.
    private let blockTiles: Int
    private var parameters: BoundParameters?
    private var scratch: Scratch?

    /// - Parameter declarations: the weight's, then perhaps the bias's.
    init(
        _ declarations: [ParameterDeclaration], _ scheme: TileScheme, padding: Extent,
        from: TapConvolutionStage.Extents, to: TapConvolutionStage.Extents, activation: FusedActivation,
        input: ValueBuffer, output: ValueBuffer
    ) {
        self.scheme = scheme
        self.activation = activation
        self.input = input
        self.output = output
        layouts = declarations.map { declaration in
            guard declaration.role == .weight else { return .plain(declaration, isSharded: true) }
            var layout = ParameterLayout.kernel(declaration, axes: scheme.kernelAxes, isSharded: true)
            layout.isCopied = true
            return layout
        }
        tiling = lw_tiling(
            height: Int32(from.height), width: Int32(from.width), inputs: Int32(from.channels),
            output_height: Int32(to.height), output_width: Int32(to.width), outputs: Int32(to.channels),
            padding_height: Int32(padding.height), padding_width: Int32(padding.width),
            rows: Int32(TileScheme.tiles(to.height)), columns: Int32(TileScheme.tiles(to.width)))
        panels = Memory(TileScheme.products * from.channels * LinePadding.panels(to.channels))
        blockTiles = scheme.blockTiles(inputs: from.channels, outputs: to.channels)
    }

    var work: StageWork {
        StageWork("\(scheme.name) \(inputs)→\(outputs)", forward: TileScheme.products * tiles * inputs * outputs)
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    var isLinear: Bool { true }

    private var inputs: Int { Int(tiling.inputs) }
    private var outputs: Int { Int(tiling.outputs) }
    private var tiles: Int { Int(tiling.rows * tiling.columns) }
    /// From one place's values to the next's.
    private var inputPlane: Int { LinePadding.plane(blockTiles * inputs) }
    private var outputPlane: Int { LinePadding.plane(blockTiles * outputs) }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(scheme.inputPlanes * inputPlane + TileScheme.products * outputPlane)
    }

    func prepare() {
        guard let parameters else { return }
        let count = inputs * outputs
        let transformed = Memory(TileScheme.products * count)
        scheme.transformWeight(parameters.weight, count, transformed.pointer)
        for product in 0..<TileScheme.products {
            lw_pack_columns(
                transformed.pointer + product * count, outputs, 1, tiling.inputs, tiling.outputs,
                panels.pointer + product * inputs * LinePadding.panels(outputs))
        }
    }

    // MARK: Forward

    func forward(_ tile: Tile) {
        let total = tile.images.count * tiles
        let blocks = TileScheme.count(total, by: blockTiles)
        for block in 0..<blocks {
            forward(tile, tiles: total * block / blocks..<total * (block + 1) / blocks, worker: tile.worker)
        }
    }

    /// Some of the tiles, which are counted through the images.
    private func forward(_ tile: Tile, tiles range: Range<Int>, worker: Int) {
        guard let parameters, let scratch else { return }
        let planes = scratch[worker]
        let results = planes + scheme.inputPlanes * inputPlane
        forEachImage(range) { image, first, end, done in
            var tiling = tiling
            scheme.transformInput(
                input.values(tile) + image * input.count, &tiling, first, end, planes + done * inputs, inputPlane)
        }
        for (product, plane) in scheme.inputPlane.enumerated() {
            lw_multiply_packed(
                planes + plane * inputPlane, inputs, Int32(range.count), tiling.inputs,
                panels.pointer + product * inputs * LinePadding.panels(outputs), tiling.outputs,
                results + product * outputPlane, outputs)
        }
        forEachImage(range) { image, first, end, done in
            var tiling = tiling
            scheme.transformOutput(
                results + done * outputs, outputPlane, &tiling, first, end, parameters.bias, activation.function,
                activation.slope, output.values(tile) + image * output.count)
        }
    }

    /// The part of some tiles that each image has, and how many tiles came before it.
    private func forEachImage(_ range: Range<Int>, _ body: (_ image: Int, Int32, Int32, _ done: Int) -> Void) {
        var start = range.lowerBound
        while start < range.upperBound {
            let image = start / tiles
            let end = min(range.upperBound, (image + 1) * tiles)
            body(image, Int32(start - image * tiles), Int32(end - image * tiles), start - range.lowerBound)
            start = end
        }
    }

    func backward(_ tile: Tile, shard: Int) { preconditionFailure("this stage is for inference") }

    // MARK: One image on several threads

    /// An even number of parts where there are few.
    func splitItems(round: Int) -> Int {
        let blocks = TileScheme.count(tiles, by: blockTiles)
        return blocks < 8 ? max(2, (blocks + 1) / 2 * 2) : blocks
    }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        let items = splitItems(round: round)
        forward(.single, tiles: tiles * item / items..<tiles * (item + 1) / items, worker: worker)
    }
}
