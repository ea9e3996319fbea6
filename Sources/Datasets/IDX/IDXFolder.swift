import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A folder with IDX files under the names that MNIST gave them, gzipped or not.
///
/// `train-images-idx3-ubyte` and `t10k-images-idx3-ubyte`, also spelled `train-images.idx3-ubyte`, each also with `.gz`;
/// labels beside them under `…-labels-idx1-ubyte` are read if they are there.
public struct IDXFolder: DatasetSource {
    public let name: String
    public let path: String
    public let splits: [Dataset.Split]
    /// The well-known data set whose images all of these are, told by the images themselves.
    public let known: KnownDataset?

    private struct Files {
        let images: String
        let labels: String?
        let known: KnownDataset?
    }
    private let files: [Dataset.Split: Files]

    /// Looks at what is in a folder and recognizes it by its first images.
    ///
    /// - Throws: ``DatasetError`` if the folder has no images, or the first of them cannot be read.
    public init(_ path: String) throws(DatasetError) {
        var files: [Dataset.Split: Files] = [:]
        for split in Dataset.Split.allCases {
            guard let images = IDXFolder.find("\(split.filePrefix)-images", "idx3-ubyte", in: path) else { continue }
            let labels = IDXFolder.find("\(split.filePrefix)-labels", "idx1-ubyte", in: path)
            let beginning = try IDXFile(images, rank: 3, limit: KnownDataset.fingerprintImages)
            let known = KnownDataset(split, beginsWith: beginning.bytes)
            files[split] = Files(images: images, labels: labels, known: known)
        }
        splits = Dataset.Split.allCases.filter { files[$0] != nil }
        guard let first = splits.first else { throw .noData(folder: path) }
        // Nothing keeps a folder from holding splits of two data sets; such a folder is neither of them.
        let known = files[first]?.known
        self.known = files.values.allSatisfy { $0.known == known } ? known : nil
        name = self.known?.rawValue ?? folderName(path)
        self.path = path
        self.files = files
    }

    public func read(
        _ request: DatasetRequest, split: Dataset.Split, listener: (DatasetEvent) -> Void
    ) throws(DatasetError) -> Dataset {
        guard let files = files[split] else { throw .missingSplit(split, folder: path, wanted: missing(split)) }
        let images = try IDXFile(files.images, rank: 3, limit: request.limit)
        let labels = try readLabels(files, for: images, limit: request.limit)
        let dataset = Dataset(
            name: name, split: split, height: images.shape[1], width: images.shape[2], pixels: images.bytes,
            labels: labels, classNames: files.known?.classNames ?? [], known: files.known)
        return dataset.brought(to: request.sizing)
    }

    public func missing(_ split: Dataset.Split) -> String { "\(split.filePrefix)-images-idx3-ubyte (or .gz)" }

    private func readLabels(_ files: Files, for images: IDXFile, limit: Int?) throws(DatasetError) -> [UInt8]? {
        guard let path = files.labels else { return nil }
        let labels = try IDXFile(path, rank: 1, limit: limit)
        guard labels.shape[0] == images.shape[0] else {
            throw .labelCount(
                labels: path, count: labels.shape[0], images: files.images, expected: images.shape[0])
        }
        return labels.bytes
    }

    /// The path of a file under one of its spellings; unpacked ones first, as they are read faster.
    private static func find(_ stem: String, _ suffix: String, in folder: String) -> String? {
        ["\(stem)-\(suffix)", "\(stem).\(suffix)"]
            .flatMap { ["\(folder)/\($0)", "\(folder)/\($0).gz"] }
            .first { FileManager.default.fileExists(atPath: $0) }
    }
}

/// What data in a folder or a file are called.
func folderName(_ path: String) -> String {
    let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent.printable
    return name.isEmpty ? "data" : name
}

extension Dataset.Split {
    /// What MNIST's files of the split begin with; `t10k` since there are ten thousand.
    var filePrefix: String {
        switch self {
        case .train: "train"
        case .test: "t10k"
        }
    }
}
