import Foundation
import Pictures
import Testing

@testable import Datasets

@Suite("A folder of pictures")
struct PictureFolderTests {
    /// A PNG of one gray value.
    private func png(_ value: Float, width: Int = 3, height: Int = 2, channels: Int = 1) throws -> [UInt8] {
        let picture = Picture(
            width: width, height: height, channels: channels,
            values: Array(repeating: value / 255, count: width * height * channels))
        return try PictureFile.bytes(of: [picture], as: .png)
    }

    private func load(
        _ folder: TemporaryFolder, _ request: DatasetRequest = DatasetRequest(),
        events: ((DatasetEvent) -> Void)? = nil
    ) throws -> Dataset {
        try PictureFolder(folder.path).load(request) { events?($0) }
    }

    private func values(_ dataset: Dataset) -> [Int] {
        (0..<dataset.count).map { Int((dataset.image($0)[0] * 255).rounded()) }
    }

    @Test("Pictures are read in the order of their names, hidden and other files left out")
    func order() throws {
        let folder = try TemporaryFolder()
        for (index, name) in ["b.png", "a.PNG", "c.png"].enumerated() { try folder.write(png(Float(index)), to: name) }
        try folder.write(png(99), to: ".hidden.png")
        try folder.write(Array("hello".utf8), to: "notes.txt")
        let dataset = try load(folder)
        #expect(values(dataset) == [1, 0, 2])
        #expect(dataset.shape == ImageShape(channels: 1, height: 2, width: 3))
        #expect(!dataset.hasLabels)
        #expect(dataset.caption(2) == "image #2")
    }

    @Test("Sub-folders are classes that take turns by their share, so that any beginning is like the whole")
    func classes() throws {
        let folder = try TemporaryFolder()
        for index in 0..<4 { try folder.write(png(Float(10 + index)), to: "cat/\(index).png") }
        for index in 0..<2 { try folder.write(png(Float(20 + index)), to: "dog/deeper/\(index).png") }
        try folder.write(png(1), to: "stray.png")
        try folder.write([], to: "empty/nothing.txt")
        var notes: [String] = []
        let dataset = try load(folder) { if case .noted(let note) = $0 { notes.append(note) } }
        #expect(dataset.classNames == ["cat", "dog"])
        #expect(values(dataset) == [10, 20, 11, 12, 21, 13])
        #expect((0..<6).map { dataset.className($0) } == ["cat", "dog", "cat", "cat", "dog", "cat"])
        #expect(notes.count == 1 && notes[0].hasPrefix("1 picture "))
        #expect(values(try load(folder, DatasetRequest(limit: 2))) == [10, 20])
    }

    @Test("Sub-folders called train and test are splits")
    func splits() throws {
        let folder = try TemporaryFolder()
        try folder.write(png(1), to: "train/a/1.png")
        try folder.write(png(2), to: "train/b/1.png")
        try folder.write(png(3), to: "test/b/1.png")
        let source = try PictureFolder(folder.path)
        #expect(source.splits == [.train, .test])
        #expect(values(try source.load(.train)) == [1, 2])
        #expect(values(try source.load(DatasetRequest())) == [3])
        let other = try TemporaryFolder()
        try other.write(png(1), to: "train/1.png")
        try other.write(png(1), to: "plane/1.png")
        #expect(try PictureFolder(other.path).isUndivided)
        #expect(try PictureFolder(other.path).load(.train).classNames == ["plane", "train"])
    }

    @Test("A bad picture is named and passed over, and counted at the end; strictly it ends the reading")
    func bad() throws {
        let folder = try TemporaryFolder()
        try folder.write(png(1), to: "a.png")
        try folder.write(Array(png(2).prefix(40)), to: "b.png")
        try folder.write(png(3), to: "c.png")
        var events: [DatasetEvent] = []
        let dataset = try load(folder, DatasetRequest(limit: 2)) { events.append($0) }
        #expect(values(dataset) == [1, 3])
        let skipped = events.compactMap { if case .skipped(let text) = $0 { text } else { nil } }
        #expect(skipped.count == 1 && skipped[0].contains("b.png"))
        #expect(events.contains(.finished(skipped: 1, images: 2)))
        #expect {
            try load(folder, DatasetRequest(isStrict: true))
        } throws: { error in
            guard case .picture(let path, _)? = error as? DatasetError else { return false }
            return path == "\(folder.path)/b.png"
        }
    }

    @Test("A folder with bad pictures only, with none, and one that is not there are told apart")
    func nothing() throws {
        let folder = try TemporaryFolder()
        #expect(throws: DatasetError.noData(folder: folder.path)) { try PictureFolder(folder.path) }
        try folder.write([1], to: "a.jpg")
        #expect(throws: DatasetError.noGoodPicture(folder: folder.path, count: 1)) { try load(folder) }
        #expect(throws: DatasetError.self) { try PictureFolder("\(folder.path)/gone") }
    }

    @Test("Once a picture is colored, all are; a size asked for makes them all alike")
    func colors() throws {
        let folder = try TemporaryFolder()
        try folder.write(png(10), to: "a.png")
        try folder.write(png(20, channels: 3), to: "b.png")
        try folder.write(png(30), to: "c.png")
        let dataset = try load(folder)
        #expect(dataset.shape == ImageShape(channels: 3, height: 2, width: 3))
        for (index, value) in [Float(10), 20, 30].enumerated() {
            #expect(dataset.image(index).allSatisfy { abs($0 - value / 255) < 1e-6 })
        }
        let gray = try load(folder, DatasetRequest(sizing: ImageSizing(channels: 1, height: 4, width: 4)))
        #expect(gray.shape == ImageShape(channels: 1, height: 4, width: 4))
        #expect(values(gray) == [10, 20, 30])
    }

    @Test("Pictures of several sizes are refused with the way out, and read once they are brought to one")
    func sizes() throws {
        let folder = try TemporaryFolder()
        try folder.write(png(10), to: "a.png")
        try folder.write(png(20, width: 9, height: 4), to: "b.png")
        #expect {
            try load(folder)
        } throws: { error in
            "\(error)".contains("b.png is 9×4 pixels") && "\(error)".hasSuffix("bring all to one size with --resize")
        }
        let dataset = try load(folder, DatasetRequest(sizing: ImageSizing(height: 2, width: 2)))
        #expect(values(dataset) == [10, 20])
    }

    @Test("A link that leads back up ends somewhere")
    func links() throws {
        let folder = try TemporaryFolder()
        try folder.write(png(1), to: "a/1.png")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/a/up", withDestinationPath: folder.path)
        #expect(try load(folder, DatasetRequest(limit: 1)).count == 1)
    }
}

@Suite("Bringing data to a size")
struct ResizingTests {
    @Test("Images of a window are resized with their labels, and keep their names")
    func window() {
        let pixels = (0..<4).flatMap { image in Array(repeating: UInt8(image * 10), count: 9) }
        let dataset = Dataset(
            name: "squares", split: .test, height: 3, width: 3, pixels: pixels, labels: [0, 1, 2, 3])
        let resized = dataset[1..<3].brought(to: ImageSizing(channels: 3, height: 2, width: 2))
        #expect(resized.count == 2 && resized.shape == ImageShape(channels: 3, height: 2, width: 2))
        #expect(resized.label(0) == 1 && resized.label(1) == 2)
        #expect(resized.image(1).allSatisfy { abs($0 - 20.0 / 255) < 1e-6 })
        #expect(resized.title == "squares test")
        #expect(dataset.brought(to: nil).count == 4)
    }
}
