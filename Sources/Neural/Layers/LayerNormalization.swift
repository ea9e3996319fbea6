/// Divides the last axes of a value by the root of their own mean square, and scales them by a learned weight where there is
/// one.
protocol LastAxesNormalization: KernelLayer {
    /// The extents of those axes.
    var extents: [Int] { get set }
    /// What is added to the mean square before its root divides.
    var addend: Float { get }
    /// Whether their mean is taken off before.
    var isCentered: Bool { get }
    var isAffine: Bool { get }
    /// Whether a learned bias comes with the weight.
    var bias: Bool { get }
}

extension LastAxesNormalization {
    public var parameters: [ParameterDeclaration] { .affine(extents, isAffine, bias: bias) }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(addend > 0, "an epsilon above 0")
        try expect(
            Array(shapes[0].extents.suffix(extents.count)) == extents, shapes[0],
            "a value whose last axes are \(extents)")
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
            rows: output.count / length, length: length, epsilon: addend, isCentered: isCentered,
            weights: .init(hasWeight: isAffine, hasBias: isAffine && bias))
    }

    fileprivate static var extentsKeyword: Keyword<Self> {
        .oneOrMore(
            "normalized_shape", \.extents, expected: "a whole number from 1, or a list of them",
            where: { (try? Shape($0)) != nil })
    }
}

/// The last axes of a value by their own mean and variance: `torch.nn.LayerNorm` (Ba et al. 2016).
public struct LayerNormalization: LastAxesNormalization {
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
                extentsKeyword, .number("eps", \.epsilon, 1e-5), .flag("elementwise_affine", \.isAffine, true),
                .flag("bias", \.bias, true),
            ])
    ]

    var addend: Float { epsilon }
    var isCentered: Bool { true }
}

/// The last axes of a value by their own mean square: `torch.nn.RMSNorm` (Zhang & Sennrich 2019).
public struct RootMeanSquareNormalization: LastAxesNormalization {
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
            [extentsKeyword, .number("eps", \.epsilon), .flag("elementwise_affine", \.isAffine, true)])
    ]

    var addend: Float { epsilon ?? .ulpOfOne }
    var isCentered: Bool { false }
    var bias: Bool { false }
}
