import CKernels

/// A 3×3 convolution of stride 1 in sixteen products for four outputs, not thirty-six: Winograd's F(2×2, 3×3) (Lavin & Gray
/// 2016), with the pooling, bias and activation that follow it.
///
/// Outputs come in tiles of 2×2. Windows of 4×4 inputs, the weights and the outputs are transformed by sums and
/// differences; in between lie sixteen products of `[tiles, inputs]` and `[inputs, outputs]`. A pooling by 2 takes the
/// maximum of each tile as it is transformed back. Backward the same steps run transposed, in the same transformed
/// coordinates. W lies `[3, 3, inputs, outputs]`.
final class WinogradConvolutionStage: ImagewiseStage {
    /// Places of a transformed tile.
    private static let places = 16
    /// Floats of the transformed inputs and outputs that are at work at a time: with the weights they shall stay in the
    /// second-level cache.
    private static let budget = 96 * 1024

    private let tiling: lw_tiling
    private let head: PooledHead
    private let input: ValueBuffer
    private let needsInputGradient: Bool
    private let layouts: [ParameterLayout]
    /// Room for the transformed weights, which a plan for inference needs only while it prepares.
    private let transformed: Memory?
    private let transformedCount: Int
    /// The transformed weights in panels of columns, as they are and transposed.
    private let panels: Memory
    private let transposedPanels: Memory?
    /// How many rows of tiles are at work at a time.
    private let strip: Int
    private var parameters: BoundParameters?
    private var scratch: Scratch?
    /// Where each thread's gradient of the transformed weights is, while a shard goes back.
    private var weightGradients = Scratch.Claim.none

    static func suits(_ layer: Convolution) -> Bool {
        layer.kernel == Extent(3) && layer.stride == Extent(1) && layer.padding.height <= 2 && layer.padding.width <= 2
            && min(layer.inputs, layer.outputs) >= 16 && layer.inputs % 8 == 0 && layer.outputs % 8 == 0
    }

    init(
        _ declarations: [ParameterDeclaration], window: lw_window, head: PooledHead, input: ValueBuffer,
        needsInputGradient: Bool, isTransposed: Bool = false
    ) {
        self.head = head
        self.input = input
        self.needsInputGradient = needsInputGradient
        layouts = ParameterLayout.convolution(declarations, isTransposed: isTransposed, isCopied: true)
        let pooled = head.tilePool
        tiling = lw_tiling(
            height: window.height, width: window.width, inputs: window.channels, output_height: window.rows,
            output_width: window.columns, outputs: Int32(head.channels), padding_height: window.padding_height,
            padding_width: window.padding_width, rows: pooled?.rows ?? (window.rows + 1) / 2,
            columns: pooled?.columns ?? (window.columns + 1) / 2)
        let (inputs, outputs) = (Int(window.channels), head.channels)
        let row = WinogradConvolutionStage.places * Int(tiling.columns) * (inputs + outputs)
        strip = min(Int(tiling.rows), max(1, WinogradConvolutionStage.budget / row))
        let places = WinogradConvolutionStage.places
        transformedCount = places * inputs * outputs
        transformed = head.isForTraining ? Memory(transformedCount) : nil
        panels = Memory(places * inputs * LinePadding.panels(outputs))
        transposedPanels = needsInputGradient ? Memory(places * outputs * LinePadding.panels(inputs)) : nil
    }

    var work: StageWork {
        let products = WinogradConvolutionStage.places * Int(tiling.rows * tiling.columns) * inputs * outputs
        return StageWork(
            "convolution 3×3 \(inputs)→\(outputs)", forward: products, backward: (needsInputGradient ? 2 : 1) * products
        )
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has neither bias nor function.
    var isLinear: Bool { true }

    private var inputs: Int { Int(tiling.inputs) }
    private var outputs: Int { Int(tiling.outputs) }
    private var stripTiles: Int { strip * Int(tiling.columns) }
    /// From one place's values to the next's.
    private var inputPlane: Int { LinePadding.plane(stripTiles * inputs) }
    private var outputPlane: Int { LinePadding.plane(stripTiles * outputs) }
    private var imageCount: Int { Int(tiling.height * tiling.width) * inputs }
    private var rawCount: Int { Int(tiling.output_height * tiling.output_width) * outputs }
    private var strips: StrideTo<Int> { stride(from: 0, to: Int(tiling.rows), by: strip) }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(
            WinogradConvolutionStage.places * (inputPlane + outputPlane) + (head.tilePool == nil ? rawCount : 0))
        weightGradients = scratch.claim(head.isForTraining ? transformedCount : 0)
    }

