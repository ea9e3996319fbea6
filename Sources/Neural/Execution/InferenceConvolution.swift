import CKernels

/// The stage that is best for a convolution or transposed convolution without gradients, as measured.
struct InferenceConvolution {
    let stage: any ImagewiseStage
    /// Whether its image lies in PyTorch's order.
    let writesPlanes: Bool

    /// A convolution; nil for one that the stages for training do best.
    ///
    /// - Parameters:
    ///   - isLast: whether nobody reads the value, so that it may lie in PyTorch's order.
    ///   - isForValues: whether there are no tangents, for which each bit counts.
    init?(
        _ parameters: [ParameterDeclaration], _ layer: Convolution, from: TapConvolutionStage.Extents,
        to: TapConvolutionStage.Extents, activation: FusedActivation, input: ValueBuffer, output: ValueBuffer,
        isLast: Bool, isForValues: Bool
    ) {
        if PlanarConvolutionStage.suits(layer) {
            writesPlanes = isLast
            stage = PlanarConvolutionStage(
                parameters, layer, from: from, to: to, activation: activation, input: input, output: output,
                writesPlanes: isLast)
        } else if isForValues, let scheme = TileScheme.best(for: layer, to: to) {
            writesPlanes = false
            stage = TileConvolutionStage(
                parameters, scheme, padding: layer.padding, from: from, to: to, activation: activation, input: input,
                output: output)
        } else if ThinConvolutionStage.suits(layer) || WinogradConvolutionStage.suits(layer) {
            return nil
        } else {
            writesPlanes = false
            stage = TapConvolutionStage(
                parameters, layer, from: from, to: to, activation: activation, input: input, output: output)
        }
    }

    /// A transposed convolution.
    ///
    /// - Parameter to: smaller than what the layer makes where its last rows and columns are not wanted.
    init(
        _ parameters: [ParameterDeclaration], _ layer: TransposedConvolution, from: TapConvolutionStage.Extents,
        to: TapConvolutionStage.Extents, activation: FusedActivation, input: ValueBuffer, output: ValueBuffer,
        isLast: Bool, isForValues: Bool
    ) {
        writesPlanes = isLast && PlanarConvolutionStage.suits(layer, from)
        let isWhole = layer.makes(to, of: from)
        if PlanarConvolutionStage.suits(layer, from) {
            stage = PlanarConvolutionStage(
                parameters, layer, from: from, to: to, activation: activation, input: input, output: output,
                writesPlanes: isLast)
        } else if isForValues, isWhole, let scheme = TileScheme.best(for: layer, from: from) {
            stage = TileConvolutionStage(
                parameters, scheme, padding: layer.padding, from: from, to: to, activation: activation, input: input,
                output: output)
        } else if isWhole, let turned = layer.turned, WinogradConvolutionStage.suits(turned) {
            let window = lw_window(
                image: from, kernel: turned.kernel, stride: turned.stride, padding: turned.padding, rows: to.height,
                columns: to.width)
            let head = PooledHead(
                channels: layer.outputs, activation: activation, pool: nil, output: output, trainingBatch: nil)
            stage = WinogradConvolutionStage(
                parameters, window: window, head: head, input: input, needsInputGradient: false, isTransposed: true)
        } else {
            stage = TapConvolutionStage(
                parameters, layer, from: from, to: to, activation: activation, input: input, output: output)
        }
    }
}

extension TransposedConvolution {
    /// Whether an image is all that it makes of another one.
    fileprivate func makes(_ to: TapConvolutionStage.Extents, of from: TapConvolutionStage.Extents) -> Bool {
        let whole = try? outputShape(of: [Shape([from.channels, from.height, from.width])])
        return whole?.extents == [to.channels, to.height, to.width]
    }

    /// The convolution that it is where its stride is 1: with the kernel turned around.
    fileprivate var turned: Convolution? {
        let padding = Extent(kernel.height - 1 - self.padding.height, kernel.width - 1 - self.padding.width)
        guard stride == Extent(1), min(padding.height, padding.width) >= 0 else { return nil }
        return Convolution(inputs: inputs, outputs: outputs, kernel: kernel, padding: padding, bias: bias)
    }
}
