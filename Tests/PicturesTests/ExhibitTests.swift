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
