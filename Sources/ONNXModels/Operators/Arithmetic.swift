import Importing
import Neural

extension OperatorTable {
    static let arithmetic: [String: Function] = [
        "Add": { call throws(ImportProblem) in try folding(call, "add") },
        "Mul": { call throws(ImportProblem) in try folding(call, "mul") },
        "Sub": { call throws(ImportProblem) in try folding(call, "sub") },
        "Div": { call throws(ImportProblem) in try divide(call) },
        "Pow": { call throws(ImportProblem) in try binary(call, "pow") },
        "Min": { call throws(ImportProblem) in try several(call, "minimum") },
        "Max": { call throws(ImportProblem) in try several(call, "maximum") },
        "Sum": { call throws(ImportProblem) in try several(call, "add") },
        "Mean": { call throws(ImportProblem) in
            let sum = try call.computed(try several(call, "add")[0])
            return [.computed(try call.elementwise("div", ["other": .number(Float(try call.several().count))], sum))]
        },
        "Mod": { call throws(ImportProblem) in
            let takesSignOfDividend = call.flag("fmod")
            guard let divisor = call.inputs.last??.constant?.scalar, divisor != 0 else {
                throw call.unsupported("its divisor must be one number other than 0")
            }
            let value = try call.value(0)
            let quotient = try call.elementwise("div", ["other": .number(divisor)], value)
            let whole = try call.elementwise(takesSignOfDividend ? "trunc" : "floor", quotient)
            let multiple = try call.elementwise("mul", ["other": .number(divisor)], whole)
            return [.computed(try call.combine("sub", .computed(value), .computed(multiple)))]
        },
    ]

    static func binary(_ call: NodeCall, _ kind: String) throws(ImportProblem) -> [TranslatedValue] {
        let (left, right) = try call.pair()
        call.ignoreOldBroadcast()
        return [.computed(try call.combine(kind, left, right))]
    }

    /// A sum, difference or product with a constant goes into the layer before it, where that can take it.
    private static func folding(_ call: NodeCall, _ kind: String) throws(ImportProblem) -> [TranslatedValue] {
        if call.inputs.count == 2, let left = call.inputs[0], let right = call.inputs[1] {
            if let result = try call.underOrder(
                left, right,
                { left, right throws(ImportProblem) in
                    try call.combineFolding(kind, left, right)
                })
            {
                return [.computed(result)]
            }
            return [.computed(try call.combineFolding(kind, left, right))]
        }
        return try binary(call, kind)
    }

    private static func divide(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let result = try binary(call, "div")
        guard case .computed(let handle) = result[0], handle.isInteger else { return result }
        return [.computed(try call.elementwise("trunc", handle))]
    }

    private static func several(_ call: NodeCall, _ kind: String) throws(ImportProblem) -> [TranslatedValue] {
        let inputs = try call.several()
        guard var result = inputs.first else { throw call.wrong("it has no inputs") }
        for input in inputs.dropFirst() { result = .computed(try call.combine(kind, result, input)) }
        return [.computed(try call.computed(result))]
    }
}

extension NodeCall {
    /// Before version 7 only the second value was broadcast, where an attribute said so; what is exported since then, and
    /// nearly all before, means the same without it.
    func ignoreOldBroadcast() {
        guard version < 7 else { return }
        ignore("broadcast", "consumed_inputs")
    }

    /// A function of a value whose transposition was put off and a constant: of what is stored, where the constant fits
    /// into it; nil for any other values.
    func underOrder(
        _ left: TranslatedValue, _ right: TranslatedValue,
        _ function: (TranslatedValue, TranslatedValue) throws(ImportProblem) -> Handle
    ) throws(ImportProblem) -> Handle? {
        let (handle, tensor, isFirst): (Handle, ConstantTensor, Bool)
        switch (left, right) {
        case (.computed(let value), .constant(let constant)): (handle, tensor, isFirst) = (value, constant, true)
        case (.constant(let constant), .computed(let value)): (handle, tensor, isFirst) = (value, constant, false)
        default: return nil
        }
        guard let order = handle.order, tensor.extents.count <= handle.rank, tensor.count > 0 else { return nil }
        let wide = try reshaped(
            tensor, Array(repeating: 1, count: handle.rank - tensor.extents.count) + tensor.extents)
        guard zip(wide.extents, handle.extents).allSatisfy({ $0 == 1 || $0 == $1 }) else { return nil }
        try spend(wide.extents)
        let back = order.indices.map { place in order.firstIndex(of: place) ?? place }
        let turned = TranslatedValue.constant(wide.transposed(back))
        let bare = TranslatedValue.computed(handle.bare)
        return handle.dressed(isFirst ? try function(bare, turned) : try function(turned, bare))
    }

