import Importing
import Neural

/// Arithmetic of values, of constants, and of sizes.
extension ScriptFollower {
    mutating func arithmetic(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        switch call.word {
        case "randn_like", "rand_like", "normal", "randn": return try noisy(call)
        case "zeros_like", "ones_like", "empty_like":
            guard let input = call.input else { return nil }
            let zeros = try add("mul", [("other", .number(0))], [input])
            return call.word == "ones_like" ? try binary("add", zeros, .setting(.number(1))) : zeros
        case "pow": return try binary("pow", call["input"], call["exponent"])
        case "square": return try binary("mul", call["input"], call["input"])
        case "add", "sub", "rsub":
            let isReversed = call.word == "rsub"
            let (first, second) = isReversed ? (call["other"], call["input"]) : (call["input"], call["other"])
            let scaled = try scaled(second, by: call.number("alpha") ?? 1)
            return try binary(isReversed ? "sub" : call.word, first, scaled)
        case "true_divide": return try binary("div", call["input"], call["other"])
        case "div", "floor_divide":
            let rounding = call.word == "div" ? call.setting("rounding_mode") : .text("floor")
            let quotient = try binary("div", call["input"], call["other"])
            if let rounding { return try rounded(quotient, rounding) }
            return quotient
        case "mul", "maximum", "minimum", "gt", "ge", "lt", "le", "eq", "ne":
            return try binary(call.word, call["input"], call["other"])
        case "round":
            guard let input = call.input else { return nil }
            let decimals = call.integer("decimals") ?? 0
            if decimals == 0 { return try add("round", [], [input]) }
            guard let factor = power(of: 10, decimals) else { return nil }
            let scaled = try binary("mul", .computed(input), .setting(.number(factor)))
            guard case .computed(let value)? = scaled else { return nil }
            return try binary("div", try add("round", [], [value]), .setting(.number(factor)))
        case "lerp":
            let change = try binary("sub", call["end"], call["input"])
            return try binary("add", call["input"], try binary("mul", change, call["weight"]))
        case "where": return try chosen(call["condition"], call["input"], call["other"])
        case "masked_fill": return try chosen(call["mask"], call["value"], call["input"])
        default: return nil
        }
    }

    private func power(of base: Float, _ exponent: Int) -> Float? {
        guard (-12...12).contains(exponent) else { return nil }
        let power = (0..<abs(exponent)).reduce(Float(1)) { product, _ in product * base }
        return exponent < 0 ? 1 / power : power
    }

    private mutating func rounded(_ value: Value?, _ mode: Setting) throws(ImportProblem) -> Value? {
        guard case .text(let mode) = mode, mode == "floor" || mode == "trunc" else { return nil }
        switch value {
        case .computed(let value)?: return try add(mode, [], [value])
        case .some(let value):
            return ScriptCall.number(value).map { Self.whole($0.rounded(mode == "floor" ? .down : .towardZero)) }
        case nil: return nil
        }
    }

    private mutating func scaled(_ value: Value?, by factor: Float) throws(ImportProblem) -> Value? {
        factor == 1 ? value : try binary("mul", value, .setting(.number(factor)))
    }

    /// An input that stands for noise of a value's shape, or of a shape that is told.
    private mutating func noisy(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        let shape: Shape
        if let input = call.input {
            shape = assembly.shape(of: input)
        } else {
            guard let sizes = call["size"].flatMap(elements), case .batch(times: 1)? = sizes.first else { return nil }
            let extents = sizes.dropFirst().compactMap { size in
                if case .setting(.integer(let extent)) = size { extent } else { nil }
            }
            guard extents.count == sizes.count - 1, let told = try? Shape(extents) else { return nil }
            shape = told
        }
        let value = assembly.input("noise", shape)
        noise.append(value)
        return .computed(value)
    }

    /// A function of two values, of which each may be a number, a constant, or computed.
    mutating func binary(_ word: String, _ one: Value?, _ other: Value?) throws(ImportProblem) -> Value? {
        guard let one, let other else { return nil }
        switch (one, other) {
        case (.computed(let value), _):
            if let number = ScriptCall.number(other) {
                return try add(word, [(word == "pow" ? "exponent" : "other", .number(number))], [value])
            }
        case (_, .computed(let value)):
            if let number = ScriptCall.number(one), word == "add" || word == "mul" {
                return try add(word, [("other", .number(number))], [value])
            }
        default:
            guard let one = ScriptCall.number(one), let other = ScriptCall.number(other) else { return nil }
            return numbers(word, one, other)
        }
        guard let left = try computed(one, beside: other), let right = try computed(other, beside: one) else {
            return nil
        }
        return try add(word, [], [left, right])
    }

    /// Arithmetic of sizes.
    private func numbers(_ word: String, _ one: Float, _ other: Float) -> Value? {
        switch word {
        case "add": Self.whole(one + other)
        case "sub": Self.whole(one - other)
        case "mul": Self.whole(one * other)
        case "div": other == 0 ? nil : Self.whole(one / other)
        default: nil
        }
    }

    /// One value where a condition holds, another elsewhere.
    mutating func chosen(_ condition: Value?, _ one: Value?, _ other: Value?) throws(ImportProblem) -> Value? {
        guard case .computed(let test)? = condition else { return nil }
        guard let left = try computed(one, beside: condition), let right = try computed(other, beside: condition)
        else { return nil }
        return .computed(try assembly.add("where", [:], [test, left, right], name: "where"))
    }

    /// A value as a layer's input; a number or a constant becomes a layer without inputs.
    ///
    /// - Parameter other: what it is combined with. A constant has no batch: it must be the same for all samples.
    mutating func computed(_ value: Value?, beside other: Value? = nil) throws(ImportProblem) -> GraphAssembly.Value? {
        let tensor: Tensor
        switch value {
        case .computed(let value)?: return value
        case .constant(let constant)? where !constant.values.isEmpty: tensor = constant
        case .setting?:
            guard let number = value.flatMap(ScriptCall.number) else { return nil }
            tensor = Tensor(extents: [1], values: [number])
        default: return nil
        }
        var extents = tensor.extents
        if case .computed(let other)? = other, tensor.values.count > 1 {
            let rank = assembly.shape(of: other).extents.count
            guard extents.count <= rank || extents.count == rank + 1 && extents[0] == 1 else {
                throw unsupported("a constant of another number of samples")
            }
        }
        // One number for all places.
        if tensor.values.count == 1, case .computed(let other)? = other {
            extents = [Int](repeating: 1, count: assembly.shape(of: other).extents.count + 1)
        }
        // The first axis is the batch's, where there is one.
        if extents.count > 1, extents[0] == 1 { extents.removeFirst() }
        let shaped = Tensor(extents: extents.isEmpty ? [1] : extents, values: tensor.values)
        let made = try add("constant", [("shape", .integers(shaped.extents))], [], ["value": shaped])
        if case .computed(let value) = made { return value }
        return nil
    }
}
