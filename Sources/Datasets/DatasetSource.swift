/// Somewhere that images can be read from.
public protocol DatasetSource: Sendable {
    /// What data sets read from here are called.
    var name: String { get }
    /// Where it is.
    var path: String { get }
    /// The splits that are there, training first; an undivided source has all of its images under ``Dataset/Split/train``.
    var splits: [Dataset.Split] { get }
    /// Whether the images are one set, not training and test images.
    var isUndivided: Bool { get }

    /// What would have to be there for a split that isn't.
    func missing(_ split: Dataset.Split) -> String

    /// Reads images, and their labels where there are any.
    ///
    /// - Parameters:
    ///   - request: its split is one that is there (``DatasetSource/load(_:listener:)`` sees to that).
    ///   - listener: told what happens meanwhile.
    /// - Throws: ``DatasetError`` if a file is not what it should be.
    func read(
        _ request: DatasetRequest, split: Dataset.Split, listener: (DatasetEvent) -> Void
    ) throws(DatasetError) -> Dataset
}

extension DatasetSource {
    public var isUndivided: Bool { false }

    /// Reads the images that are asked for, brought to the size that is asked for.
    ///
    /// - Throws: ``DatasetError`` if the split is missing or a file is not what it should be.
    public func load(
        _ request: DatasetRequest, listener: (DatasetEvent) -> Void = { _ in }
    ) throws(DatasetError) -> Dataset {
        let split = request.split ?? (splits.contains(.test) ? .test : .train)
        guard splits.contains(split), !(isUndivided && request.split == .test) else {
            throw isUndivided ? .undivided(path: path) : .missingSplit(split, folder: path, wanted: missing(split))
        }
        return try read(request, split: split, listener: listener)
    }

    /// Reads the images of a split, and their labels where there are any.
    public func load(_ split: Dataset.Split, limit: Int? = nil) throws(DatasetError) -> Dataset {
        try load(DatasetRequest(split: split, limit: limit))
    }
}