    /// A thread's scratch memory.
    private struct Room {
        let inputs: UnsafeMutablePointer<Float>
        let outputs: UnsafeMutablePointer<Float>
        let weightGradient: UnsafeMutablePointer<Float>
        let raw: UnsafeMutablePointer<Float>
    }

    private func room(_ scratch: Scratch, _ worker: Int) -> Room {
        let inputs = scratch[worker]
        let outputs = inputs + WinogradConvolutionStage.places * inputPlane
        return Room(
            inputs: inputs, outputs: outputs, weightGradient: scratch[worker, weightGradients],
            raw: outputs + WinogradConvolutionStage.places * outputPlane)
    }

    func prepare() {
        guard let parameters else { return }
        let count = inputs * outputs
        let transformed = transformed ?? Memory(transformedCount)
        lw_winograd_weight(parameters.weight, count, transformed.pointer)
        for place in 0..<WinogradConvolutionStage.places {
            let weight = transformed.pointer + place * count
            lw_pack_columns(
                weight, outputs, 1, tiling.inputs, tiling.outputs,
                panels.pointer + place * inputs * LinePadding.panels(outputs))
            guard let transposedPanels else { continue }
            lw_pack_columns(
                weight, 1, outputs, tiling.outputs, tiling.inputs,
                transposedPanels.pointer + place * outputs * LinePadding.panels(inputs))
        }
    }

    // MARK: Forward

    func forward(_ tile: Tile) {
        guard let parameters, let scratch else { return }
        let room = room(scratch, tile.worker)
        for image in 0..<tile.images.count {
            let raw = head.rawTarget(tile, image) ?? room.raw
            for first in strips {
                forwardStrip(tile, image, Int32(first)..<min(tiling.rows, Int32(first + strip)), room, raw: raw)
            }
            if head.tilePool == nil {
                head.finish(tile, image, raw: raw, bias: parameters.bias)
            } else {
                head.activate(head.pooledTarget(tile, image), positions: head.positions, bias: parameters.bias)
            }
        }
    }

    private func forwardStrip(
        _ tile: Tile, _ image: Int, _ rows: Range<Int32>, _ room: Room, raw: UnsafeMutablePointer<Float>
    ) {
        transformInput(tile, image, rows, room)
        multiply(rows.count * Int(tiling.columns), room)
        transformOutput(tile, image, rows, room, raw: raw)
    }

    private func transformInput(_ tile: Tile, _ image: Int, _ rows: Range<Int32>, _ room: Room) {
        var tiling = tiling
        lw_winograd_input(
            input.values(tile) + image * imageCount, &tiling, rows.lowerBound, rows.upperBound, room.inputs, inputPlane)
    }

    private func multiply(_ tiles: Int, _ room: Room) {
        for place in 0..<WinogradConvolutionStage.places {
            lw_multiply_packed(
                room.inputs + place * inputPlane, inputs, Int32(tiles), tiling.inputs,
                panels.pointer + place * inputs * LinePadding.panels(outputs), tiling.outputs,
                room.outputs + place * outputPlane, outputs)
        }
    }

    private func transformOutput(
        _ tile: Tile, _ image: Int, _ rows: Range<Int32>, _ room: Room, raw: UnsafeMutablePointer<Float>
    ) {
        var tiling = tiling
        if head.tilePool == nil {
            lw_winograd_output(room.outputs, outputPlane, &tiling, rows.lowerBound, rows.upperBound, raw)
        } else {
            lw_winograd_output_pooled(
                room.outputs, outputPlane, &tiling, rows.lowerBound, rows.upperBound, head.pooledTarget(tile, image),
                head.places(tile, image))
        }
    }

    // MARK: Backward

    func beginShard(worker: Int) {
        scratch?[worker, weightGradients].update(repeating: 0, count: transformedCount)
    }

