/// What a pickle builds, as data: nothing in it was imported, called or made an object.
///
/// Values lie in one list and refer to each other by their places, so that what contains itself is no cycle in memory,
/// and what is referred to a million times is there once.
struct PickleGraph {
    /// A value's place.
    struct Reference: Hashable {
        let place: Int32
    }

    enum Value {
        case none
        case boolean(Bool)
        case integer(Int)
        /// A whole number of more than 64 bits: two's complement, its least significant byte first.
        case longInteger([UInt8])
        case number(Double)
        case text(String)
        case bytes([UInt8])
        case list([Reference])
        case tuple([Reference])
        case dictionary([Pair])
        case set([Reference])
        /// A class or function by its full name: `torch._utils._rebuild_tensor_v2`.
        case symbol(String)
        /// What a class or function would make: a place in ``PickleGraph/records``.
        case record(Int)
        /// What the pickle's reader is to find by this description: a storage.
        case persistent(Reference)
    }

    struct Pair {
        let key: Reference
        let value: Reference
    }

    /// A call that was not made.
    struct Record {
        /// What would be called: nearly always a symbol.
        let callee: Reference
        let arguments: [Reference]
        /// What `__setstate__` would be given.
        var state: Reference?
        /// What was appended to it, as to a list.
        var elements: [Reference] = []
        /// What was put into it, as into a dictionary.
        var pairs: [Pair] = []
    }

    var values: [Value] = []
    var records: [Record] = []
    var root = Reference(place: 0)
    /// Storages that lie within the pickle, by the places of their bytes.
    var embedded: [Int32: EmbeddedStorage] = [:]

    subscript(reference: Reference) -> Value { values[Int(reference.place)] }

    /// What is looked at where each record's state and arguments are: a million members that a thousand records share
    /// count a thousand times.
    var reach: Int {
        records.reduce(0) { sum, record in
            (record.arguments.prefix(4) + [record.state].compactMap(\.self)).reduce(sum + record.pairs.count) {
                sum, part in
                switch self[part] {
                case .list(let list), .tuple(let list), .set(let list): sum + list.count
                case .dictionary(let pairs): sum + pairs.count
                default: sum
                }
            }
        }
    }
}

// What values are, where a reader expects something of them.
extension PickleGraph {
    func text(_ reference: Reference) -> String? {
        if case .text(let text) = self[reference] { text } else { nil }
    }

    func integer(_ reference: Reference) -> Int? {
        switch self[reference] {
        case .integer(let number): number
        case .boolean(let value): value ? 1 : 0
        default: nil
        }
    }

    func symbol(_ reference: Reference) -> String? {
        if case .symbol(let name) = self[reference] { name } else { nil }
    }

    func record(_ reference: Reference) -> Record? {
        if case .record(let number) = self[reference] { records[number] } else { nil }
    }

    /// The name of what a record would call.
    func callee(_ record: Record) -> String? { symbol(record.callee) }

    /// The elements of a list, a tuple, or what is made of one: `torch.Size`.
    func elements(_ reference: Reference) -> [Reference]? {
        switch self[reference] {
        case .list(let list), .tuple(let list), .set(let list): list
        case .record(let number):
            switch callee(records[number]) {
            case "torch.Size", "builtins.set", "builtins.frozenset", "builtins.list", "builtins.tuple",
                "__builtin__.set",
                "__builtin__.list", "__builtin__.tuple", "collections.deque", "torch.jit._pickle.build_intlist":
                records[number].elements.isEmpty
                    ? records[number].arguments.first.flatMap(plainElements) : records[number].elements
            default: nil
            }
        default: nil
        }
    }

    private func plainElements(_ reference: Reference) -> [Reference]? {
        switch self[reference] {
        case .list(let list), .tuple(let list): list
        default: nil
        }
    }

    /// The members of a dictionary, or of a class that is one; of a key that occurs twice, both.
    func pairs(_ reference: Reference) -> [Pair]? {
        switch self[reference] {
        case .dictionary(let pairs): pairs
        case .record(let number): dictionaryPairs(records[number])
        default: nil
        }
    }

    private static let dictionaryClasses: Set<String> = [
        "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "builtins.dict",
        "__builtin__.dict",
        "torch.nn.modules.container.ParameterDict", "easydict.EasyDict", "types.MappingProxyType",
    ]

    private func dictionaryPairs(_ record: Record) -> [Pair]? {
        guard let name = callee(record), Self.dictionaryClasses.contains(name) || !record.pairs.isEmpty else {
            return nil
        }
        // Python 2 gives an OrderedDict its members as a list of pairs.
        guard record.pairs.isEmpty, let list = record.arguments.first.flatMap(plainElements) else {
            if record.pairs.isEmpty, let first = record.arguments.first, case .dictionary(let pairs) = self[first] {
                return pairs
            }
            return record.pairs
        }
        return list.compactMap { member in
            guard let both = plainElements(member), both.count == 2 else { return nil }
            return Pair(key: both[0], value: both[1])
        }
    }

    /// The bytes of the longest text under which a dictionary holds something.
    var longestName: Int? {
        let dictionaries = values.lazy.compactMap { value in
            if case .dictionary(let pairs) = value { pairs } else { nil }
        }
        return (dictionaries.joined().map(\.key) + records.flatMap(\.pairs).map(\.key))
            .compactMap { text($0)?.utf8.count }.max()
    }

    /// A dictionary's value under a name, the last that was put there.
    func value(_ name: String, in pairs: [Pair]) -> Reference? {
        pairs.last { text($0.key) == name }?.value
    }
}
