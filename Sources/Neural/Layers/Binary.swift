import CKernels

/// The elementwise functions of two values, by the names of `torch`'s functions. Their formulas stand in
/// `CKernels/binary.c`.
enum BinaryFunction: String, CaseIterable, Hashable, Sendable {
    case add, sub, mul, div, minimum, maximum, pow
    /// Comparisons give 1 where they hold, else 0.
    case gt, ge, lt, le, eq, ne

    /// What C calls it.
    var code: lw_binary_function {
        switch self {
        case .add: LW_BINARY_ADD
        case .sub: LW_BINARY_SUB
        case .mul: LW_BINARY_MUL
        case .div: LW_BINARY_DIV
        case .minimum: LW_BINARY_MINIMUM
        case .maximum: LW_BINARY_MAXIMUM
        case .pow: LW_BINARY_POW
        case .gt: LW_BINARY_GREATER
        case .ge: LW_BINARY_GREATER_OR_EQUAL
        case .lt: LW_BINARY_LESS
        case .le: LW_BINARY_LESS_OR_EQUAL
        case .eq: LW_BINARY_EQUAL
        case .ne: LW_BINARY_NOT_EQUAL
        }
    }

    /// The keyword for a number in place of the second value, and those that PyTorch has beside it.
    fileprivate var keywords: [Keyword<Binary>] {
        let other: Keyword<Binary> = .number("other", \.number).unwrittenDefault
        switch self {
        case .add, .sub: return [other, .only("alpha", .integer(1))]
        case .div: return [other, .only("rounding_mode", .none)]
        case .pow: return [.number("exponent", \.number).unwrittenDefault]
        case .minimum, .maximum: return []
        case .mul, .gt, .ge, .lt, .le, .eq, .ne: return [other]
        }
    }
}

/// An elementwise function of two values, or of a value and a number: `torch.add` and its relatives.
public struct Binary: KernelLayer {
    let function: BinaryFunction
    /// In place of the second value; nil where there are two.
    public internal(set) var number: Float?

    init(_ function: BinaryFunction, _ number: Float? = nil) {
        self.function = function
        self.number = number
    }

    public static let kinds = BinaryFunction.allCases.map { function in
        LayerKind(function.rawValue, Binary(function), function.keywords)
    }

    public func kind(of inputs: [Shape]) -> String { function.rawValue }
    public var inputCount: ClosedRange<Int> { number == nil ? 2...2 : 1...1 }
    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape { try broadcast(shapes) }

    var isElementwise: Bool { true }

    func kernel(for inputs: [StoredShape], output: StoredShape) -> any SampleKernel {
        let linear: [BinaryFunction] = number == nil ? [.add, .sub] : [.mul, .div]
        return BinaryKernel(
            function: function.code, isLinear: linear.contains(function), counts: inputs.map(\.count),
            loops: BroadcastLoops(output: output.extents, operands: inputs.map(\.extents)),
            second: number.map { .number($0) } ?? .input)
    }
}
