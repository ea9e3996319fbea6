import Importing
import Neural

extension OperatorTable {
    static let products: [String: Function] = [
        "Gemm": { call throws(ImportProblem) in try gemm(call) },
        "MatMul": { call throws(ImportProblem) in
            let (left, right) = try call.pair()
            return [.computed(try call.multiplied(left, right))]
        },
    ]

    /// alpha A B + beta C, where A and B may be transposed.
    private static func gemm(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let (alpha, beta) = (call.number("alpha", 1), call.number("beta", 1))
        let (turnsLeft, turnsRight) = (call.flag("transA"), call.flag("transB"))
        call.ignoreOldBroadcast()
        var (left, right) = try call.pair(atMost: 3)
        guard left.extents?.count == 2, right.extents?.count == 2 else {
            throw call.wrong("its inputs must have 2 axes each")
        }
        if turnsLeft { left = try call.turned(left) }
        if turnsRight { right = try call.turned(right) }
        if alpha != 1, case .constant(let weights) = right {
            right = .constant(ConstantTensor(weights.extents, floats: weights.floats.map { $0 * alpha }))
        }
        var result = try call.multiplied(left, right)
        if alpha != 1, right.constant == nil {
            result = try call.elementwise("mul", ["other": .number(alpha)], result)
        }
        guard call.has(2), beta != 0, let offset = call.inputs[2] else { return [.computed(result)] }
        switch offset {
        case .constant(let tensor):
            let scaled = ConstantTensor(tensor.extents, floats: tensor.floats.map { $0 * beta })
            if let folded = try call.fold("add", scaled, into: result) { return [.computed(folded)] }
            return [.computed(try call.combine("add", .computed(result), .constant(scaled)))]
        default:
            var handle = try call.computed(offset)
            if beta != 1 { handle = try call.elementwise("mul", ["other": .number(beta)], handle) }
            return [.computed(try call.combine("add", .computed(result), .computed(handle)))]
        }
    }
}

extension NodeCall {
    fileprivate func turned(_ matrix: TranslatedValue) throws(ImportProblem) -> TranslatedValue {
        switch matrix {
        case .constant(let tensor):
            try spend(tensor.extents)
            return .constant(tensor.transposed([1, 0]))
        case .computed(let handle): return .computed(handle.transposed([1, 0]))
        case .failed(let problem): throw problem
        }
    }

    /// Matrices of two values' last two axes multiplied, the axes before them broadcast.
    func multiplied(_ left: TranslatedValue, _ right: TranslatedValue) throws(ImportProblem) -> Handle {
        guard let a = left.extents, let b = right.extents, !a.isEmpty, !b.isEmpty else {
            throw wrong("its inputs must have axes")
        }
        guard a[a.count - 1] == b[max(0, b.count - 2)] else {
            throw wrong("its inputs of \(a.text) and \(b.text) do not go together")
        }
        if case .computed(let handle) = left, case .constant(let weights) = right, b.count == 2 {
            return try linear(handle, weights)
        }
        let (wideLeft, wideRight) = (a.count == 1 ? [1] + a : a, b.count == 1 ? b + [1] : b)
        let rank = max(wideLeft.count, wideRight.count)
        let lead = try broadcast([Array(wideLeft.dropLast(2)), Array(wideRight.dropLast(2))])
        let isShort = rank > 2 && lead[0] == 1
        var values: [GraphAssembly.Value] = []
        var batchAxis: Int?
        for (input, extents) in [(left, wideLeft), (right, wideRight)] {
            var input = input
            if case .constant(let tensor) = input { input = .constant(try freed(tensor, axis: rank > 2 ? 0 : nil)) }
            let handle = try settle(try computed(input))
            batchAxis = batchAxis ?? handle.batchAxis.map { $0 + rank - handle.rank }
            let all = Array(repeating: 1, count: rank - extents.count) + extents
            values.append(try shaped(handle.value, Array(all.dropFirst(isShort ? 1 : 0))))
        }
        if case .computed(let handle) = left { try refuseMixing(handle, [handle.rank - 1]) }
        if case .computed(let handle) = right { try refuseMixing(handle, [max(0, handle.rank - 2)]) }
        let value = try add("matmul", [:], values)
        let result =
            lead + (a.count == 1 ? [] : [wideLeft[wideLeft.count - 2]])
            + (b.count == 1 ? [] : [wideRight[wideRight.count - 1]])
        return Handle(value, result, batchAxis: batchAxis)
    }

    /// A product with constant weights `[inputs, outputs]` over the last axis.
    private func linear(_ handle: Handle, _ weights: ConstantTensor) throws(ImportProblem) -> Handle {
        try refuseMixing(handle, [handle.rank - 1])
        let (inputs, outputs) = (weights.extents[0], weights.extents[1])
        guard inputs > 0, outputs > 0 else { throw wrong("its weights have no elements") }
        let view = try view(handle, touching: handle.rank == 1 ? [0] : [])
        try spend([inputs, outputs])
        let value = try addFoldable(
            "Linear",
            [("in_features", .integer(inputs)), ("out_features", .integer(outputs)), ("bias", .boolean(false))],
            [view.value], ["weight": weights.transposed([1, 0]).tensor()])
        return result(value, Array(handle.extents.dropLast()) + [outputs], like: handle)
    }
}
