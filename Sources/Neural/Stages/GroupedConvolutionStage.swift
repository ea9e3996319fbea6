import CKernels

/// A convolution in groups, or with gaps between its taps, or the transpose of one: for each group a product of gathered
/// windows and weights.
///
/// The windows lie over the larger image: a convolution's input, its transpose's output. W lies
/// `[groups, kernel height, kernel width, larger / groups, smaller / groups]`.
final class GroupedConvolutionStage: ImagewiseStage {
    private let window: lw_window
    private let dilation: Extent
    private let groups: Int
    /// Channels of the image that has a pixel for each window.
    private let smaller: Int
    private let isTransposed: Bool
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    private var parameters: BoundParameters?
    private var scratch: Scratch?

    convenience init(
        _ declarations: [ParameterDeclaration], layer: Convolution, from: Shape, to: Shape, input: ValueBuffer,
        output: ValueBuffer
    ) {
        self.init(
            declarations, larger: from, smaller: to, isTransposed: false, kernel: layer.kernel, stride: layer.stride,
            padding: layer.padding, dilation: layer.dilation, groups: layer.groups, input: input, output: output)
    }

    convenience init(
        _ declarations: [ParameterDeclaration], layer: TransposedConvolution, from: Shape, to: Shape,
        input: ValueBuffer, output: ValueBuffer
    ) {
        self.init(
            declarations, larger: to, smaller: from, isTransposed: true, kernel: layer.kernel, stride: layer.stride,
            padding: layer.padding, dilation: layer.dilation, groups: layer.groups, input: input, output: output)
    }

    private init(
        _ declarations: [ParameterDeclaration], larger: Shape, smaller: Shape, isTransposed: Bool, kernel: Extent,
        stride: Extent, padding: Extent, dilation: Extent, groups: Int, input: ValueBuffer, output: ValueBuffer
    ) {
        guard let large = larger.image, let small = smaller.image else {
            preconditionFailure("the network's shapes were checked when it was made")
        }
        window = lw_window(
            image: large, kernel: kernel, stride: stride, padding: padding, rows: small.height, columns: small.width)
        self.dilation = dilation
        self.groups = groups
        self.smaller = small.channels
        self.isTransposed = isTransposed
        self.input = input
        self.output = output
        layouts = declarations.map { declaration in
            declaration.role == .weight
                ? .kernel(
                    declaration,
                    extents: [
                        groups, small.channels / groups, large.channels / groups, kernel.height, kernel.width,
                    ], axes: [0, 3, 4, 2, 1], isSharded: true)
                : .plain(declaration, isSharded: true)
        }
    }

    var work: StageWork {
        let products = window.positions * depth * smaller
        return StageWork("convolution in \(groups) groups", forward: products, backward: 2 * products)
    }
    var parameterLayouts: [ParameterLayout] { layouts }
    /// In plans for tangents it has no bias.
    var isLinear: Bool { true }

    private var larger: Int { Int(window.channels) }
    private var largerShare: Int { larger / groups }
    private var smallerShare: Int { smaller / groups }
    /// Elements of one gathered window of one group.
    private var depth: Int { window.taps * largerShare }
    private var pieces: WindowPieces { WindowPieces(window, depth: depth) }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        parameters = BoundParameters(store, layouts)
        self.scratch = scratch
        scratch.reserve(pieces.scratch)
    }

    private func gather(_ image: UnsafePointer<Float>, _ piece: inout lw_window, _ group: Int, _ columns: Floats) {
        lw_gather_group(
            image, &piece, Int32(dilation.height), Int32(dilation.width), Int32(group * largerShare),
            Int32(largerShare), columns)
    }

    private func scatter(_ columns: Floats, _ piece: inout lw_window, _ group: Int, _ image: Floats) {
        lw_scatter_group(
            columns, &piece, Int32(dilation.height), Int32(dilation.width), Int32(group * largerShare),
            Int32(largerShare), image)
    }

    private func weight(_ group: Int, _ weights: Floats) -> Floats { weights + group * depth * smallerShare }

    /// The smaller image's group from gathered windows.
    private func contract(
        _ columns: Floats, _ positions: Int, _ group: Int, _ weights: Floats, into small: Floats
    ) {
        MatrixProduct.multiply(
            columns, aStride: depth, weight(group, weights), bStride: smallerShare, into: small + group * smallerShare,
            cStride: smaller, m: positions, n: smallerShare, k: depth)
    }

    /// Windows from the smaller image's group.
    private func expand(_ small: Floats, _ positions: Int, _ group: Int, _ weights: Floats, into columns: Floats) {
        MatrixProduct.multiply(
            small + group * smallerShare, aStride: smaller, weight(group, weights), .transposed, bStride: smallerShare,
            into: columns, cStride: depth, m: positions, n: depth, k: smallerShare)
    }

    func forward(_ tile: Tile) {
        guard let parameters, let columns = scratch?[tile.worker] else { return }
        let channels = isTransposed ? larger : smaller
        for image in 0..<tile.images.count {
            let (source, target) = (
                input.values(tile) + image * input.count, output.values(tile) + image * output.count
            )
            if isTransposed { target.update(repeating: 0, count: output.count) }
            for group in 0..<groups {
                pieces.visit { piece, first in
                    if isTransposed {
                        expand(source + first * smaller, piece.positions, group, parameters.weight, into: columns)
                        scatter(columns, &piece, group, target)
                    } else {
                        gather(source, &piece, group, columns)
                        contract(columns, piece.positions, group, parameters.weight, into: target + first * smaller)
                    }
                }
            }
            lw_bias_activate(
                target, output.count / channels, channels, channels, parameters.bias, LW_IDENTITY, 0)
        }
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let parameters, let columns = scratch?[tile.worker], let gradients = output.gradient(tile) else { return }
        let channels = isTransposed ? larger : smaller
        for image in 0..<tile.images.count {
            let (source, gradient) = (input.values(tile) + image * input.count, gradients + image * output.count)
            let target = input.gradient(tile).map { $0 + image * input.count }
            parameters.addBiasGradient(shard, gradient, output.count / channels)
            if !isTransposed { target?.update(repeating: 0, count: input.count) }
            for group in 0..<groups {
                let (large, small) = isTransposed ? (gradient, source) : (source, gradient)
                pieces.visit { piece, first in
                    gather(large, &piece, group, columns)
                    MatrixProduct.multiply(
                        columns, .transposed, aStride: depth, small + first * smaller + group * smallerShare,
                        bStride: smaller, into: weight(group, parameters.weightGradient(shard)),
                        cStride: smallerShare, m: depth, n: smallerShare, k: piece.positions, accumulate: true)
                    guard let target else { return }
                    if isTransposed {
                        contract(columns, piece.positions, group, parameters.weight, into: target + first * smaller)
                    } else {
                        expand(gradient + first * smaller, piece.positions, group, parameters.weight, into: columns)
                        scatter(columns, &piece, group, target)
                    }
                }
            }
        }
    }
}
