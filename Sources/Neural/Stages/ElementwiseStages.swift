import CKernels

/// An elementwise function by itself: where the layer before it can't apply it, where a derivative needs its input, and in
/// plans for tangents.
final class ActivationStage: ImagewiseStage {
    private let activation: Activation
    private let fused: FusedActivation?
    private let input: ValueBuffer
    private let output: ValueBuffer
    private var scratch: Scratch?

    init(_ activation: Activation, input: ValueBuffer, output: ValueBuffer) {
        self.activation = activation
        fused = activation.fused
        self.input = input
        self.output = output
    }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        self.scratch = scratch
        scratch.reserve(input.count)
    }

    func forward(_ tile: Tile) {
        guard tile.directions > 0 else {
            return apply(input.values(tile), output.values(tile), tile.images.count * input.count)
        }
        guard let slopes = scratch?[tile.worker] else { return }
        let count = input.count
        for image in stride(from: 0, to: tile.images.count, by: 1 + tile.directions) {
            let (from, to) = (input.values(tile) + image * count, output.values(tile) + image * count)
            activation.slopes(at: from, count: count, into: slopes)
            apply(from, to, count)
            for direction in 1...tile.directions {
                lw_multiply(from + direction * count, slopes, to + direction * count, count)
            }
        }
    }

    private func apply(_ x: Floats, _ y: Floats, _ count: Int) {
        if let fused {
            lw_activate(x, y, count, fused.function, fused.slope)
        } else {
            lw_unary(x, y, count, activation.code, activation.first, activation.second)
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let target = input.gradient(tile),
            let slopes = scratch?[tile.worker]
        else { return }
        if let fused {
            return lw_activate_backward_from_input(
                gradient, input.values(tile), target, tile.images.count * input.count, fused.function, fused.slope)
        }
        for image in 0..<tile.images.count {
            activation.slopes(at: input.values(tile) + image * input.count, count: input.count, into: slopes)
            lw_multiply(gradient + image * input.count, slopes, target + image * input.count, input.count)
        }
    }

    // MARK: One image on several threads

    private var splits: Int { input.count < 16_384 ? 1 : 4 }
    func splitItems(round: Int) -> Int { splits }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        let part = input.count * item / splits..<input.count * (item + 1) / splits
        apply(
            input.values(.single) + part.lowerBound, output.values(.single) + part.lowerBound, part.count)
    }
}

extension Activation {
    var code: lw_unary_function { function.code(first) }

    /// f′(x) at some numbers; `slopes` may not be `numbers`.
    func slopes(at numbers: UnsafePointer<Float>, count: Int, into slopes: UnsafeMutablePointer<Float>) {
        if let fused {
            slopes.update(repeating: 1, count: count)
            lw_activate_backward_from_input(slopes, numbers, slopes, count, fused.function, fused.slope)
        } else {
            lw_unary_slopes(numbers, slopes, count, code, first, second)
        }
    }

    /// The function's values and its slopes at some numbers, on the calling thread.
    ///
    /// - Parameters:
    ///   - numbers: `[count]`; overwritten with the values f(x).
    ///   - slopes: `[count]`; overwritten with the derivatives f′(x). Nil where they aren't wanted.
    public func apply(to numbers: UnsafeMutablePointer<Float>, count: Int, slopes: UnsafeMutablePointer<Float>? = nil) {
        if let slopes { self.slopes(at: numbers, count: count, into: slopes) }
        if let fused {
            lw_activate(numbers, numbers, count, fused.function, fused.slope)
        } else {
            lw_unary(numbers, numbers, count, code, first, second)
        }
    }
}

/// What an affine layer adds, by itself: in plans for tangents it is added to the values alone.
final class OffsetStage: ImagewiseStage {
    private let layout: ParameterLayout
    private let values: ValueBuffer
    private var offset: UnsafeMutablePointer<Float>?

    /// - Parameters:
    ///   - layout: the offset's, one number a channel.
    ///   - values: changed in place; channels innermost.
    init(_ layout: ParameterLayout, values: ValueBuffer) {
        self.layout = layout
        self.values = values
    }

    var parameterLayouts: [ParameterLayout] { [layout] }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        offset = store.pointer(store.slot(layout.declaration.name))
    }

    func forward(_ tile: Tile) {
        let channels = layout.declaration.count
        for image in stride(from: 0, to: tile.images.count, by: 1 + tile.directions) {
            lw_bias_activate(
                values.values(tile) + image * values.count, values.count / channels, channels, channels, offset,
                LW_IDENTITY, 0)
        }
    }

    func backward(_ tile: Tile, shard: Int) {}
}

/// A value that several nodes read: each reader has its own gradient, and backward adds them up.
final class ForkStage: ImagewiseStage {
    private let source: ValueBuffer
    private let readers: [ValueBuffer]

    init(_ source: ValueBuffer, readers: [ValueBuffer]) {
        self.source = source
        self.readers = readers
    }

    var isLinear: Bool { true }

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
