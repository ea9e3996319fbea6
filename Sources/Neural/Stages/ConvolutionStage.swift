import CKernels

/// A convolution as a product of gathered windows and weights, with the pooling, bias and activation that follow it.
///
/// y = f(maxpool(x ⋆ W) + b): maximum and the increasing functions change places, so the function is computed on the
/// pooled values only. W lies `[kernel height, kernel width, inputs, outputs]`.
final class ConvolutionStage: ImagewiseStage {
    private let window: lw_window
    private let outputs: Int
    private let head: PooledHead
    private let input: ValueBuffer
    private let needsInputGradient: Bool
    private let layouts: [ParameterLayout]
    private var parameters: BoundParameters?
    private var scratch: Scratch?

    init(
        _ declarations: [ParameterDeclaration], window: lw_window, head: PooledHead, input: ValueBuffer,
        needsInputGradient: Bool
    ) {
        self.window = window
        self.outputs = head.channels
        self.head = head
        self.input = input
        self.needsInputGradient = needsInputGradient
        layouts = ParameterLayout.convolution(declarations)
    }

    var work: StageWork {
        let products = window.positions * depth * outputs
        return StageWork(
            "convolution \(window.channels)→\(outputs)", forward: products,
            backward: (needsInputGradient ? 2 : 1) * products)
    }

    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has neither bias nor function.
    var isLinear: Bool { true }

    /// Elements of one gathered window.
    private var depth: Int { window.taps * Int(window.channels) }
    private var outputCount: Int { window.positions * outputs }
    private var pieces: WindowPieces { WindowPieces(window, depth: depth) }
    /// A 1×1 kernel's windows are the image itself.
    private var isPointwise: Bool {
        window.taps == 1 && window.stride_height == 1 && window.stride_width == 1 && window.padding_height == 0
            && window.padding_width == 0
    }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(pieces.scratch + outputCount)
    }

    func forward(_ tile: Tile) {
        guard let parameters, let scratch else { return }
        for image in 0..<tile.images.count {
            let source = input.values(tile) + image * window.imageCount
            let raw = head.rawTarget(tile, image) ?? scratch[tile.worker] + pieces.scratch
            pieces.visit { piece, first in
                multiply(
                    gathered(source, &piece, first, scratch[tile.worker]), parameters.weight, piece.positions,
                    raw + first * outputs)
            }
            head.finish(tile, image, raw: raw, bias: parameters.bias)
        }
    }

    private func gathered(
        _ image: UnsafePointer<Float>, _ piece: inout lw_window, _ first: Int, _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        if isPointwise { return image + first * depth }
        lw_gather_windows(image, &piece, 0, piece.rows, scratch)
        return UnsafePointer(scratch)
    }

    private func multiply(
        _ columns: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ rows: Int,
        _ target: UnsafeMutablePointer<Float>
    ) {
        MatrixProduct.multiply(
            columns, aStride: depth, weight, bStride: outputs, into: target, cStride: outputs, m: rows, n: outputs,
            k: depth)
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let parameters, let scratch else { return }
        for image in 0..<tile.images.count {
            let columns = scratch[tile.worker]
            let gradient = head.rawGradient(tile, image, scratch: columns + pieces.scratch)
            parameters.addBiasGradient(shard, head.pooledGradient(tile, image), head.positions)
            let source = input.values(tile) + image * window.imageCount
            let target = needsInputGradient ? input.gradient(tile).map { $0 + image * window.imageCount } : nil
            if !isPointwise { target?.update(repeating: 0, count: window.imageCount) }
            pieces.visit { piece, first in
                let gatheredSource = gathered(source, &piece, first, columns)
                MatrixProduct.multiply(
                    gatheredSource, .transposed, aStride: depth, gradient + first * outputs, bStride: outputs,
                    into: parameters.weightGradient(shard), cStride: outputs, m: depth, n: outputs,
                    k: piece.positions, accumulate: true)
                guard let target else { return }
                backwardToInput(gradient, &piece, first, parameters.weight, columns, target)
            }
        }
    }

    /// Adds to the image's gradient; a pointwise convolution writes a part of it.
    private func backwardToInput(
        _ gradient: UnsafePointer<Float>, _ piece: inout lw_window, _ first: Int, _ weight: UnsafePointer<Float>,
        _ columns: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>
    ) {
        MatrixProduct.multiply(
            gradient + first * outputs, aStride: outputs, weight, .transposed, bStride: outputs,
            into: isPointwise ? target + first * depth : columns, cStride: depth, m: piece.positions, n: depth,
            k: outputs)
        if !isPointwise { lw_scatter_windows(columns, &piece, target) }
    }
}
