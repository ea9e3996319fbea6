import Files
import JSON
import Numbers

/// The header of a safetensors file, checked: names that are names, known types, shapes whose bytes are there, and data
/// that lies one tensor after the other without holes.
///
/// The format is that of Hugging Face's safetensors: eight bytes with the header's length n (little-endian), n bytes of
/// JSON, then the data. Each member of the JSON is a tensor with `dtype`, `shape` and `data_offsets`; `__metadata__` is
/// text by name.
public struct SafetensorsHeader: Hashable, Sendable {
    /// A tensor's place in the file.
    public struct Entry: Hashable, Sendable {
        public let name: String
        public let type: ElementType
        /// Empty for a single number.
        public let extents: [Int]
        /// Bytes, from the end of the header.
        public let range: Range<Int>
    }

    /// The bounds of what is taken.
    public enum Limit {
        /// As in safetensors itself.
        public static let headerBytes = 100_000_000
        public static let tensors = 100_000
        public static let nameBytes = 512
        public static let extents = 8
        static let values = 4_000_000
        /// The header, a tensor, its shape: no more is needed.
        static let depth = 3
    }

    /// In the order of their data.
    public let entries: [Entry]
    public let metadata: [String: String]
    /// Bytes of all tensors together.
    public let dataSize: Int
    private let places: [String: Int]

    /// Checks a header.
    ///
    /// - Parameters:
    ///   - json: The bytes between the length and the data.
    ///   - dataSize: The number of bytes that follow.
    public init(parsing json: [UInt8], dataSize: Int) throws(CheckpointProblem) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: json, limits: JSONLimits(depth: Limit.depth, values: Limit.values))
        } catch {
            throw .badHeader(error)
        }
        guard let object = document.object else { throw .headerNotObject(document.kind) }
        guard object.members.count <= Limit.tensors else { throw .tooManyTensors(object.members.count) }
        var entries: [Entry] = []
        for member in object.members where member.name != "__metadata__" {
            entries.append(try Entry(member, dataSize: dataSize))
        }
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        try SafetensorsHeader.checkCoverage(entries, dataSize: dataSize)
        self.entries = entries
        self.dataSize = dataSize
        places = Dictionary(uniqueKeysWithValues: zip(entries.map(\.name), entries.indices))
        metadata = try SafetensorsHeader.metadata(object["__metadata__"])
    }

    public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

    func contains(_ entry: Entry) -> Bool { self[entry.name] == entry }

    /// Each byte of the data belongs to one tensor.
    private static func checkCoverage(_ entries: [Entry], dataSize: Int) throws(CheckpointProblem) {
        var end = 0
        var previous = ""
        for entry in entries {
            if entry.range.lowerBound < end { throw .overlap(previous, entry.name) }
            if entry.range.lowerBound > end { throw .hole(before: entry.name, bytes: entry.range.lowerBound - end) }
            end = entry.range.upperBound
            previous = entry.name
        }
        guard end == dataSize else { throw .trailingData(bytes: dataSize - end) }
    }

    private static func metadata(_ value: JSONValue?) throws(CheckpointProblem) -> [String: String] {
        guard let value else { return [:] }
        guard let object = value.object else { throw .metadataNotObject(value.kind) }
        var metadata: [String: String] = [:]
        for member in object.members {
            guard let text = member.value.string else { throw .metadataNotText(member.name, member.value.kind) }
            metadata[member.name] = text
        }
        return metadata
    }
}

extension SafetensorsHeader.Entry {
    fileprivate init(_ member: JSONObject.Member, dataSize: Int) throws(CheckpointProblem) {
        let name = member.name
        guard !name.isEmpty, name.utf8.count <= SafetensorsHeader.Limit.nameBytes else {
            throw .badNameLength(bytes: name.utf8.count)
        }
        guard name.printable == name else { throw .controlCharacters(name) }
        do throws(TensorProblem) {
            try self.init(name, member.value, dataSize: dataSize)
        } catch {
            throw .tensor(name, error)
        }
    }

    private init(_ name: String, _ value: JSONValue, dataSize: Int) throws(TensorProblem) {
        guard let object = value.object else { throw .notObject(value.kind) }
        for key in object.members.map(\.name) where !["dtype", "shape", "data_offsets"].contains(key) {
            throw .unknownKey(key)
        }
        guard let code = object["dtype"] else { throw .missingKey("dtype") }
        guard let shape = object["shape"] else { throw .missingKey("shape") }
        guard let offsets = object["data_offsets"] else { throw .missingKey("data_offsets") }
        guard let type = code.string.flatMap(ElementType.init(safetensorsName:)) else {
            throw .unknownType(code.string ?? code.kind)
        }
        self.name = name
        self.type = type
        extents = try Self.extents(shape)
        range = try Self.range(offsets, dataSize: dataSize)
        let bytes = try Self.bytes(of: type, extents)
        guard bytes == range.count else { throw .wrongSize(found: range.count, expected: bytes) }
    }

    private static func extents(_ value: JSONValue) throws(TensorProblem) -> [Int] {
        guard let list = value.array else { throw .badShape }
        guard list.count <= SafetensorsHeader.Limit.extents else { throw .tooManyExtents(list.count) }
        let extents = list.compactMap(\.integer).filter { $0 >= 0 }
        guard extents.count == list.count else { throw .badShape }
        return extents
    }

    private static func range(_ value: JSONValue, dataSize: Int) throws(TensorProblem) -> Range<Int> {
        guard let list = value.array, list.count == 2, let start = list[0].integer, let end = list[1].integer,
            start >= 0, end >= 0
        else { throw .badOffsets }
        guard start <= end else { throw .reversedOffsets(start, end) }
        guard end <= dataSize else { throw .outOfRange(end: end, dataSize: dataSize) }
        return start..<end
    }

    private static func bytes(of type: ElementType, _ extents: [Int]) throws(TensorProblem) -> Int {
        // Zeros first: they make the product 0 whatever else is there.
        guard let bytes = product(of: [type.size] + extents.sorted()) else { throw .countOverflows(extents) }
        return bytes
    }
}
