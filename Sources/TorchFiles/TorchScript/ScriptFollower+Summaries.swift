import Importing
import Neural

/// Functions that make few numbers of many.
extension ScriptFollower {
    mutating func summary(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        guard let input = call.input else { return nil }
        switch call.word {
        case "mean", "sum", "amax", "amin":
            guard let axes = call.integers("dim") else { return nil }
            return try reduced(call.word, input, axes, keeps: call.flag("keepdim") ?? false)
        case "var", "std":
            guard let axes = call.integers("dim") else { return nil }
            let isUnbiased = call.flag("unbiased") ?? true
            let settings: [(name: String, value: Setting)] = [
                ("dim", .integers(axes)), ("keepdim", .boolean(call.flag("keepdim") ?? false)),
                ("correction", .integer(call.integer("correction") ?? (isUnbiased ? 1 : 0))),
            ]
            let variance = try add("var", settings, [input])
            guard call.word == "std", case .computed(let value) = variance else { return variance }
            return try add("sqrt", [], [value])
        case "norm", "linalg_vector_norm":
            guard let axes = call.integers("dim") else { return nil }
            return try norm(input, call.number("ord") ?? 2, axes, keeps: call.flag("keepdim") ?? false)
        case "normalize":
            let axes = call.integers("dim") ?? [1]
            guard
                case .computed(let norm)? = try norm(input, call.number("ord") ?? 2, axes, keeps: true)
            else { return nil }
            let bounded = try add("clamp", [("min", .number(call.number("eps") ?? 1e-12)), ("max", .none)], [norm])
            return try binary("div", .computed(input), bounded)
        default: return nil
        }
    }

    private mutating func reduced(
        _ word: String, _ input: GraphAssembly.Value, _ axes: [Int], keeps: Bool
    ) throws(ImportProblem) -> Value {
        try add(word, [("dim", .integers(axes)), ("keepdim", .boolean(keeps))], [input])
    }

    /// The sum of magnitudes, or the root of the sum of squares.
    private mutating func norm(
        _ input: GraphAssembly.Value, _ order: Float, _ axes: [Int], keeps: Bool
    ) throws(ImportProblem) -> Value? {
        guard order == 1 || order == 2 else { return nil }
        let terms = order == 1 ? try add("abs", [], [input]) : try add("mul", [], [input, input])
        guard case .computed(let terms) = terms,
            case .computed(let sum) = try reduced("sum", terms, axes, keeps: keeps)
        else { return nil }
        return order == 1 ? .computed(sum) : try add("sqrt", [], [sum])
    }
}
