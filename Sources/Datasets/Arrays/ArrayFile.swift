import Archives
import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Images and labels in NumPy's arrays: an .npz archive, a folder of .npy files, or one .npy file.
///
/// Which array is what is told by its name: `x_train` (or `train_images`, `X_train` …) and `x_test` are two splits,
/// `images`, `x`, `imgs` or `arr_0` one undivided set; labels have the same names with `y` or `labels`. Labels of a file
/// alone stand beside it: `y_train.npy` beside `x_train.npy`, `labels.npy` beside `images.npy`.
public struct ArrayFile: DatasetSource {
    public let name: String
    public let path: String
    public let splits: [Dataset.Split]
    public let isUndivided: Bool

    private struct Places {
        let images: StoredArray.Place
        let labels: StoredArray.Place?
    }
    private let places: [Dataset.Split: Places]

    /// Looks at the names of the arrays; none is read yet.
    ///
    /// - Throws: ``DatasetError/array(path:_:)`` if it is no archive, or none of the arrays is called like images.
    public init(_ path: String) throws(DatasetError) {
        name = folderName(path).split(separator: ".").first.map(String.init) ?? folderName(path)
        self.path = path
        let arrays = try ArrayFile.arrays(at: path)
        var places: [Dataset.Split: Places] = [:]
        for (split, names) in ArrayNames.divided {
            guard let images = arrays.first(among: names.images) else { continue }
            places[split] = Places(images: images, labels: arrays.first(among: names.labels))
        }
        isUndivided = places.isEmpty
        if places.isEmpty {
            let sole = arrays.count == 1 ? arrays.values.first : nil
            guard let images = arrays.first(among: ArrayNames.undivided.images) ?? sole else {
                throw .array(path: path, .noImages(names: Array(arrays.keys)))
            }
            let labels = arrays.first(among: ArrayNames.undivided.labels) ?? ArrayFile.labels(beside: path)
            places[.train] = Places(images: images, labels: labels)
        }
        self.places = places
        splits = Dataset.Split.allCases.filter { places[$0] != nil }
    }

    /// Whether a folder has arrays that are called like images.
    static func isFolderOfArrays(_ path: String) -> Bool { (try? ArrayFile(path)) != nil }

    public func missing(_ split: Dataset.Split) -> String { "an array “x_\(split.rawValue)”" }

    public func read(
        _ request: DatasetRequest, split: Dataset.Split, listener: (DatasetEvent) -> Void
    ) throws(DatasetError) -> Dataset {
        guard let places = places[split] else { throw .missingSplit(split, folder: path, wanted: missing(split)) }
        let images = try ImageArray(try StoredArray(places.images))
        var labels: [UInt16]?
        if let place = places.labels {
            labels = try LabelArray.read(try StoredArray(place), images: images, limit: request.limit)
        }
        let pixels = try images.read(limit: request.limit, listener: listener)
        let known = KnownDataset(split, pixels: pixels, shape: images.shape)
        let dataset = Dataset(
            name: known?.rawValue ?? name, split: split, isUndivided: isUndivided, shape: images.shape, pixels: pixels,
            labels: labels, classNames: known?.classNames ?? [], known: known)
        return dataset.brought(to: request.sizing)
    }

    // MARK: Names

    /// The arrays that there are, by their names in small letters.
    private static func arrays(at path: String) throws(DatasetError) -> [String: StoredArray.Place] {
        var isFolder = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        var arrays: [String: StoredArray.Place] = [:]
        if isFolder {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            for name in names.sorted() where name.lowercased().hasSuffix(".npy") {
                arrays[String(name.dropLast(4)).lowercased()] = .file("\(path)/\(name)")
            }
            return arrays
        }
        guard path.lowercased().hasSuffix(".npz") else { return ["arr_0": .file(path)] }
        for entry in try entries(of: path) where entry.name.hasSuffix(".npy") {
            arrays[String(entry.name.dropLast(4)).lowercased()] = .entry(entry, of: path)
        }
        return arrays
    }

    private static func entries(of path: String) throws(DatasetError) -> [ZipArchive.Entry] {
        do {
            return try ZipArchive(path: path).entries
        } catch {
            throw .array(path: path, .archive(error.reason))
        }
    }

    /// The labels in another file, for a file of images alone.
    private static func labels(beside path: String) -> StoredArray.Place? {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let file = String(path.dropFirst(folder.count))
        for (images, labels) in ArrayNames.sameBeside {
            guard let range = file.range(of: images) else { continue }
            let name = file.replacingCharacters(in: range, with: labels)
            guard FileManager.default.fileExists(atPath: folder + name) else { continue }
            guard name.lowercased().hasSuffix(".npz") else { return .file(folder + name) }
            guard let entries = try? entries(of: folder + name), entries.count == 1 else { continue }
            return .entry(entries[0], of: folder + name)
        }
        return nil
    }
}

/// What arrays are called, in small letters.
private enum ArrayNames {
    typealias Names = (images: [String], labels: [String])

    static let divided: [(Dataset.Split, Names)] = [
        (.train, names("train")), (.test, names("test")),
    ]

    static let undivided: Names = (["images", "imgs", "x", "data", "arr_0"], ["labels", "y", "targets", "arr_1"])

    /// What a file's name has for images, and would have for labels.
    static let sameBeside = [
        ("images", "labels"), ("imgs", "labels"), ("x_", "y_"), ("X_", "y_"), ("x.", "y."), ("X.", "y."),
    ]

    private static func names(_ split: String) -> Names {
        (
            ["x_\(split)", "\(split)_images", "\(split)_x", "images_\(split)", "\(split)"],
            ["y_\(split)", "\(split)_labels", "\(split)_y", "labels_\(split)"]
        )
    }
}

extension [String: StoredArray.Place] {
    fileprivate func first(among names: [String]) -> StoredArray.Place? { names.lazy.compactMap { self[$0] }.first }
}

extension KnownDataset {
    /// The data set whose split begins with these images, if they are bytes of its size.
    init?(_ split: Dataset.Split, pixels: Dataset.Pixels, shape: ImageShape) {
        guard case .bytes(let bytes) = pixels, shape == ImageShape(channels: 1, height: 28, width: 28) else {
            return nil
        }
        self.init(split, beginsWith: Array(bytes.prefix(KnownDataset.fingerprintImages * shape.count)))
    }
}
