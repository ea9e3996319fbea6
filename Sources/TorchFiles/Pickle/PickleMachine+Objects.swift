extension PickleMachine {
    /// Opcodes that would import, call or make something: each leaves a record of it.
    ///
    /// - Returns: whether it was one.
    mutating func object(_ opcode: PickleOpcode) throws(PickleProblem) -> Bool {
        switch opcode {
        case .global: try push(.symbol("\(try reader.textLine()).\(try reader.textLine())"))
        case .stackGlobal:
            let name = try pop()
            let module = try pop()
            guard let name = graph.text(name), let module = graph.text(module) else { throw .badStack(at: offset) }
            try push(.symbol("\(module).\(name)"))
        case .persistent:
            try push(.text(try reader.textLine()))
            try push(.persistent(try pop()))
        case .binPersistent: try push(.persistent(try pop()))
        case .reduce, .newObject:
            let arguments = try pop()
            try call(try pop(), try tuple(arguments))
        case .newObjectWithKeywords:
            let keywords = try pop()
            let arguments = try tuple(try pop())
            try call(try pop(), arguments)
            graph.records[graph.records.count - 1].pairs = graph.pairs(keywords) ?? []
        case .instance:
            let name = PickleGraph.Value.symbol("\(try reader.textLine()).\(try reader.textLine())")
            let arguments = try popToMark()
            try push(name)
            try call(try pop(), arguments)
        case .object:
            let parts = try popToMark()
            guard let callee = parts.first else { throw .badStack(at: offset) }
            try call(callee, Array(parts.dropFirst()))
        case .build:
            let state = try pop()
            // Whatever else would be given a state keeps none that a model needs.
            if case .record(let number) = graph[try top()] { graph.records[number].state = state }
        default: return false
        }
        return true
    }

    private func tuple(_ reference: PickleGraph.Reference) throws(PickleProblem) -> [PickleGraph.Reference] {
        guard case .tuple(let elements) = graph[reference] else { throw .badStack(at: offset) }
        return elements
    }

    private mutating func call(
        _ callee: PickleGraph.Reference, _ arguments: [PickleGraph.Reference]
    ) throws(PickleProblem) {
        graph.records.append(PickleGraph.Record(callee: callee, arguments: arguments))
        try push(.record(graph.records.count - 1))
    }
}
