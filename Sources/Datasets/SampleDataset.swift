/// The labelled MNIST digits that are installed with the program: 5,000 from the training images, so a model that was
/// trained on MNIST has seen them. Classes take turns (0, 1, … 9, 0, …), so that each beginning is balanced.
public struct SampleDigits: DatasetSource {
    /// What `--data` calls them.
    public static let name = "sample"

    public let path: String
    private let folder: IDXFolder

    /// - Parameter resources: the folder `Resources` of the installation.
    /// - Throws: ``DatasetError`` if the sample is not there or damaged.
    public init(resources: String) throws(DatasetError) {
        path = "\(resources)/mnist-sample"
        folder = try IDXFolder(path)
    }

    public var name: String { Self.name }
    public var splits: [Dataset.Split] { folder.splits }
    public var isUndivided: Bool { true }

    public func missing(_ split: Dataset.Split) -> String { folder.missing(split) }

    public func read(
        _ request: DatasetRequest, split: Dataset.Split, listener: (DatasetEvent) -> Void
    ) throws(DatasetError) -> Dataset {
        var whole = request
        whole.sizing = nil
        return try folder.read(whole, split: split, listener: listener).counted(as: name).brought(to: request.sizing)
    }
}

extension Dataset {
    /// The digits that are installed with the program.
    ///
    /// - Parameters:
    ///   - resources: the folder `Resources` of the installation.
    ///   - sizing: what the images are brought to, if they are.
    /// - Throws: ``DatasetError`` if the sample is not there or damaged.
    public static func sample(
        in resources: String, limit: Int? = nil, sizing: ImageSizing? = nil
    ) throws(DatasetError) -> Dataset {
        try SampleDigits(resources: resources).load(DatasetRequest(limit: limit, sizing: sizing))
    }
}
