/// What is wrong with the bytes of an IDX file; reads as the rest of a sentence that begins with the file's name.
public enum IDXProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case notRegularFile
    case notIDX
    case elementType(UInt8)
    case rank(found: Int, expected: Int)
    case emptyExtent([Int])
    case tooLarge([Int])
    /// More elements are promised than the file could hold at best.
    case impossible([Int], fileSize: Int)
    case truncated(expected: Int, found: Int)
    case trailingBytes(expected: Int)
    case truncatedGzip
    case corruptGzip
    case trailingGarbage

    public var description: String {
        switch self {
        case .notRegularFile: "is no regular file: IDX files are read from disk"
        case .notIDX:
            "is no IDX file: it should begin with two zero bytes, an element type and the number of dimensions"
        case .elementType(let type):
            "holds elements of type 0x\(String(type, radix: 16)): only unsigned bytes (0x8) are pixels or labels"
        case .rank(let found, let expected):
            "has \(found) dimension\(found == 1 ? "" : "s") instead of \(expected): "
                + (expected == 3 ? "images are count × height × width" : "labels are one list")
        case .emptyExtent(let shape): "says it holds \(IDXProblem.product(shape)) bytes, which is nothing"
        case .tooLarge(let shape):
            "says it holds \(IDXProblem.product(shape)) bytes, over the limit of "
                + "\(IDXFile.maximumSize >> 30) GiB"
        case .impossible(let shape, let fileSize):
            "says it holds \(IDXProblem.product(shape)) bytes, more than a file of \(fileSize) bytes can: "
                + "it is damaged or cut off, fetch it again"
        case .truncated(let expected, let found):
            "is cut off: \(found) of \(expected) bytes are there, fetch it again"
        case .trailingBytes(let expected):
            "goes on after the \(expected) bytes that its header announces: fetch it again"
        case .truncatedGzip: "is cut off: its gzip data stop before their end, fetch it again"
        case .corruptGzip: "is damaged: its gzip data do not unpack, fetch it again"
        case .trailingGarbage: "goes on after the end of its gzip data: fetch it again"
        }
    }

    private static func product(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "×") }
}
