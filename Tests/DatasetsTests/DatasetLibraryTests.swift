import Testing

@testable import Datasets

@Suite("Where data sets lie")
struct DatasetLibraryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func library(_ environment: [String: String] = [:]) -> DatasetLibrary {
        // The real system's data sets are kept out.
        let defaults = ["XDG_DATA_DIRS": folder.path + "/share", "XDG_CACHE_HOME": folder.path + "/cache"]
        return DatasetLibrary(environment: defaults.merging(environment) { $1 }, home: folder.path + "/home")
    }

    @Test("The variable comes first, then the cache, then the system's folders")
    func order() {
        let places = library(["LATENTWALK_DATA": "/d", "XDG_DATA_DIRS": "/a:relative:/b"]).places(of: .fashionMNIST)
        #expect(
            places.map(\.path) == [
                "/d/fashion-mnist", "/d", folder.path + "/cache/latentwalk/fashion-mnist",
                "/a/datasets/fashion-mnist", "/b/datasets/fashion-mnist",
            ])
        #expect(places.map(\.kind) == [.environment, .environment, .cache, .system, .system])
    }

    @Test("Without variables, the cache is in the user's home and the system's data in /usr/share")
    func defaults() {
        let library = DatasetLibrary(
            environment: ["XDG_CACHE_HOME": "relative", "LATENTWALK_DATA": ""], home: "/home/me")
        #if os(macOS)
            let cache = "/home/me/Library/Caches/latentwalk/mnist"
        #else
            let cache = "/home/me/.cache/latentwalk/mnist"
        #endif
        #expect(
            library.places(of: .mnist).map(\.path)
                == [cache, "/usr/local/share/datasets/mnist", "/usr/share/datasets/mnist"])
    }

    @Test("A folder under a known name that holds something else is passed over, and said")
    func impostor() throws {
        try folder.write(idxImages(count: 200), to: "cache/latentwalk/mnist/train-images-idx3-ubyte")
        let error = #expect(throws: DatasetError.self) { try library().find(.mnist) }
        #expect(
            error
                == .notFound(
                    .mnist, nil, rejected: [.init(path: folder.path + "/cache/latentwalk/mnist", holds: nil)]))
        #expect(
            error?.description
                == "MNIST not found (\(folder.path)/cache/latentwalk/mnist holds something else): "
                + "fetch with “latentwalk data fetch mnist”, or name a folder with --data DIR")
    }

    @Test("A damaged file in a known place is said, not passed over")
    func damaged() throws {
        let path = try folder.write([1, 2, 3], to: "cache/latentwalk/mnist/train-images-idx3-ubyte.gz")
        #expect(throws: DatasetError.malformed(path: path, .notIDX)) { try library().load("mnist", split: .train) }
    }

    @Test("What is nowhere names the command, the Debian package and the option")
    func nowhere() {
        let error = #expect(throws: DatasetError.self) { try library().load("fashion-mnist", split: .test) }
        #expect(
            error?.description
                == "the test images of Fashion-MNIST not found: fetch with “latentwalk data fetch fashion-mnist”, "
                + "install the Debian package dataset-fashion-mnist, or name a folder with --data DIR")
    }

    @Test("A path is read as a folder; other words and files get their sentence")
    func paths() throws {
        try folder.write(idxImages(count: 4), to: "digits/train-images-idx3-ubyte")
        let dataset = try library().load(folder.path + "/digits", split: .train, limit: 3)
        #expect((dataset.name, dataset.count) == ("digits", 3))
        #expect(throws: DatasetError.unknown("minst")) { try library().source("minst") }
        #expect(throws: DatasetError.unknown("")) { try library().source("") }
        let file = folder.path + "/digits/train-images-idx3-ubyte"
        #expect(throws: DatasetError.unsupported(path: file)) { try library().source(file) }
    }

    @Test(
        "MNIST and Fashion-MNIST are never taken for each other",
        .enabled(if: installed(.fashionMNIST) != nil, "Fashion-MNIST is not installed"))
    func neverTheOther() throws {
        let fashion = try #require(installed(.fashionMNIST)).path
        let library = library(["LATENTWALK_DATA": fashion])
        #expect(try library.load("fashion-mnist", split: .test, limit: 1).className(0) == "Ankle boot")
        #expect(throws: DatasetError.notFound(.mnist, .train, rejected: [.init(path: fashion, holds: .fashionMNIST)])) {
            try library.load("mnist", split: .train)
        }
    }
}
