import CKernels

/// A transposed convolution: a product makes each input pixel's window, the windows are added up in the output.
///
/// W lies `[inputs, kernel height, kernel width, outputs]`.
final class TransposedConvolutionStage: ImagewiseStage {
    /// The window over the *output*; its positions are the input's pixels.
    private let window: lw_window
    private let inputs: Int
    private let activation: FusedActivation
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    private var parameters: BoundParameters?
    private var scratch: Scratch?

    init(
        _ declarations: [ParameterDeclaration], window: lw_window, inputs: Int, activation: FusedActivation,
        input: ValueBuffer, output: ValueBuffer
    ) {
        self.window = window
        self.inputs = inputs
        self.activation = activation
        self.input = input
        self.output = output
        layouts = declarations.map { declaration in
            declaration.role == .weight
                ? .kernel(declaration, axes: [0, 2, 3, 1], isSharded: true) : .plain(declaration, isSharded: true)
        }
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has neither bias nor function.
    var isLinear: Bool { true }

    private var outputs: Int { Int(window.channels) }
    /// Elements of one input pixel's window.
    private var depth: Int { window.taps * outputs }
    private var pieces: WindowPieces { WindowPieces(window, depth: depth) }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(pieces.scratch)
    }

    func forward(_ tile: Tile) {
        guard let parameters, let scratch else { return }
        let windows = scratch[tile.worker]
        for image in 0..<tile.images.count {
            let (source, target) = (
                input.values(tile) + image * input.count, output.values(tile) + image * output.count
            )
            target.update(repeating: 0, count: output.count)
            pieces.visit { piece, first in
                MatrixProduct.multiply(
                    source + first * inputs, aStride: inputs, parameters.weight, bStride: depth, into: windows,
                    cStride: depth, m: piece.positions, n: depth, k: inputs)
                lw_scatter_windows(windows, &piece, target)
            }
            lw_bias_activate(
                target, output.count / outputs, outputs, outputs, parameters.bias, activation.function, activation.slope
            )
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let parameters, let scratch, let outputGradient = output.gradient(tile) else { return }
        let windows = scratch[tile.worker]
        for image in 0..<tile.images.count {
            let source = input.values(tile) + image * input.count
            let target = input.gradient(tile).map { $0 + image * input.count }
            let gradient = outputGradient + image * output.count
            lw_activate_backward_from_output(
                gradient, output.values(tile) + image * output.count, output.count, activation.function,
                activation.slope)
            parameters.addBiasGradient(shard, gradient, output.count / outputs)
            pieces.visit { piece, first in
                lw_gather_windows(gradient, &piece, 0, piece.rows, windows)
                MatrixProduct.multiply(
                    source + first * inputs, .transposed, aStride: inputs, windows, bStride: depth,
                    into: parameters.weightGradient(shard), cStride: depth, m: inputs, n: depth, k: piece.positions,
                    accumulate: true)
                guard let target else { return }
                MatrixProduct.multiply(
                    windows, aStride: depth, parameters.weight, .transposed, bStride: depth,
                    into: target + first * inputs, cStride: inputs, m: piece.positions, n: inputs, k: depth)
            }
        }
    }
}
