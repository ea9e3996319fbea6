/// The last axes of a value by their own mean and variance: `torch.nn.LayerNorm` (Ba et al. 2016).
public struct LayerNormalization: KernelLayer {
    /// The extents of those axes.
    public var extents: [Int]
    public var epsilon: Float
    public var isAffine: Bool
    public var bias: Bool

    public init(_ extents: [Int], epsilon: Float = 1e-5, isAffine: Bool = true, bias: Bool = true) {
        self.extents = extents
        self.epsilon = epsilon
        self.isAffine = isAffine
        self.bias = bias
    }

    public static let kinds = [
        LayerKind(
            "LayerNorm", LayerNormalization([1]),
            [
                .normalizedShape(\.extents), .number("eps", \.epsilon, 1e-5),
                .flag("elementwise_affine", \.isAffine, true), .flag("bias", \.bias, true),
            ])
    ]

    public var parameters: [ParameterDeclaration] { .affine(extents, isAffine, bias: bias) }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(epsilon > 0, "an epsilon above 0")
        try expect(shapes[0].ends(in: extents), shapes[0], "a value whose last axes are \(extents)")
        return shapes[0]
    }

    // MARK: Execution

    /// A whole image may lie in any order.
    var orderRule: OrderRule { extents.count == 3 ? .any : .plain }

    func layout(of parameter: ParameterDeclaration, _ input: Shape, _ order: FeatureOrder) -> ParameterLayout {
        .features(parameter, order: order, isSharded: true)
    }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        let length = extents.reduce(1, *)
        return RowNormalization(
            rows: output.count / length, length: length, epsilon: epsilon,
            weights: .init(hasWeight: isAffine, hasBias: isAffine && bias))
    }
}

/// The last axes of a value by their own mean square: `torch.nn.RMSNorm` (Zhang & Sennrich 2019).
public struct RootMeanSquareNormalization: KernelLayer {
    /// The extents of those axes.
    public var extents: [Int]
    /// Nil: what float32 can tell from 1.
    public var epsilon: Float?
    public var isAffine: Bool

    public init(_ extents: [Int], epsilon: Float? = nil, isAffine: Bool = true) {
        self.extents = extents
        self.epsilon = epsilon
        self.isAffine = isAffine
    }

    public static let kinds = [
        LayerKind(
            "RMSNorm", RootMeanSquareNormalization([1]),
            [
                .normalizedShape(\.extents), .number("eps", \.epsilon),
                .flag("elementwise_affine", \.isAffine, true),
            ])
    ]

    public var parameters: [ParameterDeclaration] { .affine(extents, isAffine, bias: false) }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(epsilon ?? 1 > 0, "an epsilon above 0")
        try expect(shapes[0].ends(in: extents), shapes[0], "a value whose last axes are \(extents)")
        return shapes[0]
    }

    // MARK: Execution

    /// A whole image may lie in any order.
    var orderRule: OrderRule { extents.count == 3 ? .any : .plain }

    func layout(of parameter: ParameterDeclaration, _ input: Shape, _ order: FeatureOrder) -> ParameterLayout {
        .features(parameter, order: order, isSharded: true)
    }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        let length = extents.reduce(1, *)
        return RowNormalization(
            rows: output.count / length, length: length, epsilon: epsilon ?? .ulpOfOne, isCentered: false,
            weights: .init(hasWeight: isAffine, hasBias: false))
    }
}

extension Keyword {
    /// One number for one axis, or a list.
    fileprivate static func normalizedShape(_ path: WritableKeyPath<Owner, [Int]> & Sendable) -> Keyword {
        Keyword(
            name: "normalized_shape", expected: "a whole number from 1, or a list of them", standard: nil,
            supported: [], get: { .integers($0[keyPath: path]) },
            set: { owner, setting in
                guard let list = setting.wholeNumber.map({ [$0] }) ?? setting.wholeNumbers, (try? Shape(list)) != nil
                else { return false }
                owner[keyPath: path] = list
                return true
            })
    }
}

extension Shape {
    fileprivate func ends(in last: [Int]) -> Bool { Array(extents.suffix(last.count)) == last }
}
