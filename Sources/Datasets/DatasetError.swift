import Files

/// Why data could not be read. Each case prints one sentence.
public enum DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refuses to open or read a file.
    case unreadable(path: String, reason: String)
    /// The file's bytes are not what they should be.
    case malformed(path: String, IDXProblem)
    /// There are not as many labels as images.
    case labelCount(labels: String, count: Int, images: String, expected: Int)
    /// A folder with none of the files that a data set consists of.
    case noData(folder: String)
    /// A folder without the images of one split.
    case missingSplit(Dataset.Split, folder: String, wanted: String)
    /// A known data set that is in none of the places; `rejected` are those that hold something else under its name.
    case notFound(KnownDataset, Dataset.Split?, rejected: [Rejected])
    /// Neither a known name nor anything on the disk.
    case unknown(String)
    /// Something on the disk that nothing here can read.
    case unsupported(path: String)

    /// A place that was passed over since it does not hold what its name says.
    public struct Rejected: Hashable, Sendable {
        public let path: String
        /// What the folder holds, if that is known.
        public let holds: KnownDataset?
    }

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read \(path.printable): \(reason)"
        case .malformed(let path, let problem):
            "\(path.printable) \(problem)"
        case .labelCount(let labels, let count, let images, let expected):
            "\(labels.printable) has \(count) labels for the \(expected) images of \(images.printable): "
                + "take both files from the same data set"
        case .noData(let folder):
            "\(folder.printable) holds no images: put IDX files there, such as train-images-idx3-ubyte.gz"
        case .missingSplit(let split, let folder, let wanted):
            "\(folder.printable) holds no \(split.rawValue) images: \(wanted) (or .gz) is missing"
        case .notFound(let known, let split, let rejected):
            DatasetError.notFoundSentence(known, split, rejected)
        case .unknown(let name):
            "there is no data set or folder “\(name.printable)”: name one of "
                + KnownDataset.allCases.map(\.rawValue).joined(separator: ", ") + ", or a folder of IDX files"
        case .unsupported(let path):
            "\(path.printable) is no folder: data are a folder of IDX files, such as train-images-idx3-ubyte.gz"
        }
    }

    private static func notFoundSentence(
        _ known: KnownDataset, _ split: Dataset.Split?, _ rejected: [Rejected]
    ) -> String {
        let what = split.map { "the \($0.rawValue) images of \(known.title)" } ?? known.title
        let passedOver = rejected.map { place in
            "\(place.path.printable) holds \(place.holds.map(\.title) ?? "something else")"
        }
        let found = passedOver.isEmpty ? "" : " (\(passedOver.joined(separator: "; ")))"
        let package = known.debianPackage.map { ", install the Debian package \($0)" } ?? ""
        return "\(what) not found\(found): fetch with “latentwalk data fetch \(known.rawValue)”\(package), "
            + "or name a folder with --data DIR"
    }
}

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
