import Files
import Importing
import JSON
import Neural
import Numbers
import VAE

/// Why a model's file could not be read or written. Each prints one sentence that says what is wrong and what to do.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file isn't there, or cannot be read or written.
    case file(FileError)
    /// It was read, but is no model.
    case invalid(path: String, CheckpointProblem)

    /// Whether there is no file.
    public var isMissing: Bool { if case .file(.notFound) = self { true } else { false } }

    public var description: String {
        switch self {
        case .file(let error): error.description
        case .invalid(let path, let problem): "\(path.printable): \(problem)"
        }
    }
}

/// What is wrong with the bytes of a model's file.
public enum CheckpointProblem: Error, Hashable, Sendable {
    // The file as a whole.
    case empty
    /// Shorter than the eight bytes of the header's length.
    case tooShort(bytes: Int)
    case otherFormat(ForeignFormat)
    /// Bytes that no format begins with.
    case unknownFormat
    /// Another framework's file that could not become a model.
    case foreign(ImportProblem)
    case headerTooLong(bytes: UInt64)
    case headerPastEnd(bytes: Int, fileSize: Int)

    // Its header.
    case badHeader(JSONError)
    case headerNotObject(String)
    case metadataNotObject(String)
    case metadataNotText(String, String)
    case tooManyTensors(Int)
    case badNameLength(bytes: Int)
    case controlCharacters(String)

    // Its tensors.
    case tensor(String, TensorProblem)
    case overlap(String, String)
    case hole(before: String, bytes: Int)
    case trailingData(bytes: Int)

    // The model.
    case noArchitecture
    case badMetadata(String, JSONError)
    /// Of a folder's config.json.
    case badConfiguration(JSONError)
    case badArchitecture(ArchitectureProblem)
    case badProvenance(String)
    case badOrigin(String)
    case tensors(ModelError)
}

/// What is wrong with one tensor of a file.
public enum TensorProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case notObject(String)
    case unknownKey(String)
    case missingKey(String)
    case unknownType(String)
    case badShape
    case tooManyExtents(Int)
    case countOverflows([Int])
    case badOffsets
    case reversedOffsets(Int, Int)
    case outOfRange(end: Int, dataSize: Int)
    case wrongSize(found: Int, expected: Int)
    case notFloat(ElementType)
    /// A double that a float cannot hold.
    case tooLargeForFloat

    public var description: String {
        switch self {
        case .notObject(let kind): "is \(kind) in the header where an object should be"
        case .unknownKey(let key): "has the unknown key \(shortened(key)) in the header"
        case .missingKey(let key): "has no \(key) in the header"
        case .unknownType(let code): "has the unknown dtype \(shortened(code))"
        case .badShape: "has a shape that is not a list of whole numbers from 0"
        case .tooManyExtents(let count):
            "has \(count) dimensions, more than \(SafetensorsHeader.Limit.extents)"
        case .countOverflows(let extents):
            "has a shape of \(Shape.text(of: extents)), more than any memory holds"
        case .badOffsets: "has data_offsets that are not two whole numbers from 0"
        case .reversedOffsets(let start, let end): "would end at byte \(end), before its beginning at \(start)"
        case .outOfRange(let end, let dataSize):
            "would end at byte \(end), but there are only \(dataSize) bytes of data"
        case .wrongSize(let found, let expected): "has \(found) bytes, but its shape and dtype need \(expected)"
        case .notFloat(let type): "holds \(type.safetensorsName), and weights must be F32, F16, BF16 or F64"
        case .tooLargeForFloat: "holds a number that is too large for F32"
        }
    }
}

/// A name from a file, harmless and short enough for a sentence.
func shortened(_ name: String) -> String {
    let name = name.printable
    return name.count <= 60 ? name : name.prefix(59) + "…"
}
