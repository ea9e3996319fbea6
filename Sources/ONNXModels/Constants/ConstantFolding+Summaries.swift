import Importing

extension ConstantFolding {
    /// What makes one number of several.
    static let summaries: [String: Function] = [
        "ReduceSum": { call, inputs throws(ImportProblem) in try reduce(call, inputs) { $0.reduce(0, +) } },
        "ReduceProd": { call, inputs throws(ImportProblem) in try reduce(call, inputs) { $0.reduce(1, *) } },
        "ReduceMax": { call, inputs throws(ImportProblem) in try reduce(call, inputs) { $0.max() } },
        "ReduceMin": { call, inputs throws(ImportProblem) in try reduce(call, inputs) { $0.min() } },
        "ReduceMean": { call, inputs throws(ImportProblem) in
            try reduce(call, inputs) { $0.reduce(0, +) / Double(max(1, $0.count)) }
        },
        "ReduceL2": { call, inputs throws(ImportProblem) in
            try reduce(call, inputs) { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        },
        "ReduceL1": { call, inputs throws(ImportProblem) in try reduce(call, inputs) { $0.reduce(0) { $0 + abs($1) } }
        },
        "ReduceSumSquare": { call, inputs throws(ImportProblem) in
            try reduce(call, inputs) { $0.reduce(0) { $0 + $1 * $1 } }
        },
        "NonZero": { call, inputs throws(ImportProblem) in
            try call.needs(1, of: inputs)
            let (extents, values) = (inputs[0].extents, inputs[0].floats)
            let places = values.indices.filter { values[$0] != 0 }
            try call.spend([extents.count, places.count])
            let strides = rowMajorStrides(extents)
            let rows = extents.indices.flatMap { axis in places.map { $0 / strides[axis] % max(1, extents[axis]) } }
            return [ConstantTensor([extents.count, places.count], integers: rows)]
        },
    ]

    private static func reduce(
        _ call: NodeCall, _ inputs: [ConstantTensor], _ summary: ([Double]) -> Double?
    ) throws(ImportProblem) -> [ConstantTensor] {
        try call.needs(1, of: inputs)
        let extents = inputs[0].extents
        let (keeps, isNothing) = (call.flag("keepdims", true), call.flag("noop_with_empty_axes"))
        let given = try call.axes(1, of: extents.count)
        if given ?? [] == [], isNothing { return [inputs[0]] }
        let axes = given ?? []
        let reduced = axes.isEmpty ? Array(extents.indices) : axes
        let kept = extents.indices.filter { !reduced.contains($0) }
        try call.spend(extents)
        let sorted = inputs[0].transposed(kept + reduced)
        let values = sorted.integers.map { $0.map { Double($0) } } ?? sorted.floats.map { Double($0) }
        let length = reduced.reduce(1) { $0 * extents[$1] }
        let count = kept.reduce(1) { $0 * extents[$1] }
        let results = (0..<count).compactMap { summary(Array(values[$0 * length..<($0 + 1) * length])) }
        guard results.count == count else { throw call.wrong("it has no elements to choose from") }
        let shape = keeps ? extents.indices.map { reduced.contains($0) ? 1 : extents[$0] } : kept.map { extents[$0] }
        guard inputs[0].isInteger else { return [ConstantTensor(shape, floats: results.map { Float($0) })] }
        let whole = results.compactMap { Int(exactly: $0.rounded(.towardZero)) }
        guard whole.count == count else { throw call.wrong("its result is too large for a whole number") }
        return [ConstantTensor(shape, integers: whole)]
    }
}
