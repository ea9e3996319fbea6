/// Carries out a pickle's opcodes and builds inert values: no name is looked up, no function called.
///
/// Each opcode makes at most one value and moves references; work and memory are bounded by the pickle's length and by
/// ``limit``. Nothing here calls itself, so that no nesting is too deep.
struct PickleMachine {
    /// Values that a pickle may build.
    static let limit = 4_000_000
    /// Members that objects may have together, each time that they have them.
    private static let farthestReach = 16_000_000

    var reader: PickleReader
    var graph = PickleGraph()
    var stack: [PickleGraph.Reference] = []
    /// The stack's height at each mark.
    private var marks: [Int] = []
    private var memo: [Int: PickleGraph.Reference] = [:]

    /// Reads one pickle.
    ///
    /// - Returns: what it builds, and how many bytes it has.
    static func run(_ bytes: UnsafeRawBufferPointer) throws(PickleProblem) -> (graph: PickleGraph, length: Int) {
        var machine = PickleMachine(reader: PickleReader(bytes))
        while try machine.step() {}
        guard machine.graph.reach <= Self.farthestReach else { throw .tooEntangled }
        return (machine.graph, machine.reader.offset)
    }

    private init(reader: PickleReader) { self.reader = reader }

    var offset: Int { reader.offset }

    // MARK: The stack

    mutating func push(_ value: PickleGraph.Value) throws(PickleProblem) {
        guard graph.values.count < Self.limit, stack.count < Self.limit else { throw .tooManyValues(limit: Self.limit) }
        stack.append(PickleGraph.Reference(place: Int32(graph.values.count)))
        graph.values.append(value)
    }

    /// Takes the newest value; those under a mark are out of reach.
    mutating func pop() throws(PickleProblem) -> PickleGraph.Reference {
        guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw .badStack(at: offset) }
        return value
    }

    /// The newest value, which stays.
    func top() throws(PickleProblem) -> PickleGraph.Reference {
        guard stack.count > marks.last ?? 0, let value = stack.last else { throw .badStack(at: offset) }
        return value
    }

    /// Takes all values above the last mark, and the mark.
    mutating func popToMark() throws(PickleProblem) -> [PickleGraph.Reference] {
        guard let mark = marks.popLast() else { throw .badStack(at: offset) }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    /// Keys and values in turn.
    mutating func popPairsToMark() throws(PickleProblem) -> [PickleGraph.Pair] {
        let flat = try popToMark()
        guard flat.count.isMultiple(of: 2) else { throw .badStack(at: offset) }
        return stride(from: 0, to: flat.count, by: 2).map { PickleGraph.Pair(key: flat[$0], value: flat[$0 + 1]) }
    }

    mutating func popTuple(_ count: Int) throws(PickleProblem) {
        var elements: [PickleGraph.Reference] = []
        for _ in 0..<count { elements.append(try pop()) }
        try push(.tuple(elements.reversed()))
    }

    mutating func mark() throws(PickleProblem) {
        guard marks.count < Self.limit else { throw .tooManyValues(limit: Self.limit) }
        marks.append(stack.count)
    }

    // MARK: The memo

    mutating func keep(under number: Int?) throws(PickleProblem) {
        guard memo.count < Self.limit else { throw .tooManyValues(limit: Self.limit) }
        memo[number ?? memo.count] = try top()
    }

    mutating func recall(_ number: Int) throws(PickleProblem) {
        guard stack.count < Self.limit else { throw .tooManyValues(limit: Self.limit) }
        guard let value = memo[number] else { throw .badMemo(at: offset) }
        stack.append(value)
    }

    /// - Returns: whether there is more to do.
    private mutating func step() throws(PickleProblem) -> Bool {
        let start = offset
        let byte = try reader.byte()
        guard let opcode = PickleOpcode(rawValue: byte) else { throw .unknownOpcode(byte, at: start) }
        if opcode == .stop {
            graph.root = try pop()
            return false
        }
        // One after the other: an operand of `||` loses the type of what it throws.
        if try number(opcode) { return true }
        if try text(opcode) { return true }
        if try container(opcode) { return true }
        if try object(opcode) { return true }
        switch opcode {
        case .mark: try mark()
        case .pop: if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popToMark()
        case .duplicate:
            guard stack.count < Self.limit else { throw .tooManyValues(limit: Self.limit) }
            stack.append(try top())
        case .get: try recall(try decimal())
        case .binGet: try recall(try reader.count(1))
        case .longBinGet: try recall(try reader.count(4))
        case .put: try keep(under: try decimal())
        case .binPut: try keep(under: try reader.count(1))
        case .longBinPut: try keep(under: try reader.count(4))
        case .memoize: try keep(under: nil)
        case .frame: _ = try reader.count(8)
        case .proto:
            let number = Int(try reader.byte())
            guard number <= 5 else { throw .unknownProtocol(number) }
        case .extension1, .extension2, .extension4: throw .unsupported("an extension registry")
        case .nextBuffer, .readOnlyBuffer: throw .unsupported("buffers that are not in the file")
        default: throw .unknownOpcode(byte, at: start)
        }
        return true
    }
}
