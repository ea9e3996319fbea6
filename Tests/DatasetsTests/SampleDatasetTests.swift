import Foundation
import Testing

@testable import Datasets

@Suite("The sample of digits")
struct SampleDatasetTests {
    private static let resources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Resources").path

    @Test("There are 5,000 digits, 500 of each class, and the classes take turns")
    func balanced() throws {
        let sample = try Dataset.sample(in: Self.resources)
        #expect((sample.count, sample.channels, sample.height, sample.width) == (5000, 1, 28, 28))
        #expect((0..<5000).map(sample.label) == (0..<5000).map { $0 % 10 })
        #expect(sample.name == "mnist-sample")
        #expect(sample.classNames == KnownDataset.mnist.classNames)
    }

    @Test("Its digits are counted within the sample")
    func captions() throws {
        let sample = try Dataset.sample(in: Self.resources, limit: 20)
        #expect(sample.caption(13) == "sample #13 “3”")
        #expect(sample[10..<20].caption(3) == "sample #13 “3”")
    }

    @Test("Its digits are brought to a size")
    func resized() throws {
        let sample = try Dataset.sample(in: Self.resources, limit: 3, sizing: ImageSizing(height: 14, width: 14))
        #expect((sample.count, sample.height, sample.width) == (3, 14, 14))
        #expect(sample.caption(1) == "sample #1 “1”")
    }

    @Test(
        "Its digits are training digits of MNIST with their labels",
        .enabled(if: installed(.mnist) != nil, "MNIST is not installed"))
    func fromMNIST() throws {
        let sample = try Dataset.sample(in: Self.resources)
        let training = try #require(installed(.mnist)).load(.train, limit: 6000)
        let labels = Dictionary((0..<training.count).map { (training.image($0), training.label($0)) }) { first, _ in
            first
        }
        #expect((0..<sample.count).allSatisfy { labels[sample.image($0)] == sample.label($0) })
    }

    @Test("--data sample means it, all of it, where the program is installed")
    func named() throws {
        var library = DatasetLibrary(environment: [:], home: "/nowhere")
        #expect(throws: DatasetError.noSample) { try library.source("sample") }
        library.resources = Self.resources
        let sample = try library.load("sample", DatasetRequest(limit: 20))
        #expect(sample.caption(13) == "sample #13 “3”")
        #expect(try library.load("sample", split: .train).count == 5000)
        #expect(throws: DatasetError.undivided(path: "\(Self.resources)/mnist-sample")) {
            try library.load("sample", split: .test)
        }
    }

    @Test("A missing sample is said")
    func missing() {
        #expect(throws: DatasetError.noData(folder: "/nowhere/mnist-sample")) { try Dataset.sample(in: "/nowhere") }
    }
}
