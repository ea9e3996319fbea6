import Importing
import Neural

extension OperatorTable {
    static let activations: [String: Function] = [
        "Relu": unary("ReLU"), "Sigmoid": unary("Sigmoid"), "Tanh": unary("Tanh"), "Softplus": unary("Softplus"),
        "Softsign": unary("Softsign"), "Mish": unary("Mish"), "HardSwish": unary("Hardswish"), "Exp": unary("exp"),
        "Log": unary("log"), "Sqrt": unary("sqrt"), "Reciprocal": unary("reciprocal"), "Abs": unary("abs"),
        "Neg": unary("neg"), "Erf": unary("erf"), "Sin": unary("sin"), "Cos": unary("cos"), "Sign": unary("sign"),
        "Round": unary("round"), "Floor": unary("floor"), "Ceil": unary("ceil"),
        "LeakyRelu": { call throws(ImportProblem) in
            let slope = call.number("alpha", 0.01)
            return [.computed(try call.elementwise("LeakyReLU", ["negative_slope": .number(slope)], try call.value(0)))]
        },
        "Elu": { call throws(ImportProblem) in
            let alpha = call.number("alpha", 1)
            return [.computed(try call.elementwise("ELU", ["alpha": .number(alpha)], try call.value(0)))]
        },
        "Celu": { call throws(ImportProblem) in
            let alpha = call.number("alpha", 1)
            return [.computed(try call.elementwise("CELU", ["alpha": .number(alpha)], try call.value(0)))]
        },
        "Selu": { call throws(ImportProblem) in
            // gamma · ELU; the older versions' defaults have fewer digits.
            let alpha = call.number("alpha", call.version < 6 ? 1.6732 : 1.673_263_2)
            let gamma = call.number("gamma", call.version < 6 ? 1.0507 : 1.050_701)
            let value = try call.value(0)
            if abs(alpha - 1.673_263_2) < 1e-6, abs(gamma - 1.050_701) < 1e-6 {
                return [.computed(try call.elementwise("SELU", value))]
            }
            let unit = try call.elementwise("ELU", ["alpha": .number(alpha)], value)
            return [.computed(try call.elementwise("mul", ["other": .number(gamma)], unit))]
        },
        "Gelu": { call throws(ImportProblem) in
            let word = call.text("approximate", "none")
            return [.computed(try call.elementwise("GELU", ["approximate": .text(word)], try call.value(0)))]
        },
        // TensorFlow's, which tf2onnx leaves as it is: 1 − erf.
        "Erfc": { call throws(ImportProblem) in
            let negative = try call.elementwise("neg", try call.elementwise("erf", try call.value(0)))
            return [.computed(try call.elementwise("add", ["other": .number(1)], negative))]
        },
        "com.microsoft.Gelu": { call throws(ImportProblem) in
            [.computed(try call.elementwise("GELU", try call.value(0)))]
        },
        "Swish": { call throws(ImportProblem) in try swish(call, call.number("alpha", 1)) },
        "com.microsoft.QuickGelu": { call throws(ImportProblem) in try swish(call, call.number("alpha", 1.702)) },
        "HardSigmoid": { call throws(ImportProblem) in
            let (slope, offset) = (call.number("alpha", 0.2), call.number("beta", 0.5))
            if abs(slope - 1 / 6) < 1e-6, offset == 0.5 {
                return [.computed(try call.elementwise("Hardsigmoid", try call.value(0)))]
            }
            let scaled = try call.elementwise("mul", ["other": .number(slope)], try call.value(0))
            let moved = try call.elementwise("add", ["other": .number(offset)], scaled)
            return [.computed(try call.elementwise("clamp", ["min": .number(0), "max": .number(1)], moved))]
        },
        "ThresholdedRelu": { call throws(ImportProblem) in
            let least = call.number("alpha", 1)
            let value = try call.value(0)
            let mask = try call.elementwise("gt", ["other": .number(least)], value)
            return [.computed(try call.combine("mul", .computed(value), .computed(mask)))]
        },
        "PRelu": { call throws(ImportProblem) in try parametric(call) },
        "Clip": { call throws(ImportProblem) in try clip(call) },
        "Softmax": { call throws(ImportProblem) in try softmax(call, "Softmax") },
        "LogSoftmax": { call throws(ImportProblem) in try softmax(call, "LogSoftmax") },
    ]

