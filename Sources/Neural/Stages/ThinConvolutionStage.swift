import CKernels

/// A convolution of stride 1 with very few channels on one side, where matrix products are slow: a loop along the row.
///
/// Few inputs ("spread"): each plane is spread over the output's channels. Few outputs ("collect"): each output plane
/// collects from the input's channels. The transpose of either is the other with its taps reversed.
/// The weight lies `[few, kernel height, kernel width, many]`.
final class ThinConvolutionStage: ImagewiseStage {
    /// Above this many channels on the thinner side matrix products are faster.
    static let fewChannels = 4

    private let window: lw_window
    private let outputs: Int
    private let head: PooledHead
    private let input: ValueBuffer
    private let needsInputGradient: Bool
    private let spreads: Bool
    private let layouts: [ParameterLayout]
    private let reversed: Memory
    private let biasRow: Memory
    private var parameters: BoundParameters?
    private var scratch: Scratch?

    static func suits(_ layer: Convolution) -> Bool {
        min(layer.inputs, layer.outputs) <= fewChannels && layer.stride == Extent(1)
            && layer.padding.height < layer.kernel.height && layer.padding.width < layer.kernel.width
    }

    init(
        _ declarations: [ParameterDeclaration], window: lw_window, head: PooledHead, input: ValueBuffer,
        needsInputGradient: Bool
    ) {
        self.window = window
        outputs = head.channels
        self.head = head
        self.input = input
        self.needsInputGradient = needsInputGradient
        let spreads = Int(window.channels) <= head.channels
        self.spreads = spreads
        layouts = declarations.map { declaration in
            declaration.role == .weight
                ? .kernel(declaration, axes: spreads ? [1, 2, 3, 0] : [0, 2, 3, 1], isSharded: true)
                : .plain(declaration, isSharded: true)
        }
        reversed = Memory(declarations[0].count)
        biasRow = Memory(Int(window.columns) * head.channels)
    }

    var work: StageWork {
        let products = window.positions * planeWeights * few
        return StageWork(
            "thin convolution \(window.channels)→\(outputs)", forward: products,
            backward: (needsInputGradient ? 2 : 1) * products)
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has neither bias nor function.
    var isLinear: Bool { true }

    private var few: Int { spreads ? Int(window.channels) : outputs }
    private var many: Int { spreads ? outputs : Int(window.channels) }
    private var planeWeights: Int { window.taps * many }
    private var rawCount: Int { window.positions * outputs }
    /// Padding of a plane of the output, for the transpose.
    private var backPadding: (height: Int32, width: Int32) {
        (window.kernel_height - 1 - window.padding_height, window.kernel_width - 1 - window.padding_width)
    }
    private var inputPlaneCount: Int {
        Int((window.height + 2 * window.padding_height) * (window.width + 2 * window.padding_width))
    }
    private var outputPlaneCount: Int {
        Int((window.rows + 2 * backPadding.height) * (window.columns + 2 * backPadding.width))
    }

    /// Whether the pooling is done on the sums while they are in registers.
    private var poolsInRegisters: Bool {
        spreads && head.tilePool != nil && window.kernel_height == 3 && window.kernel_width == 3 && outputs % 8 == 0
    }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(rawCount + max(few * inputPlaneCount, outputPlaneCount) + planeWeights)
    }

    func prepare() {
        guard let parameters else { return }
        for plane in 0..<few {
            for tap in 0..<window.taps {
                let from = parameters.weight + (plane * window.taps + tap) * many
                (reversed.pointer + (plane * window.taps + window.taps - 1 - tap) * many).update(
                    from: from, count: many)
            }
        }
        guard let bias = parameters.bias else { return }
        for column in 0..<Int(window.columns) {
            (biasRow.pointer + column * outputs).update(from: bias, count: outputs)
        }
    }

    // MARK: Forward

    func forward(_ tile: Tile) {
        guard let scratch else { return }
        for image in 0..<tile.images.count {
            let source = input.values(tile) + image * window.imageCount
            if poolsInRegisters {
                spreadPooled(tile, image, source, planes: scratch[tile.worker])
                continue
            }
            let raw = head.rawTarget(tile, image) ?? scratch[tile.worker]
            if spreads {
                spread(source, raw, plane: scratch[tile.worker] + rawCount)
            } else {
                collect(source, raw, rows: 0..<Int(window.rows))
            }
            finish(tile, image, raw)
        }
    }

    private func spread(
        _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, plane: UnsafeMutablePointer<Float>
    ) {
        guard let parameters else { return }
        for channel in 0..<few {
            lw_pad_plane(
                source + channel, window.channels, window.height, window.width, window.padding_height,
                window.padding_width, plane)
            lw_spread(
                plane, window.width + 2 * window.padding_width, parameters.weight + channel * planeWeights,
                window.kernel_height, window.kernel_width, window.rows, window.columns, Int32(outputs),
                channel > 0 ? 1 : 0, target)
        }
    }

    /// Pads each of the input's planes.
    private func padPlanes(_ source: UnsafePointer<Float>, _ planes: UnsafeMutablePointer<Float>) {
        for channel in 0..<few {
            lw_pad_plane(
                source + channel, window.channels, window.height, window.width, window.padding_height,
                window.padding_width, planes + channel * inputPlaneCount)
        }
    }

    private func spreadPooled(
        _ tile: Tile, _ image: Int, _ source: UnsafePointer<Float>, planes: UnsafeMutablePointer<Float>
    ) {
        guard let parameters, let pool = head.tilePool else { return }
        padPlanes(source, planes)
        let target = head.pooledTarget(tile, image)
        lw_spread_pooled(
            planes, window.channels, inputPlaneCount, window.width + 2 * window.padding_width, parameters.weight,
            pool.rows, pool.columns, Int32(outputs), target, head.places(tile, image))
        head.activate(target, positions: head.positions, bias: parameters.bias)
    }

