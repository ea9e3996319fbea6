import Importing
import Platform

extension ConstantFolding {
    /// What computes each element for itself.
    static let numbers: [String: Function] = [
        "Add": binary({ $0 &+ $1 }, { $0 + $1 }),
        "Sub": binary({ $0 &- $1 }, { $0 - $1 }),
        "Mul": binary({ $0 &* $1 }, { $0 * $1 }),
        "Div": binary({ $1 == 0 ? nil : $0.dividedReportingOverflow(by: $1).partialValue }, { $0 / $1 }),
        "Mod": { call, inputs throws(ImportProblem) in
            let truncates = call.flag("fmod")
            return try binary(
                { (a: Int, b: Int) -> Int? in
                    guard b != 0 else { return nil }
                    let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
                    return truncates || rest == 0 || (rest < 0) == (b < 0) ? rest : rest + b
                }, { $0.truncatingRemainder(dividingBy: $1) })(call, inputs)
        },
        "Pow": binary(
            { base, exponent in
                let power = raised(Double(base), to: Double(exponent))
                return Int(exactly: power.rounded())
            }, { Float(raised(Double($0), to: Double($1))) }),
        "Min": several({ min($0, $1) }, { min($0, $1) }),
        "Max": several({ max($0, $1) }, { max($0, $1) }),
        "Sum": several({ $0 &+ $1 }, { $0 + $1 }),
        "Equal": comparison({ $0 == $1 }, { $0 == $1 }),
        "Greater": comparison({ $0 > $1 }, { $0 > $1 }),
        "GreaterOrEqual": comparison({ $0 >= $1 }, { $0 >= $1 }),
        "Less": comparison({ $0 < $1 }, { $0 < $1 }),
        "LessOrEqual": comparison({ $0 <= $1 }, { $0 <= $1 }),
        "And": comparison({ $0 != 0 && $1 != 0 }, { $0 != 0 && $1 != 0 }),
        "Or": comparison({ $0 != 0 || $1 != 0 }, { $0 != 0 || $1 != 0 }),
        "Xor": comparison({ ($0 != 0) != ($1 != 0) }, { ($0 != 0) != ($1 != 0) }),
        "Not": unary({ $0 == 0 ? 1 : 0 }, { $0 == 0 ? 1 : 0 }),
        "Neg": unary({ 0 &- $0 }, { -$0 }),
        "Abs": unary({ $0 < 0 ? 0 &- $0 : $0 }, { abs($0) }),
        "Sign": unary({ $0.signum() }, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
        "Sqrt": unary(nil, { $0.squareRoot() }),
        "Reciprocal": unary(nil, { 1 / $0 }),
        "Exp": unary(nil, { Float(exponential(Double($0))) }),
        "Log": unary(nil, { Float(logarithm(Double($0))) }),
        "Floor": unary(nil, { $0.rounded(.down) }),
        "Ceil": unary(nil, { $0.rounded(.up) }),
        "Round": unary(nil, { $0.rounded(.toNearestOrEven) }),
        "Where": { call, inputs throws(ImportProblem) in
            try call.needs(3, of: inputs)
            let extents = try call.broadcast(inputs.map(\.extents))
            try call.spend(extents)
            let all = try inputs.map { input throws(ImportProblem) in try call.expanded(input, to: extents) }
            let condition = all[0].floats
            if let first = all[1].integers, let second = all[2].integers {
                return [
                    ConstantTensor(
                        extents, integers: condition.indices.map { condition[$0] != 0 ? first[$0] : second[$0] })
                ]
            }
            let (first, second) = (all[1].floats, all[2].floats)
            return [
                ConstantTensor(extents, floats: condition.indices.map { condition[$0] != 0 ? first[$0] : second[$0] })
            ]
        },
        "DequantizeLinear": { call, inputs throws(ImportProblem) in [try dequantize(call, inputs)] },
    ]

    /// - Parameter integers: nil where there is no answer, as of a division by zero.
    private static func binary(
        _ integers: @escaping @Sendable (Int, Int) -> Int?, _ floats: @escaping @Sendable (Float, Float) -> Float
    ) -> Function {
        { call, inputs throws(ImportProblem) in
            try call.needs(2, of: inputs)
            let extents = try call.broadcast([inputs[0].extents, inputs[1].extents])
            try call.spend(extents)
            let (left, right) = try (call.expanded(inputs[0], to: extents), call.expanded(inputs[1], to: extents))
            guard let a = left.integers, let b = right.integers else {
                return [ConstantTensor(extents, floats: zip(left.floats, right.floats).map(floats))]
            }
            let results = zip(a, b).compactMap(integers)
            guard results.count == a.count else { throw call.wrong("it has no answer for these whole numbers") }
            return [ConstantTensor(extents, integers: results)]
        }
    }

    private static func several(
        _ integers: @escaping @Sendable (Int, Int) -> Int, _ floats: @escaping @Sendable (Float, Float) -> Float
    ) -> Function {
        { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            var result = inputs[0]
            for input in inputs.dropFirst() { result = try binary(integers, floats)(call, [result, input])[0] }
            return [result]
        }
    }

    private static func comparison(
        _ integers: @escaping @Sendable (Int, Int) -> Bool, _ floats: @escaping @Sendable (Float, Float) -> Bool
    ) -> Function {
        { call, inputs throws(ImportProblem) in
            let result = try binary({ integers($0, $1) ? 1 : 0 }, { floats($0, $1) ? 1 : 0 })(call, inputs)[0]
            return [ConstantTensor(result.extents, integers: result.integers ?? result.floats.map { Int($0) })]
        }
    }

    /// - Parameter integers: nil where whole numbers are taken as floats.
    private static func unary(
        _ integers: (@Sendable (Int) -> Int)?, _ floats: @escaping @Sendable (Float) -> Float
    ) -> Function {
        { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            try call.spend(inputs[0].extents)
            if let integers, let list = inputs[0].integers {
                return [ConstantTensor(inputs[0].extents, integers: list.map(integers))]
            }
            return [ConstantTensor(inputs[0].extents, floats: inputs[0].floats.map(floats))]
        }
    }

    private static func raised(_ base: Double, to exponent: Double) -> Double {
        if exponent == 2 { return base * base }
        if exponent == exponent.rounded(), abs(exponent) <= 64 {
            let power = (0..<Int(abs(exponent))).reduce(1.0) { power, _ in power * base }
            return exponent < 0 ? 1 / power : power
        }
        return base == 0 ? (exponent > 0 ? 0 : .infinity) : base < 0 ? .nan : exponential(exponent * logarithm(base))
    }

    /// Weights that were kept as small whole numbers.
    private static func dequantize(_ call: NodeCall, _ inputs: [ConstantTensor]) throws(ImportProblem) -> ConstantTensor
    {
        try call.needs(2, of: inputs)
        guard try call.integer("block_size", 0) == 0 else {
            throw call.unsupported("its scales of blocks are not supported")
        }
        call.ignore("output_dtype")
        let extents = inputs[0].extents
        let number = try call.integer("axis", 1)
        func along(_ tensor: ConstantTensor) throws(ImportProblem) -> [Float] {
            if let one = tensor.scalar, tensor.extents.count < 2 {
                return try call.expanded(ConstantTensor([], floats: [one]), to: extents).floats
            }
            let axis = try call.axis(number, of: extents.count)
            guard tensor.extents == [extents[axis]] else {
                throw call.wrong(
                    "its scales or zero points of \(tensor.extents.text) do not fit an input of \(extents.text)")
            }
            var shape = extents.map { _ in 1 }
            shape[axis] = extents[axis]
            return try call.expanded(call.reshaped(tensor, shape), to: extents).floats
        }
        try call.spend(extents + [3])
        let scales = try along(inputs[1])
        let zeros = inputs.count > 2 ? try along(inputs[2]) : []
        let values = inputs[0].floats
        return ConstantTensor(
            extents, floats: values.indices.map { (values[$0] - (zeros.isEmpty ? 0 : zeros[$0])) * scales[$0] })
    }
}
