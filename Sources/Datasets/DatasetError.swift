import Files
import Pictures

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
    /// The digits that ship, where nothing is installed.
    case noSample
    /// Something on the disk that nothing here can read.
    case unsupported(path: String)
    /// Test images are asked for of data that are one set.
    case undivided(path: String)
    /// A bad picture, where none shall be passed over.
    case picture(path: String, PictureProblem)
    /// A folder in which no picture is good.
    case noGoodPicture(folder: String, count: Int)
    /// Pictures of several sizes.
    case mixedSizes(path: String, found: ImageShape, first: String, expected: ImageShape)
    /// More pixels than fit.
    case tooMuch(images: Int, shape: ImageShape)
    case tooManyClasses(folder: String, count: Int)
    /// An array of NumPy's is not what it should be.
    case array(path: String, ArrayProblem)

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
            "\(folder.printable) holds no images: put PNG or JPEG files there, NumPy's arrays, or IDX files such as "
                + "train-images-idx3-ubyte.gz"
        case .missingSplit(let split, let folder, let wanted):
            "\(folder.printable) holds no \(split.rawValue) images: \(wanted) is missing"
        case .notFound(let known, let split, let rejected):
            DatasetError.notFoundSentence(known, split, rejected)
        case .unknown(let name):
            "there is no data set or folder “\(name.printable)”: " + DatasetError.meant(name)
        case .noSample:
            "the sample of digits is not where the program is installed: install it again, or set LATENTWALK_HOME to the "
                + "folder with Models and Resources"
        case .unsupported(let path):
            "\(path.printable) is no data that can be read: data are a folder of pictures or IDX files, or an .npy or "
                + ".npz file"
        case .undivided(let path):
            "\(path.printable) is one set, without test images of its own: leave --split out"
        case .picture(let path, let problem):
            "\(path.printable) \(problem): mend it, or leave --strict out to pass over such pictures"
        case .noGoodPicture(let folder, let count):
            "of the \(count) pictures in \(folder.printable) none can be read"
        case .mixedSizes(let path, let found, let first, let expected):
            "\(path.printable) is \(found.width)×\(found.height) pixels and \(first.printable) is "
                + "\(expected.width)×\(expected.height): bring all to one size with --resize"
        case .tooMuch(let images, let shape):
            "\(images) images of \(shape) take more than \(PictureFolder.maximumSize >> 30) GiB: make them smaller with "
                + "--resize, or fewer with --limit"
        case .tooManyClasses(let folder, let count):
            "\(folder.printable) has \(count) sub-folders, more than there can be classes (\(UInt16.max))"
        case .array(let path, let problem): "\(path.printable) \(problem)"
        }
    }

    /// The data set that was probably meant, or all that may be named.
    private static func meant(_ name: String) -> String {
        let known = [SampleDigits.name] + KnownDataset.allCases.map(\.rawValue)
        if let near = known.nearest(to: name) { return "did you mean \(near)?" }
        return
            "name one of \(known.joined(separator: ", ")), a folder of pictures or IDX files, or an .npy or .npz file"
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
