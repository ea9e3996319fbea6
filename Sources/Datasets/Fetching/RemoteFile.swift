/// A gzipped file of a known data set, and how its contents are checked.
///
/// Mirrors have packed the same bytes in different ways, so the size and the digest are those of the unpacked contents.
public struct RemoteFile: Hashable, Sendable {
    /// Its name on all mirrors and in the cache.
    public let name: String
    /// The bytes of the unpacked contents.
    public let contentSize: Int
    /// The SHA-256 of the unpacked contents, 64 hexadecimal digits.
    public let contentDigest: String

    /// More than this is not the file: neither packed nor sent as it is.
    var maximumSize: Int { contentSize + contentSize / 100 + 1024 }
}

extension KnownDataset {
    /// The files to fetch, small ones first so that a wrong mirror is found out soon.
    public var files: [RemoteFile] {
        let digests =
            switch self {
            case .mnist:
                (
                    trainLabels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    testLabels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                    testImages: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    trainImages: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
                )
            case .fashionMNIST:
                (
                    trainLabels: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                    testLabels: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                    testImages: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                    trainImages: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
                )
            }
        return [
            RemoteFile(
                name: "train-labels-idx1-ubyte.gz", contentSize: 60_008, contentDigest: digests.trainLabels),
            RemoteFile(
                name: "t10k-labels-idx1-ubyte.gz", contentSize: 10_008, contentDigest: digests.testLabels),
            RemoteFile(
                name: "t10k-images-idx3-ubyte.gz", contentSize: 7_840_016, contentDigest: digests.testImages),
            RemoteFile(
                name: "train-images-idx3-ubyte.gz", contentSize: 47_040_016, contentDigest: digests.trainImages),
        ]
    }

    /// Where the files are, in the order in which they are asked.
    public var mirrors: [Mirror] {
        let addresses =
            switch self {
            case .mnist:
                [
                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                    "https://storage.googleapis.com/cvdf-datasets/mnist/",
                    "https://raw.githubusercontent.com/fgnt/mnist/master/",
                ]
            case .fashionMNIST:
                [
                    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
                ]
            }
        return addresses.compactMap(Mirror.init(listed:))
    }
}
