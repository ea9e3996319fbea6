import Foundation
import GIFReader
import Pictures
import Testing

@Suite("What is exported")
struct ExhibitTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("exhibit-\(UUID().uuidString)")
    private let frames = (0..<12).map { Picture(width: 1, height: 1, values: [Float($0) / 255]) }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    @Test("A film is an animation in GIF, and a strip of one row in PNG")
    func film() throws {
        let film = Exhibit.film(frames, frameDuration: .milliseconds(70))
        try film.write(to: path("a.gif"), PictureShowing(scale: 1))
        let read = try GIFReader(path: path("a.gif"))
        #expect(read.frames.map(\.grays) == (0..<12).map { [UInt8($0)] })
        #expect(read.frames.allSatisfy { $0.delay == 7 })
        try film.write(to: path("a.png"))
        #expect(
            try PixelImage(path: path("a.png")) == PixelImage(width: 12, height: 1, channels: 1, bytes: Array(0..<12)))
    }

    @Test("A picture may be enlarged")
    func picture() throws {
        let picture = Picture(width: 2, height: 1, values: [0, 1])
        try Exhibit.picture(picture).write(to: path("b.png"), PictureShowing(scale: 2))
        let expected = PixelImage(width: 4, height: 2, channels: 1, bytes: [0, 0, 255, 255, 0, 0, 255, 255])
        #expect(try PixelImage(path: path("b.png")) == expected)
        let red = Picture(width: 1, height: 1, channels: 3, values: [1, 0, 0.2])
        try Exhibit.picture(red).write(to: path("c.png"), PictureShowing(scale: 2))
        #expect(try PixelImage(path: path("c.png")).bytes == [255, 0, 51, 255, 0, 51, 255, 0, 51, 255, 0, 51])
    }

    @Test("PNG and NPY keep opacity; GIF, which has none, lays it over a background")
    func opacity() throws {
        let picture = Picture(width: 2, height: 1, channels: 4, values: [1, 0, 0.2, 1, 0, 1, 1, 0.2])
        try Exhibit.picture(picture).write(to: path("o.png"), PictureShowing(scale: 1))
        let bytes: [UInt8] = [255, 0, 51, 255, 0, 255, 255, 51]
        #expect(try PixelImage(path: path("o.png"), keepsOpacity: true).bytes == bytes)
        #expect(try PixelImage(path: path("o.png")).bytes.prefix(3) == [255, 0, 51])
        #expect(picture.over(1).values.map { ($0 * 255).rounded() } == [255, 0, 51, 204, 255, 255])
        let npy = try PictureFile.bytes(of: [picture, picture], as: .npy)
        #expect(String(decoding: npy.prefix(128), as: UTF8.self).contains("(2, 1, 2, 4)"))
        #expect(try PictureFile.bytes(of: [picture], as: .csv) == Array("1.0,0.0,0.2,1.0,0.0,1.0,1.0,0.2\n".utf8))
        for (background, colors) in [(Float(0), [255, 0, 51, 0, 51, 51]), (1, [255, 0, 51, 204, 255, 255])] {
            var showing = PictureShowing(scale: 1)
            showing.background = background
            let gif = try PictureFile.bytes(of: [picture], as: .gif, showing)
            let plain = Picture(width: 2, height: 1, channels: 3, values: colors.map { Float($0) / 255 })
            #expect(try gif == PictureFile.bytes(of: [plain], as: .gif, showing))
        }
    }

    @Test("What has no opacity is opaque, and what had lies on black")
    func channels() {
        let gray = PixelImage(width: 2, height: 1, channels: 1, bytes: [7, 9])
        #expect(gray.withChannels(4).bytes == [7, 7, 7, 255, 9, 9, 9, 255])
        let clear = PixelImage(width: 1, height: 1, channels: 4, bytes: [200, 100, 50, 128])
        #expect(clear.withChannels(3).bytes == [100, 50, 25])
        #expect(clear.withChannels(1).channels == 1)
        let large = clear.filling(width: 2, height: 2, by: Resampler())
        #expect(large.bytes == Array(repeating: [200, 100, 50, 128], count: 4).flatMap(\.self))
    }

    @Test("Text goes into .txt and nowhere else")
    func text() throws {
        try Exhibit.text("▀▄\n").write(to: path("d.TXT"))
        #expect(try String(contentsOfFile: path("d.TXT"), encoding: .utf8) == "▀▄\n")
        for name in ["d.gif", "txt", ".txt"] {
            #expect(throws: PictureFileError.textOnly(path(name))) { try Exhibit.text("x").write(to: path(name)) }
            #expect(!FileManager.default.fileExists(atPath: path(name)))
        }
    }
}
