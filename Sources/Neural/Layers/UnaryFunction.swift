import CKernels

/// The elementwise functions of one value, by the names of `torch.nn`'s classes and `torch`'s functions. Their formulas
/// stand in `CKernels/unary.c`.
enum UnaryFunction: String, CaseIterable, Hashable, Sendable {
    case relu = "ReLU"
    case leakyReLU = "LeakyReLU"
    case silu = "SiLU"
    case tanh = "Tanh"
    case sigmoid = "Sigmoid"
    case softplus = "Softplus"
    /// x times the standard normal's distribution function; or its approximation by a hyperbolic tangent.
    case gelu = "GELU"
    case elu = "ELU"
    case selu = "SELU"
    case celu = "CELU"
    case mish = "Mish"
    case hardSigmoid = "Hardsigmoid"
    case hardSwish = "Hardswish"
    case hardTanh = "Hardtanh"
    case relu6 = "ReLU6"
    case softsign = "Softsign"
    case logSigmoid = "LogSigmoid"
    case exp, log, sqrt, reciprocal, abs, neg, clamp, erf, sin, cos, sign
    /// To the nearest whole number, of two the even one.
    case round
    case floor, ceil
    /// Towards 0: what a cast to a whole number does.
    case trunc

    /// What C calls it.
    ///
    /// - Parameter first: of ``Activation``'s two numbers.
    func code(_ first: Float) -> lw_unary_function {
        switch self {
        case .relu: LW_UNARY_RELU
        case .leakyReLU: LW_UNARY_LEAKY_RELU
        case .silu: LW_UNARY_SILU
        case .tanh: LW_UNARY_TANH
        case .sigmoid: LW_UNARY_SIGMOID
        case .softplus: LW_UNARY_SOFTPLUS
        case .gelu: first == 0 ? LW_UNARY_GELU : LW_UNARY_GELU_TANH
        case .elu: LW_UNARY_ELU
        case .selu: LW_UNARY_SELU
        case .celu: LW_UNARY_CELU
        case .mish: LW_UNARY_MISH
        case .hardSigmoid: LW_UNARY_HARD_SIGMOID
        case .hardSwish: LW_UNARY_HARD_SWISH
        case .hardTanh: LW_UNARY_HARD_TANH
        case .relu6: LW_UNARY_RELU6
        case .softsign: LW_UNARY_SOFTSIGN
        case .logSigmoid: LW_UNARY_LOG_SIGMOID
        case .exp: LW_UNARY_EXP
        case .log: LW_UNARY_LOG
        case .sqrt: LW_UNARY_SQRT
        case .reciprocal: LW_UNARY_RECIPROCAL
        case .abs: LW_UNARY_ABS
        case .neg: LW_UNARY_NEG
        case .clamp: LW_UNARY_CLAMP
        case .erf: LW_UNARY_ERF
        case .sin: LW_UNARY_SIN
        case .cos: LW_UNARY_COS
        case .sign: LW_UNARY_SIGN
        case .round: LW_UNARY_ROUND
        case .floor: LW_UNARY_FLOOR
        case .ceil: LW_UNARY_CEIL
        case .trunc: LW_UNARY_TRUNC
        }
    }

    /// The keywords that set its two numbers.
    var keywords: [Keyword<Activation>] {
        switch self {
        case .relu, .silu, .selu, .mish, .hardSigmoid, .hardSwish, .relu6: [.ignoredFlag("inplace")]
        case .leakyReLU: [.number("negative_slope", \.first, 0.01), .ignoredFlag("inplace")]
        case .elu, .celu: [.number("alpha", \.first, 1), .ignoredFlag("inplace")]
        case .softplus:
            [.number("beta", \.first, 1).unwrittenDefault, .number("threshold", \.second, 20).unwrittenDefault]
        case .gelu: [.approximation]
        case .hardTanh:
            [.number("min_val", \.first, -1), .number("max_val", \.second, 1), .ignoredFlag("inplace")]
        case .clamp: [.bound("min", \.first, -.infinity), .bound("max", \.second, .infinity)]
        default: []
        }
    }

    /// What it needs of its two numbers; nil where they are right.
    func complaint(_ first: Float, _ second: Float) -> String? {
        switch self {
        case .softplus: first > 0 ? nil : "a beta above 0"
        case .celu: first != 0 ? nil : "an alpha other than 0"
        case .hardTanh: first < second ? nil : "a min_val below its max_val"
        default: nil
        }
    }
}

extension Keyword<Activation> {
    /// Which formula GELU has: 0 stands for the exact one.
    fileprivate static var approximation: Keyword {
        Keyword(
            "approximate", \.first, .text("none"), expected: "none or tanh",
            write: { .text($0 == 0 ? "none" : "tanh") },
            read: { [Setting.text("none"): 0, .text("tanh"): 1][$0] })
    }

    /// A bound that may be missing.
    fileprivate static func bound(
        _ name: String, _ path: WritableKeyPath<Activation, Float> & Sendable, _ none: Float
    ) -> Keyword {
        Keyword(
            name, path, Setting.none, expected: "a number, or null", write: { $0 == none ? .none : .number($0) },
            read: { $0 == .none ? none : $0.float }
        ).unwrittenDefault
    }
}