    private func collect(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, rows: Range<Int>) {
        guard let parameters else { return }
        for channel in 0..<few {
            lw_collect(
                source, window.height, window.width, window.channels, parameters.weight + channel * planeWeights,
                window.kernel_height, window.kernel_width, window.padding_height, window.padding_width, window.columns,
                Int32(rows.lowerBound), Int32(rows.upperBound), Int32(outputs), target + channel)
        }
    }

    private func finish(_ tile: Tile, _ image: Int, _ raw: UnsafeMutablePointer<Float>) {
        if head.isPooled {
            head.finish(tile, image, raw: raw, bias: parameters?.bias)
        } else {
            activateRows(raw, 0..<Int(window.rows))
        }
    }

    /// Bias and function a whole row of pixels at a time: a pixel alone is too short a loop.
    private func activateRows(_ target: UnsafeMutablePointer<Float>, _ rows: Range<Int>) {
        let row = Int(window.columns) * outputs
        head.activate(
            target + rows.lowerBound * row, rows: rows.count, length: row,
            bias: parameters?.bias == nil ? nil : UnsafePointer(biasRow.pointer))
    }

    // MARK: Backward

    func backward(_ tile: Tile, shard: Int) {
        guard let parameters, let scratch else { return }
        for image in 0..<tile.images.count {
            let memory = scratch[tile.worker]
            if poolsInRegisters && !needsInputGradient {
                backwardOfSpreadPooled(tile, image, shard, planes: memory)
                continue
            }
            let gradient = head.rawGradient(tile, image, scratch: memory)
            parameters.addBiasGradient(shard, head.pooledGradient(tile, image), head.positions)
            let source = input.values(tile) + image * window.imageCount
            let target = needsInputGradient ? input.gradient(tile).map { $0 + image * window.imageCount } : nil
            let weightGradient = parameters.weightGradient(shard)
            if spreads {
                backwardOfSpread(source, gradient, weightGradient, target, plane: memory + rawCount)
            } else {
                backwardOfCollect(source, gradient, weightGradient, target, plane: memory + rawCount)
            }
        }
    }

    private func backwardOfSpreadPooled(
        _ tile: Tile, _ image: Int, _ shard: Int, planes: UnsafeMutablePointer<Float>
    ) {
        guard let parameters, let pool = head.tilePool else { return }
        head.differentiateActivation(tile, image)
        let gradient = head.pooledGradient(tile, image)
        parameters.addBiasGradient(shard, gradient, head.positions)
        padPlanes(input.values(tile) + image * window.imageCount, planes)
        for channel in 0..<few {
            lw_tap_gradients_pooled(
                planes + channel * inputPlaneCount, window.width + 2 * window.padding_width, gradient,
                head.places(tile, image), pool.rows, pool.columns, Int32(outputs),
                parameters.weightGradient(shard) + channel * planeWeights)
        }
    }

    private func backwardOfSpread(
        _ source: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ weightGradient: UnsafeMutablePointer<Float>,
        _ target: UnsafeMutablePointer<Float>?, plane: UnsafeMutablePointer<Float>
    ) {
        for channel in 0..<few {
            lw_pad_plane(
                source + channel, window.channels, window.height, window.width, window.padding_height,
                window.padding_width, plane)
            lw_tap_gradients(
                plane, window.width + 2 * window.padding_width, gradient, window.rows, window.columns, Int32(outputs),
                window.kernel_height, window.kernel_width, weightGradient + channel * planeWeights)
            guard let target else { continue }
            lw_collect(
                gradient, window.rows, window.columns, Int32(outputs), reversed.pointer + channel * planeWeights,
                window.kernel_height, window.kernel_width, backPadding.height, backPadding.width, window.width, 0,
                window.height, window.channels, target + channel)
        }
    }

    private func backwardOfCollect(
        _ source: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ weightGradient: UnsafeMutablePointer<Float>,
        _ target: UnsafeMutablePointer<Float>?, plane: UnsafeMutablePointer<Float>
    ) {
        let planeWidth = window.columns + 2 * backPadding.width
        let taps = plane + max(inputPlaneCount, outputPlaneCount)
        for channel in 0..<few {
            lw_pad_plane(
                gradient + channel, Int32(outputs), window.rows, window.columns, backPadding.height, backPadding.width,
                plane)
            taps.update(repeating: 0, count: planeWeights)
            lw_tap_gradients(
                plane, planeWidth, source, window.height, window.width, window.channels, window.kernel_height,
                window.kernel_width, taps)
            for tap in 0..<window.taps {
                let place = weightGradient + (channel * window.taps + window.taps - 1 - tap) * many
                lw_add(taps + tap * many, place, many)
            }
            guard let target else { continue }
            lw_spread(
                plane, planeWidth, reversed.pointer + channel * planeWeights, window.kernel_height, window.kernel_width,
                window.height, window.width, window.channels, channel > 0 ? 1 : 0, target)
        }
    }

    // MARK: One image on several threads

    private var splits: Int { spreads || window.positions * planeWeights < 50_000 ? 1 : min(4, Int(window.rows)) }
    func splitItems(round: Int) -> Int { splits }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        let tile = Tile.single
        guard splits > 1, let target = head.rawTarget(tile, 0) else { return forward(tile) }
        let rows = Int(window.rows) * item / splits..<Int(window.rows) * (item + 1) / splits
        collect(input.values(tile), target, rows: rows)
        activateRows(target, rows)
    }
}
