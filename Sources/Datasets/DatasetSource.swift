/// Somewhere that images can be read from: a folder of IDX files, and what else readers are written for.
public protocol DatasetSource: Sendable {
    /// What data sets read from here are called.
    var name: String { get }
    /// Where it is.
    var path: String { get }
    /// The splits that are there, training first.
    var splits: [Dataset.Split] { get }

    /// Reads the images of a split, and their labels where there are any.
    ///
    /// - Parameter limit: reads the first images only.
    /// - Throws: ``DatasetError`` if the split is missing or a file is not what it should be.
    func load(_ split: Dataset.Split, limit: Int?) throws(DatasetError) -> Dataset
}

extension DatasetSource {
    /// Reads all images of a split, and their labels where there are any.
    public func load(_ split: Dataset.Split) throws(DatasetError) -> Dataset { try load(split, limit: nil) }
}
