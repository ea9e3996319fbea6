/// Which images are wanted, and how.
public struct DatasetRequest: Hashable, Sendable {
    /// Nil for whatever there is: the test images where the data are divided, else all.
    public var split: Dataset.Split?
    /// The first images only.
    public var limit: Int?
    /// What the images are brought to; nil to take them as they are.
    public var sizing: ImageSizing?
    /// Whether the first bad image is an error; otherwise it is told and passed over.
    public var isStrict: Bool

    public init(
        split: Dataset.Split? = nil, limit: Int? = nil, sizing: ImageSizing? = nil, isStrict: Bool = false
    ) {
        self.split = split
        self.limit = limit
        self.sizing = sizing
        self.isStrict = isStrict
    }
}

/// What happens while data are read.
public enum DatasetEvent: Hashable, Sendable {
    /// So many files of all that there are have been read.
    case read(Int, of: Int)
    /// A bad image is passed over; the text is a sentence.
    case skipped(String)
    /// At the end: so many bad images were passed over.
    case finished(skipped: Int, images: Int)
    /// How something was understood that could mean several things; the text is a sentence.
    case noted(String)
}