    private static func unary(_ kind: String) -> Function {
        { call throws(ImportProblem) in
            call.ignore("consumed_inputs")
            return [.computed(try call.elementwise(kind, try call.value(0)))]
        }
    }

    /// x · sigmoid(alpha x).
    private static func swish(_ call: NodeCall, _ alpha: Float) throws(ImportProblem) -> [TranslatedValue] {
        let value = try call.value(0)
        if alpha == 1 { return [.computed(try call.elementwise("SiLU", value))] }
        let scaled = try call.elementwise("mul", ["other": .number(alpha)], value)
        let gate = try call.elementwise("Sigmoid", scaled)
        return [.computed(try call.combine("mul", .computed(value), .computed(gate)))]
    }

    /// Slopes for all, for each channel, or any that can be broadcast.
    private static func parametric(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        var (_, bend) = try call.pair()
        if let slopes = bend.constant {
            if let slope = slopes.scalar {
                return [.computed(try call.elementwise("LeakyReLU", ["negative_slope": .number(slope)], handle))]
            }
            // Before version 7 a list had one slope for each channel; since then it is broadcast, along the last axis.
            let isOld = call.version < 7 && handle.rank > 1 && slopes.extents == [handle.extents[1]]
            let extents =
                isOld
                ? [1, slopes.count] + handle.extents.dropFirst(2).map { _ in 1 }
                : Array(repeating: 1, count: max(0, handle.rank - slopes.extents.count)) + slopes.extents
            bend = .constant(try call.reshaped(slopes, extents))
            if handle.rank == 4, extents.count == 4, handle.extents[0] == 1,
                extents == [1, handle.extents[1], 1, 1]
            {
                let view = try call.view(handle)
                let value = try call.add(
                    "PReLU", ["num_parameters": .integer(extents[1])], [view.value],
                    ["weight": slopes.tensor([extents[1]])])
                return [.computed(call.result(value, handle.extents, like: handle))]
            }
        }
        let above = try call.elementwise("clamp", ["min": .number(0)], handle)
        let below = try call.elementwise("clamp", ["max": .number(0)], handle)
        let bent = try call.combine("mul", .computed(below), bend)
        return [.computed(try call.combine("add", .computed(above), .computed(bent)))]
    }

    private static func clip(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        call.ignore("consumed_inputs")
        var (least, most) =
            call.version < 11
            ? (call.number("min"), call.number("max")) : try (call.scalar(1, "minimum"), call.scalar(2, "maximum"))
        // Where the ends have changed places all numbers become the upper one.
        if let low = least, let high = most, low > high { least = high }
        // Ends beyond all floats are none.
        if let number = least, number < -3e38 { least = nil }
        if let number = most, number > 3e38 { most = nil }
        let handle = try call.value(0)
        switch (least, most) {
        case (nil, nil): return [.computed(handle)]
        case (0, nil): return [.computed(try call.elementwise("ReLU", handle))]
        case (0, 6): return [.computed(try call.elementwise("ReLU6", handle))]
        default:
            let ends: KeyValuePairs<String, Setting> = [
                "min": least.map { .number($0) } ?? .none, "max": most.map { .number($0) } ?? .none,
            ]
            return [.computed(try call.elementwise("clamp", ends, handle))]
        }
    }

    private static func softmax(_ call: NodeCall, _ kind: String) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        let axis = try call.axis(try call.integer("axis", call.version < 13 ? 1 : -1), of: max(1, handle.rank))
        try call.refuseMixing(handle, [axis])
        guard call.version < 13, axis < handle.rank - 1 else {
            let view = try call.view(handle, touching: [axis])
            let value = try call.add(kind, ["dim": .integer(view.axis(axis))], [view.value])
            return [.computed(call.result(value, handle.extents, like: handle))]
        }
        // The older versions take all axes from this one on as one.
        if let batch = handle.batchAxis { try call.refuseMixing(handle, batch >= axis ? [batch] : []) }
        let length = handle.extents[axis...].reduce(1, *)
        let rows = handle.extents[..<axis].reduce(1, *)
        let flat = try call.shaped(handle.value, rows == 1 ? [length] : [rows, length])
        let value = try call.add(kind, ["dim": .integer(rows == 1 ? 1 : 2)], [flat])
        return [.computed(call.result(value, handle.extents, like: handle))]
    }
}
