import Dispatch
import Files
import Numbers
import Pictures
import Synchronization

/// A folder of PNG and JPEG files; sub-folders are classes, and their names the classes' names.
///
/// Where all of its sub-folders are called like splits (`train`, `test`, also `training`, `testing`, `val`, `valid`,
/// `validation`), each of these is such a folder, and the data are divided.
public struct PictureFolder: DatasetSource {
    public let name: String
    public let path: String
    public let splits: [Dataset.Split]
    public let isUndivided: Bool
    private let listings: [Dataset.Split: PictureListing]

    private static let splitNames: [(split: Dataset.Split, names: [String])] = [
        (.train, ["train", "training"]), (.test, ["test", "testing", "val", "valid", "validation"]),
    ]
    /// Files that are read at a time, in parallel.
    private static let block = 64
    /// The most bytes that the pixels of a data set may take.
    static let maximumSize = 8 << 30

    /// Looks at what is in a folder; no picture is read yet.
    ///
    /// - Throws: ``DatasetError``; ``DatasetError/noData(folder:)`` if there is no picture.
    public init(_ path: String) throws(DatasetError) {
        name = folderName(path)
        self.path = path
        let folders = try PictureListing.contents(of: path).folders
        let known = PictureFolder.splitNames.flatMap(\.names)
        if !folders.isEmpty, folders.allSatisfy({ known.contains($0.lowercased()) }) {
            var listings: [Dataset.Split: PictureListing] = [:]
            for (split, names) in PictureFolder.splitNames {
                // The first of the names, so that `test` goes before `val`.
                let folder = names.lazy.compactMap { name in folders.first { $0.lowercased() == name } }.first
                guard let folder else { continue }
                let listing = try PictureListing("\(path)/\(folder)")
                if !listing.isEmpty { listings[split] = listing }
            }
            self.listings = listings
            isUndivided = false
        } else {
            let listing = try PictureListing(path)
            listings = listing.isEmpty ? [:] : [.train: listing]
            isUndivided = true
        }
        splits = Dataset.Split.allCases.filter { [listings] in listings[$0] != nil }
        guard !splits.isEmpty else { throw .noData(folder: path) }
    }

    public func missing(_ split: Dataset.Split) -> String { "a sub-folder “\(split.rawValue)” with pictures" }

    public func read(
        _ request: DatasetRequest, split: Dataset.Split, listener: (DatasetEvent) -> Void
    ) throws(DatasetError) -> Dataset {
        guard let listing = listings[split] else { throw .missingSplit(split, folder: path, wanted: missing(split)) }
        if listing.strays > 0 {
            let pictures = "\(listing.strays) picture\(listing.strays == 1 ? "" : "s")"
            listener(.noted("\(pictures) beside the classes' folders of \(path.printable) are passed over"))
        }
        let wanted = min(request.limit ?? .max, listing.entries.count)
        var collector = PixelCollector(sizing: request.sizing, expected: wanted)
        var labels: [UInt16] = []
        var (done, skipped) = (0, 0)
        while done < listing.entries.count, collector.count < wanted {
            let block = listing.entries[done..<min(listing.entries.count, done + PictureFolder.block)]
            for (entry, result) in zip(block, PictureFolder.pictures(block, sizing: request.sizing)) {
                guard collector.count < wanted else { break }
                switch result {
                case .success(let picture):
                    try collector.add(picture, from: entry.path)
                    if let label = entry.label { labels.append(label) }
                case .failure(let problem) where request.isStrict: throw .picture(path: entry.path, problem)
                case .failure(let problem):
                    skipped += 1
                    listener(.skipped("\(entry.path.printable) \(problem): passed over"))
                }
            }
            done += block.count
            listener(.read(done, of: listing.entries.count))
        }
        guard let shape = collector.shape else { throw .noGoodPicture(folder: path, count: skipped) }
        if skipped > 0 { listener(.finished(skipped: skipped, images: collector.count)) }
        return Dataset(
            name: name, split: split, isUndivided: isUndivided, shape: shape, pixels: .bytes(collector.pixels),
            labels: listing.classNames.isEmpty ? nil : labels, classNames: listing.classNames)
    }

    /// Reads some pictures on all processors, and brings each to its size.
    private static func pictures(
        _ entries: ArraySlice<PictureListing.Entry>, sizing: ImageSizing?
    ) -> [Result<PixelImage, PictureProblem>] {
        let resampler = Resampler()
        let results = Mutex<[Result<PixelImage, PictureProblem>]>(
            Array(repeating: .failure(.unknownFormat), count: entries.count))
        DispatchQueue.concurrentPerform(iterations: entries.count) { index in
            let path = entries[entries.startIndex + index].path
            let result = Result { () throws(PictureProblem) in
                let picture = try PixelImage(
                    path: path, reducedTo: sizing.map { ($0.width, $0.height) }, keepsOpacity: sizing?.channels == 4)
                guard let sizing else { return picture }
                return picture.brought(
                    to: ImageShape(
                        channels: sizing.channels ?? picture.channels, height: sizing.height, width: sizing.width),
                    by: resampler)
            }
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0 }
    }
}

/// Puts pictures of one size together, gray as long as all are gray.
private struct PixelCollector {
    /// `[count, channels, height, width]`.
    private(set) var pixels: [UInt8] = []
    private(set) var count = 0
    /// Of all images; nil as long as there is none.
    private(set) var shape: ImageShape?
    private let sizing: ImageSizing?
    private let expected: Int
    /// The first picture, for sentences.
    private var first = ""

    init(sizing: ImageSizing?, expected: Int) { (self.sizing, self.expected) = (sizing, expected) }

    /// - Throws: ``DatasetError/mixedSizes(path:found:first:expected:)``, ``DatasetError/tooMuch(images:shape:)``.
    mutating func add(_ picture: PixelImage, from path: String) throws(DatasetError) {
        var picture = picture
        guard let shape else {
            try begin(picture.shape, path)
            return append(picture)
        }
        guard picture.height == shape.height, picture.width == shape.width else {
            throw .mixedSizes(path: path, found: picture.shape, first: first, expected: shape)
        }
        if picture.channels < shape.channels { picture = picture.withChannels(shape.channels) }
        if picture.channels > shape.channels { try becomeColored(shape) }
        append(picture)
    }

    private mutating func append(_ picture: PixelImage) {
        pixels += picture.planes
        count += 1
    }

    private mutating func begin(_ shape: ImageShape, _ path: String) throws(DatasetError) {
        try check(shape)
        (self.shape, first) = (shape, path)
        pixels.reserveCapacity(expected * shape.count)
    }

    /// Gives the images so far three equal channels.
    private mutating func becomeColored(_ gray: ImageShape) throws(DatasetError) {
        let colored = ImageShape(channels: 3, height: gray.height, width: gray.width)
        try check(colored)
        var converted: [UInt8] = []
        converted.reserveCapacity(expected * colored.count)
        for image in 0..<count {
            let plane = pixels[image * gray.count..<(image + 1) * gray.count]
            for _ in 0..<3 { converted += plane }
        }
        (pixels, shape) = (converted, colored)
    }

    private func check(_ shape: ImageShape) throws(DatasetError) {
        guard product(of: [shape.count, expected], atMost: PictureFolder.maximumSize) != nil else {
            throw .tooMuch(images: expected, shape: shape)
        }
    }
}
