import Testing

@testable import Datasets

@Suite("A folder of IDX files")
struct IDXFolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("Both splits are found under either spelling, gzipped or not")
    func spellings() throws {
        try folder.write(gzip(idxImages(count: 4)), to: "train-images-idx3-ubyte.gz")
        try folder.write(idxLabels(count: 4), to: "train-labels.idx1-ubyte")
        try folder.write(idxImages(count: 2, first: 100), to: "t10k-images.idx3-ubyte")
        let source = try IDXFolder(folder.path)
        #expect(source.splits == [.train, .test])
        #expect(source.known == nil)
        let train = try source.load(.train)
        #expect((train.count, train.height, train.width, train.channels) == (4, 2, 3, 1))
        #expect((0..<4).map(train.label) == [0, 1, 2, 0])
        let test = try source.load(.test)
        #expect(test.image(1)[0] == 106.0 / 255)
        #expect(!test.hasLabels)
    }

    @Test("A data set that is not known is called by its folder's name, without control characters")
    func name() throws {
        try folder.write(idxImages(count: 1), to: "my\u{7}digits/train-images-idx3-ubyte")
        #expect(try IDXFolder(folder.path + "/my\u{7}digits/").name == "mydigits")
    }

    @Test("A limit reads the first images with their labels")
    func limit() throws {
        try folder.write(gzip(idxImages(count: 9)), to: "train-images-idx3-ubyte.gz")
        try folder.write(gzip(idxLabels(count: 9)), to: "train-labels-idx1-ubyte.gz")
        let dataset = try IDXFolder(folder.path).load(.train, limit: 2)
        #expect(dataset.count == 2)
        #expect(dataset.label(1) == 1)
        #expect(try IDXFolder(folder.path).load(.train, limit: 0).count == 0)
    }

    @Test("Labels for another number of images are refused, also behind a limit")
    func labelCount() throws {
        let images = try folder.write(idxImages(count: 4), to: "train-images-idx3-ubyte")
        let labels = try folder.write(idxLabels(count: 5), to: "train-labels-idx1-ubyte")
        let error = DatasetError.labelCount(labels: labels, count: 5, images: images, expected: 4)
        let source = try IDXFolder(folder.path)
        #expect(throws: error) { try source.load(.train) }
        #expect(throws: error) { try source.load(.train, limit: 1) }
    }

    @Test("A missing split and an empty folder say which files are wanted")
    func missing() throws {
        #expect(throws: DatasetError.noData(folder: folder.path)) { try IDXFolder(folder.path) }
        try folder.write(idxImages(count: 4), to: "train-images-idx3-ubyte")
        let source = try IDXFolder(folder.path)
        #expect(source.splits == [.train])
        #expect(
            throws: DatasetError.missingSplit(.test, folder: folder.path, wanted: "t10k-images-idx3-ubyte (or .gz)")
        ) {
            try source.load(.test)
        }
    }
}

@Suite("Data that are installed")
struct InstalledDataTests {
    @Test(
        "All images are there, balanced as their authors say, and recognized",
        .enabled(if: !KnownDataset.allCases.compactMap(installed).isEmpty, "no data set is installed"),
        arguments: KnownDataset.allCases)
    func whole(_ known: KnownDataset) throws {
        guard let source = installed(known) else { return }
        #expect(source.known == known)
        #expect(source.name == known.rawValue)
        for split in source.splits {
            let dataset = try source.load(split)
            #expect(dataset.count == (split == .train ? 60_000 : 10_000))
            #expect((dataset.channels, dataset.height, dataset.width) == (1, 28, 28))
            #expect(dataset.known == known)
            #expect(dataset.classNames == known.classNames)
        }
    }

    @Test(
        "MNIST's first training digits are 5 0 4 1 9", .enabled(if: installed(.mnist) != nil, "MNIST is not installed"))
    func firstDigits() throws {
        let dataset = try #require(installed(.mnist)).load(.train, limit: 5)
        #expect((0..<5).map(dataset.label) == [5, 0, 4, 1, 9])
        #expect(dataset.image(0).map { Int(($0 * 255).rounded()) }.reduce(0, +) == 27_525)
    }
}
