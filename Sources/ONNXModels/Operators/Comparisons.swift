import Importing
import Neural

extension OperatorTable {
    /// Truth values are 1 and 0.
    static let comparisons: [String: Function] = [
        "Equal": { call throws(ImportProblem) in try compare(call, "eq") },
        "Greater": { call throws(ImportProblem) in try compare(call, "gt") },
        "GreaterOrEqual": { call throws(ImportProblem) in try compare(call, "ge") },
        "Less": { call throws(ImportProblem) in try compare(call, "lt") },
        "LessOrEqual": { call throws(ImportProblem) in try compare(call, "le") },
        "And": { call throws(ImportProblem) in try binary(call, "mul") },
        "Or": { call throws(ImportProblem) in try binary(call, "maximum") },
        "Xor": { call throws(ImportProblem) in try compare(call, "ne") },
        "Not": { call throws(ImportProblem) in
            [.computed(try call.elementwise("eq", ["other": .number(0)], try call.value(0)))]
        },
        "Where": { call throws(ImportProblem) in
            let inputs = call.inputs.compactMap(\.self)
            guard inputs.count == 3 else { throw call.wrong("it needs 3 inputs, and has \(inputs.count)") }
            let (values, extents, batchAxis, _) = try call.aligned(inputs)
            return [.computed(Handle(try call.add("where", [:], values), extents, batchAxis: batchAxis))]
        },
    ]

    private static func compare(_ call: NodeCall, _ kind: String) throws(ImportProblem) -> [TranslatedValue] {
        guard case .computed(var handle) = try binary(call, kind)[0] else { return [] }
        handle.isInteger = true
        return [.computed(handle)]
    }
}
