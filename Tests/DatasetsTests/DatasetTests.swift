import Testing

@testable import Datasets

@Suite("A data set")
struct DatasetTests {
    /// Four images of one row of two pixels: 0 51, 102 153, 204 255, 0 0.
    private let dataset = Dataset(
        name: "tiny", split: .test, height: 1, width: 2, pixels: [0, 51, 102, 153, 204, 255, 0, 0],
        labels: [1, 0, 2, 1], classNames: ["zero", "one"])

    @Test("An image is its bytes divided by 255")
    func image() {
        #expect(dataset.image(0) == [0, 51.0 / 255])
        #expect(dataset.image(2) == [204.0 / 255, 1])
    }

    @Test("Every byte becomes the float that a division by 255 gives")
    func everyByte() {
        let bytes = Dataset(name: "bytes", split: .train, height: 16, width: 16, pixels: Array(0...255))
        #expect(bytes.image(0) == (0...255).map { Float($0) / 255 })
    }

    @Test("A batch has the images in the order of the indices, repeated ones too")
    func batch() {
        var batch = [Float](repeating: -1, count: 6)
        batch.withUnsafeMutableBufferPointer { dataset.copyImages([2, 0, 2], into: $0) }
        #expect(batch == dataset.image(2) + dataset.image(0) + dataset.image(2))
    }

    @Test("A window shows its images, and still calls them by their number in the split")
    func window() {
        let window = dataset[1..<3]
        #expect(window.count == 2)
        #expect(window.image(1) == dataset.image(2))
        #expect(window.label(0) == 0)
        #expect(window.caption(1) == "test #2 “2”")
        #expect(window[1..<2].caption(0) == "test #2 “2”")
    }

    @Test("A prefix is never longer than the data set")
    func prefix() {
        #expect(dataset.prefix(3).count == 3)
        #expect(dataset.prefix(99).count == 4)
        #expect(dataset.prefix(0).count == 0)
        #expect(dataset.prefix(-1).count == 0)
    }

    @Test("Classes have their names, and those without a name are called by their number")
    func classNames() {
        #expect(dataset.classNames == ["zero", "one", "2"])
        #expect(dataset.className(0) == "one")
        #expect(dataset.caption(3) == "test #3 “one”")
    }

    @Test("Without labels there are no classes, and a caption is a number")
    func noLabels() {
        let dataset = Dataset(name: "bare", split: .train, height: 1, width: 1, pixels: [1, 2])
        #expect(!dataset.hasLabels)
        #expect(dataset.label(0) == nil)
        #expect(dataset.classNames.isEmpty)
        #expect(dataset.caption(1) == "train #1")
    }
}
