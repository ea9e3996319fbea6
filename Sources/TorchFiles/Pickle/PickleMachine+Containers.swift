extension PickleMachine {
    /// Opcodes that push or fill a list, a tuple, a dictionary or a set.
    ///
    /// - Returns: whether it was one.
    mutating func container(_ opcode: PickleOpcode) throws(PickleProblem) -> Bool {
        switch opcode {
        case .emptyList: try push(.list([]))
        case .emptyTuple: try push(.tuple([]))
        case .emptyDictionary: try push(.dictionary([]))
        case .emptySet: try push(.set([]))
        case .list: try push(.list(try popToMark()))
        case .tuple: try push(.tuple(try popToMark()))
        case .frozenSet: try push(.set(try popToMark()))
        case .dictionary: try push(.dictionary(try popPairsToMark()))
        case .tuple1: try popTuple(1)
        case .tuple2: try popTuple(2)
        case .tuple3: try popTuple(3)
        case .append:
            let element = try pop()
            try append([element])
        case .appends, .addItems: try append(try popToMark())
        case .setItem:
            let value = try pop()
            let key = try pop()
            try put([PickleGraph.Pair(key: key, value: value)])
        case .setItems: try put(try popPairsToMark())
        default: return false
        }
        return true
    }

    /// Adds to the list, the set or the record on top of the stack.
    private mutating func append(_ elements: [PickleGraph.Reference]) throws(PickleProblem) {
        let place = Int(try top().place)
        switch graph.values[place] {
        case .list(var list):
            // The value gives its list up first, so that the list is changed in place.
            graph.values[place] = .none
            list += elements
            graph.values[place] = .list(list)
        case .set(var list):
            graph.values[place] = .none
            list += elements
            graph.values[place] = .set(list)
        case .record(let number): graph.records[number].elements += elements
        default: throw .badStack(at: offset)
        }
    }

    /// Adds to the dictionary or the record on top of the stack.
    private mutating func put(_ pairs: [PickleGraph.Pair]) throws(PickleProblem) {
        let place = Int(try top().place)
        switch graph.values[place] {
        case .dictionary(var members):
            graph.values[place] = .none
            members += pairs
            graph.values[place] = .dictionary(members)
        case .record(let number): graph.records[number].pairs += pairs
        default: throw .badStack(at: offset)
        }
    }
}
