/// What `torch.save` wrote before 1.6: a magic number, a version, facts of the system and the object, each a pickle, then
/// the storages' keys, and their numbers in that order.
struct LegacyStream {
    /// Why bytes are no such stream.
    enum Problem: Error, Hashable {
        /// They don't begin with the magic number; they may be a plain pickle.
        case noMagic
        case pickle(PickleProblem)
        /// A storage of the list is not described by the object.
        case unknownStorage(String)
        /// Fewer than none, or more than any file holds.
        case badCount(key: String, Int64)
        case truncated(key: String, wanted: Int, left: Int)
        case badKeys
    }

    let graph: PickleGraph
    /// Where each storage's numbers lie, by its key.
    let ranges: [String: Range<Int>]

    init(_ bytes: UnsafeRawBufferPointer) throws(Problem) {
        var offset = 0
        func next() throws(Problem) -> PickleGraph {
            do {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
                let (graph, length) = try PickleMachine.run(rest)
                offset += length
                return graph
            } catch {
                throw .pickle(error)
            }
        }
        guard Self.isMagic(try next()) else { throw .noMagic }
        // The version and the facts of the system: numbers are little-endian whatever these say.
        _ = try next()
        _ = try next()
        graph = try next()
        ranges = try Self.ranges(of: try next(), types: graph.storageTypes, in: bytes, from: offset)
    }

    /// 0x1950a86a20f9469cfc6c, in binary or, in protocol 0, in digits.
    private static func isMagic(_ graph: PickleGraph) -> Bool {
        switch graph[graph.root] {
        case .longInteger(let bytes): bytes == [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        case .text(let digits): digits == "119547037146038801333356"
        default: false
        }
    }

    /// Each storage is its number of elements, in eight bytes, and the elements.
    private static func ranges(
        of keys: PickleGraph, types: [String: TorchTypes.Meaning], in bytes: UnsafeRawBufferPointer, from start: Int
    ) throws(Problem) -> [String: Range<Int>] {
        guard let list = keys.elements(keys.root) else { throw .badKeys }
        var ranges: [String: Range<Int>] = [:]
        var offset = start
        for place in list {
            guard let key = keys.text(place) ?? keys.integer(place).map(String.init) else { throw .badKeys }
            guard let type = types[key], let size = type.size else { throw .unknownStorage(key) }
            guard bytes.count - offset >= 8 else { throw .truncated(key: key, wanted: 8, left: bytes.count - offset) }
            let count = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
            offset += 8
            let (length, overflows) = Int(count).multipliedReportingOverflow(by: size)
            guard !overflows, count >= 0 else { throw .badCount(key: key, count) }
            guard length <= bytes.count - offset else {
                throw .truncated(key: key, wanted: length, left: bytes.count - offset)
            }
            ranges[key] = offset..<offset + length
            offset += length
        }
        return ranges
    }
}

extension TorchTypes.Meaning {
    /// Bytes of an element; nil where they are not known.
    fileprivate var size: Int? {
        switch self {
        case .numbers(let type): type.size
        case .untyped: 1
        case .refused(_, let size): size
        }
    }
}

extension PickleGraph {
    /// The types of all storages that the pickle describes, by their keys.
    fileprivate var storageTypes: [String: TorchTypes.Meaning] {
        var types: [String: TorchTypes.Meaning] = [:]
        for value in values {
            guard case .persistent(let description) = value, let storage = storage(describedBy: description),
                case .storage(let key) = storage.source, let meaning = storage.meaning
            else { continue }
            types[key] = meaning
        }
        return types
    }
}
