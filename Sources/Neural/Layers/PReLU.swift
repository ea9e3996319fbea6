import CKernels

/// x above 0, else x times a learned slope, one for all or one a channel: `torch.nn.PReLU` (He et al. 2015).
public struct PReLU: KernelLayer {
    /// How many slopes there are.
    public var count = 1

    public static let kinds = [LayerKind("PReLU", PReLU(), [.integer("num_parameters", \.count, 1)])]

    public var parameters: [ParameterDeclaration] {
        [ParameterDeclaration(name: "weight", extents: [count], role: .weight)]
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(count >= 1, "num_parameters of at least 1")
        try expect(count == 1 || count == shapes[0].extents[0], shapes[0], "\(count) channels")
        return shapes[0]
    }

    var isElementwise: Bool { true }

    func initialization(of parameter: ParameterDeclaration) -> ParameterInitialization { .constant(0.25) }

    func layout(of parameter: ParameterDeclaration, _ input: Shape, _ order: FeatureOrder) -> ParameterLayout {
        count == 1 || input.extents.count > 1
            ? .plain(parameter, isSharded: true) : .features(parameter, order: order, isSharded: true)
    }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        var slopes = output.extents.map { _ in 1 }
        slopes[output.places[0]] = count
        return BinaryKernel(
            function: LW_BINARY_PRELU, isLinear: false, counts: inputs.map(\.count),
            loops: BroadcastLoops(output: output.extents, operands: [inputs[0].extents, slopes]), second: .parameter)
    }
}