    func endShard(_ shard: Int, worker: Int) {
        guard let parameters, let scratch else { return }
        lw_winograd_weight_backward(
            scratch[worker, weightGradients], inputs * outputs, parameters.weightGradient(shard))
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let parameters, let scratch else { return }
        let room = room(scratch, tile.worker)
        let inputGradient = needsInputGradient ? input.gradient(tile) : nil
        for image in 0..<tile.images.count {
            let raw = head.tilePool == nil ? head.rawGradient(tile, image, scratch: room.raw) : nil
            if raw == nil { head.differentiateActivation(tile, image) }
            parameters.addBiasGradient(shard, head.pooledGradient(tile, image), head.positions)
            let target = inputGradient.map { $0 + image * imageCount }
            target?.update(repeating: 0, count: imageCount)
            for first in strips {
                let rows = Int32(first)..<min(tiling.rows, Int32(first + strip))
                transformInput(tile, image, rows, room)
                transformGradient(tile, image, rows, room, raw: raw)
                differentiateProducts(Int(rows.upperBound - rows.lowerBound) * Int(tiling.columns), room)
                guard let target else { continue }
                var tiling = tiling
                lw_winograd_input_backward(
                    room.inputs, inputPlane, &tiling, rows.lowerBound, rows.upperBound, target)
            }
        }
    }

    private func transformGradient(
        _ tile: Tile, _ image: Int, _ rows: Range<Int32>, _ room: Room, raw: UnsafePointer<Float>?
    ) {
        var tiling = tiling
        if let raw {
            lw_winograd_output_backward(raw, &tiling, rows.lowerBound, rows.upperBound, room.outputs, outputPlane)
        } else {
            lw_winograd_output_pooled_backward(
                head.pooledGradient(tile, image), head.places(tile, image), &tiling, rows.lowerBound, rows.upperBound,
                room.outputs, outputPlane)
        }
    }

    /// The weights' gradient, then the inputs' gradient in the inputs' place.
    private func differentiateProducts(_ tiles: Int, _ room: Room) {
        for place in 0..<WinogradConvolutionStage.places {
            let (values, gradient) = (room.inputs + place * inputPlane, room.outputs + place * outputPlane)
            lw_multiply_transposed(
                values, inputs, gradient, outputs, tiling.inputs, tiling.outputs, Int32(tiles),
                room.weightGradient + place * inputs * outputs, outputs)
            guard let transposedPanels else { continue }
            lw_multiply_packed(
                gradient, outputs, Int32(tiles), tiling.outputs,
                transposedPanels.pointer + place * outputs * LinePadding.panels(inputs), tiling.inputs, values, inputs)
        }
    }

    // MARK: One image on several threads

    /// Rows of tiles for each item; all of them where that would be too little work, or where what is pooled afterwards
    /// needs the whole image.
    private var splitRows: Int {
        let isWhole = work.forward < 200_000 || (head.isPooled && head.tilePool == nil)
        return isWhole ? Int(tiling.rows) : min(strip, max(1, Int(tiling.rows) / 4))
    }
    func splitItems(round: Int) -> Int { (Int(tiling.rows) + splitRows - 1) / splitRows }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        let tile = Tile.single
        guard splitRows < tiling.rows, let parameters, let scratch else { return forward(tile) }
        let rows = Int32(item * splitRows)..<min(tiling.rows, Int32((item + 1) * splitRows))
        let target = head.rawTarget(tile, 0) ?? head.pooledTarget(tile, 0)
        forwardStrip(tile, 0, rows, room(scratch, worker), raw: target)
        // A row of tiles makes two rows of outputs, or one that is pooled.
        let height = head.tilePool == nil ? 2 : 1
        let width = head.tilePool.map { Int($0.columns) } ?? Int(tiling.output_width)
        let last = min(height * Int(rows.upperBound), head.positions / width)
        let first = height * Int(rows.lowerBound)
        head.activate(target + first * width * outputs, positions: (last - first) * width, bias: parameters.bias)
    }
}

/// Sizes rounded so that what is read together lies well.
enum LinePadding {
    /// Columns of whole panels.
    static func panels(_ columns: Int) -> Int { (columns + Int(LW_PANEL) - 1) / Int(LW_PANEL) * Int(LW_PANEL) }

    /// From one plane to the next: a line of the cache more, or planes a power of two apart would push each other out.
    static func plane(_ count: Int) -> Int { panels(count) + Int(LW_PANEL) }
}
