import Importing
import Neural

extension OperatorTable {
    static let reductions: [String: Function] = [
        "ReduceMean": reduction("mean"), "ReduceSum": reduction("sum"), "ReduceMax": reduction("amax"),
        "ReduceMin": reduction("amin"),
        "ReduceL1": { call throws(ImportProblem) in try norm(call, power: 1) },
        "ReduceL2": { call throws(ImportProblem) in try norm(call, power: 2) },
        "ReduceSumSquare": { call throws(ImportProblem) in
            let square = try call.elementwise("pow", ["exponent": .number(2)], try call.value(0))
            return try reduce(call, "sum", square)
        },
        "ReduceLogSum": { call throws(ImportProblem) in
            guard case .computed(let sum) = try reduce(call, "sum", try call.value(0))[0] else { return [] }
            return [.computed(try call.elementwise("log", sum))]
        },
        "ReduceLogSumExp": { call throws(ImportProblem) in
            // The largest goes out before, so that no exponential is too large.
            let handle = try call.settled(0)
            let (axes, keeps) = try arguments(call, handle)
            let most = try call.reduced(handle, "amax", axes, keeps: true)
            let rest = try call.elementwise("exp", try call.combine("sub", .computed(handle), .computed(most)))
            let sum = try call.elementwise("log", try call.reduced(rest, "sum", axes, keeps: true))
            let all = try call.combine("add", .computed(sum), .computed(most))
            return [.computed(keeps ? all : call.without(axes, all))]
        },
    ]

    private static func reduction(_ kind: String) -> Function {
        { call throws(ImportProblem) in try reduce(call, kind, try call.value(0)) }
    }

    private static func arguments(_ call: NodeCall, _ handle: Handle) throws(ImportProblem) -> (
        axes: [Int], keeps: Bool
    ) {
        let (keeps, isNothing) = (call.flag("keepdims", true), call.flag("noop_with_empty_axes"))
        let axes = try call.axes(1, of: handle.rank) ?? []
        return (axes.isEmpty && !isNothing ? Array(handle.extents.indices) : axes, keeps)
    }

    private static func reduce(
        _ call: NodeCall, _ kind: String, _ value: Handle
    ) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settle(value)
        let (axes, keeps) = try arguments(call, handle)
        return [.computed(try call.reduced(handle, kind, axes, keeps: keeps))]
    }

    private static func norm(_ call: NodeCall, power: Int) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        let (axes, keeps) = try arguments(call, handle)
        return [.computed(try call.norm(handle, power: power, axes, keeps: keeps))]
    }
}

extension NodeCall {
    func norm(_ handle: Handle, power: Int, _ axes: [Int], keeps: Bool) throws(ImportProblem) -> Handle {
        guard power == 2 else { return try reduced(try elementwise("abs", handle), "sum", axes, keeps: keeps) }
        let squares = try elementwise("pow", ["exponent": .number(2)], handle)
        return try elementwise("sqrt", try reduced(squares, "sum", axes, keeps: keeps))
    }

    /// One number for all along some axes.
    func reduced(_ handle: Handle, _ kind: String, _ axes: [Int], keeps: Bool) throws(ImportProblem) -> Handle {
        try refuseMixing(handle, axes)
        let handle = try settle(handle)
        let view = try view(handle)
        // Along axes of one place nothing is left to do.
        let long = axes.filter { handle.extents[$0] > 1 }
        var result = handle
        if !long.isEmpty {
            let value = try add(
                kind, ["dim": .integers(long.map(view.axis)), "keepdim": .boolean(true)], [view.value])
            result = self.result(
                value, handle.extents.indices.map { axes.contains($0) ? 1 : handle.extents[$0] }, like: handle)
        }
        return keeps ? result : without(axes, result)
    }

    /// The same value without axes of one place.
    func without(_ axes: [Int], _ handle: Handle) -> Handle {
        var result = handle
        let kept = handle.extents.indices.filter { !axes.contains($0) }
        result.extents = kept.map { handle.extents[$0] }
        result.batchAxis = handle.batchAxis.flatMap { kept.firstIndex(of: $0) }
        return result
    }
}
