import Importing
import Numbers

/// Computes nodes whose inputs are known before the graph runs: what exporters make of shapes.
enum ConstantFolding {
    typealias Function = @Sendable (NodeCall, [ConstantTensor]) throws(ImportProblem) -> [ConstantTensor]

    private static let functions: [String: Function] = [shapes, numbers, summaries].reduce(into: [:]) {
        $0.merge($1) { first, _ in first }
    }

    /// - Returns: nil where it has to be left to the network.
    static func fold(_ call: NodeCall, _ name: String) throws(ImportProblem) -> [ConstantTensor]? {
        switch name {
        case "Constant": return [try constant(call)]
        case "Shape": return [try shape(call)]
        case "Size":
            guard let extents = call.inputs.first??.extents else { return nil }
            return [ConstantTensor([], integers: [try call.spend(extents)])]
        default: break
        }
        guard let function = functions[name] else { return nil }
        // Inputs that are left out stand only at the end of those that functions ask for by position.
        var inputs: [ConstantTensor] = []
        for input in call.inputs {
            guard let input else { continue }
            guard case .constant(let tensor) = input else { return nil }
            inputs.append(tensor)
        }
        return try function(call, inputs)
    }

    private static func constant(_ call: NodeCall) throws(ImportProblem) -> ConstantTensor {
        if let message = call.tensor("value") { return try call.translation.tensors.read(message, name: call.name) }
        if let number = call.number("value_float") { return ConstantTensor([], floats: [number]) }
        if let list = call.numbers("value_floats") { return ConstantTensor([list.count], floats: list) }
        if let number = call.anyInteger("value_int") { return ConstantTensor([], integers: [number]) }
        if let list = call.anyIntegers("value_ints") { return ConstantTensor(list: list) }
        throw call.unsupported("its constant is neither a tensor nor numbers")
    }

    private static func shape(_ call: NodeCall) throws(ImportProblem) -> ConstantTensor {
        guard var extents = call.inputs.first??.extents else { throw call.wrong("its input is missing") }
        if case .computed(let handle) = call.inputs[0], let batch = handle.batchAxis {
            extents[batch] = call.frozenBatch ?? extents[batch]
        }
        func bound(_ place: Int) -> Int { min(extents.count, max(0, place < 0 ? place + extents.count : place)) }
        let start = bound(try call.integer("start", 0))
        let end = bound(try call.integer("end", extents.count))
        return ConstantTensor(list: Array(extents[start..<max(start, end)]))
    }
}

extension NodeCall {
    /// Takes so many elements out of what may be computed, before memory is taken.
    ///
    /// - Returns: their number.
    @discardableResult
    func spend(_ extents: [Int]) throws(ImportProblem) -> Int {
        guard let count = product(of: extents.map { max(1, $0) }, atMost: translation.allowance) else {
            throw unsupported("a constant of \(extents.text) is too large")
        }
        translation.allowance -= count
        return extents.contains(0) ? 0 : count
    }

    /// A constant in another shape, of as many elements.
    func reshaped(_ tensor: ConstantTensor, _ extents: [Int]) throws(ImportProblem) -> ConstantTensor {
        guard let reshaped = tensor.reshaped(extents) else {
            throw wrong("a constant of \(tensor.extents.text) cannot become \(extents.text)")
        }
        return reshaped
    }

    /// A constant that is broadcast.
    func expanded(_ tensor: ConstantTensor, to extents: [Int]) throws(ImportProblem) -> ConstantTensor {
        guard let expanded = tensor.expanded(to: extents) else {
            throw wrong("a constant of \(tensor.extents.text) cannot be expanded to \(extents.text)")
        }
        return expanded
    }

    func needs(_ count: Int, of inputs: [ConstantTensor]) throws(ImportProblem) {
        guard inputs.count >= count else { throw wrong("it needs \(count) inputs, and has \(inputs.count)") }
    }
}