    /// A sum, difference or product, in the layer before it where that can take it.
    func combineFolding(
        _ kind: String, _ left: TranslatedValue, _ right: TranslatedValue
    ) throws(ImportProblem) -> Handle {
        ignoreOldBroadcast()
        if case .computed(let handle) = left, let tensor = right.constant,
            let folded = try fold(kind, tensor, into: handle)
        {
            return folded
        }
        if kind != "sub", case .computed(let handle) = right, let tensor = left.constant,
            let folded = try fold(kind, tensor, into: handle)
        {
            return folded
        }
        return try combine(kind, left, right)
    }

    /// An elementwise function of two values, which are broadcast.
    func combine(
        _ kind: String, _ left: TranslatedValue, _ right: TranslatedValue
    ) throws(ImportProblem) -> Handle {
        if case .computed(let handle) = left, let number = right.constant, let scalar = number.scalar,
            number.extents.count <= handle.rank, scalar.isFinite
        {
            return try combine(kind, handle, scalar, isInteger: number.isInteger)
        }
        if case .computed(let handle) = right, let number = left.constant, let scalar = number.scalar,
            number.extents.count <= handle.rank, scalar.isFinite, let mirrored = NodeCall.mirrored[kind]
        {
            return try combine(mirrored, handle, scalar, isInteger: number.isInteger)
        }
        if case .computed(let a) = left, case .computed(let b) = right, a.order == b.order, a.extents == b.extents,
            translation.assembly.shape(of: a.value) == translation.assembly.shape(of: b.value)
        {
            var result = a
            result.value = try add(kind, [:], [a.value, b.value])
            result.isInteger = a.isInteger && b.isInteger
            result.batchAxis = a.batchAxis ?? b.batchAxis
            return result
        }
        let (values, extents, batchAxis, isInteger) = try aligned([left, right])
        return Handle(try add(kind, [:], values), extents, batchAxis: batchAxis, isInteger: isInteger)
    }

    /// What a function of two values is called when they change places.
    private static let mirrored = [
        "add": "add", "mul": "mul", "minimum": "minimum", "maximum": "maximum", "gt": "lt", "lt": "gt", "ge": "le",
        "le": "ge", "eq": "eq", "ne": "ne",
    ]

    private func combine(
        _ kind: String, _ handle: Handle, _ number: Float, isInteger: Bool
    ) throws(ImportProblem) -> Handle {
        var result: Handle
        switch kind {
        case "minimum": result = try elementwise("clamp", ["max": .number(number)], handle)
        case "maximum": result = try elementwise("clamp", ["min": .number(number)], handle)
        case "pow": result = try elementwise("pow", ["exponent": .number(number)], handle)
        default: result = try elementwise(kind, ["other": .number(number)], handle)
        }
        result.isInteger = handle.isInteger && isInteger
        return result
    }

    /// Values for one operation that broadcasts them: of as many axes each.
    func aligned(
        _ inputs: [TranslatedValue]
    ) throws(ImportProblem) -> (values: [GraphAssembly.Value], extents: [Int], batchAxis: Int?, isInteger: Bool) {
        let rank = inputs.compactMap { $0.extents?.count }.max() ?? 0
        var batchAxis: Int?
        for case .computed(let handle) in inputs {
            guard let axis = handle.batchAxis.map({ $0 + rank - handle.rank }) else { continue }
            guard batchAxis ?? axis == axis || frozenBatch == nil else {
                throw unsupported("its inputs have their batches along different axes, which is not supported")
            }
            batchAxis = batchAxis ?? axis
        }
        var parts: [(handle: Handle, extents: [Int])] = []
        for input in inputs {
            var input = input
            if case .constant(let tensor) = input {
                let axis = batchAxis.map { $0 - (rank - tensor.extents.count) }
                input = .constant(try freed(tensor, axis: axis.flatMap { $0 < 0 ? nil : $0 }))
            }
            let handle = try settle(try computed(input))
            parts.append((handle, Array(repeating: 1, count: rank - handle.rank) + handle.extents))
        }
        let extents = try broadcast(parts.map(\.extents))
        let isShort = rank > 1 && extents[0] == 1
        var values: [GraphAssembly.Value] = []
        for part in parts {
            values.append(
                try shaped(part.handle.value, rank == 0 ? [1] : Array(part.extents.dropFirst(isShort ? 1 : 0))))
        }
        return (values, extents, batchAxis, parts.allSatisfy(\.handle.isInteger))
    }
}
