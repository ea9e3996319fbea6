import CKernels

/// An elementwise function of one value: `torch.nn.ReLU` and its relatives, `torch.exp` and its.
public struct Activation: ExecutableLayer {
    let function: UnaryFunction
    /// What the function's keywords are: a slope, bounds …
    public internal(set) var first: Float
    public internal(set) var second: Float

    init(_ function: UnaryFunction, _ first: Float = 0, _ second: Float = 0) {
        self.function = function
        self.first = first
        self.second = second
    }

    public static let relu = Activation(.relu)
    public static func leakyReLU(slope: Float) -> Activation { Activation(.leakyReLU, slope) }
    /// x σ(x).
    public static let silu = Activation(.silu)
    public static let tanh = Activation(.tanh)
    public static let sigmoid = Activation(.sigmoid)
    /// log(1 + eˣ).
    public static let softplus = Activation(.softplus, 1, 20)

    public static let kinds = UnaryFunction.allCases.map { function in
        LayerKind(function.rawValue, Activation(function), function.keywords)
    }

    public func kind(of inputs: [Shape]) -> String { function.rawValue }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        if let complaint = function.complaint(first, second) { try require(false, complaint) }
        return shapes[0]
    }

    // MARK: Execution

    var isElementwise: Bool { true }

    /// What stages can apply to their own results; nil for a function that needs a stage of its own.
    var fused: FusedActivation? {
        switch function {
        case .relu: FusedActivation(function: LW_RELU, slope: 0)
        case .leakyReLU: FusedActivation(function: LW_LEAKY_RELU, slope: first)
        case .silu: FusedActivation(function: LW_SILU, slope: 0)
        case .tanh: FusedActivation(function: LW_TANH, slope: 0)
        case .sigmoid: FusedActivation(function: LW_SIGMOID, slope: 0)
        case .softplus: first == 1 && second >= 20 ? FusedActivation(function: LW_SOFTPLUS, slope: 0) : nil
        default: nil
        }
    }

    /// Whether a larger input never gives a smaller output, so that it may change places with a maximum.
    var isIncreasing: Bool {
        switch function {
        case .relu, .tanh, .sigmoid, .softplus: true
        case .leakyReLU: first >= 0
        default: false
        }
    }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let order = lowering.order(of: node.inputs[0])
        let source = lowering.read(node.inputs[0])
        lowering.append(
            ActivationStage(self, input: source, output: lowering.make(node.output, order, staysInTile: true)))
    }
}
