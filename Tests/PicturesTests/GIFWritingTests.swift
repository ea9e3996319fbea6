import Foundation
import GIFReader
import Testing

@testable import Pictures

@Suite("Pictures as GIF")
struct GIFWritingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gif-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func written(_ pictures: [Picture], _ showing: PictureShowing) throws -> String {
        let path = folder.appendingPathComponent("\(UUID().uuidString).gif").path
        try PictureFile.write(pictures, to: path, showing)
        return path
    }

    private let dark = Picture(width: 3, height: 2, values: [0, 0.5, 1, 0.25, -1, .nan])
    private let light = Picture(width: 3, height: 2, values: [1, 0.75, 0, 0.1, 0.2, 0.3])

    @Test("Gray frames read back with their values, their time, and for ever again")
    func gray() throws {
        var showing = PictureShowing(scale: 1)
        showing.frameDuration = .milliseconds(250)
        let film = try GIFReader(path: try written([dark, light], showing))
        #expect(film.width == 3 && film.height == 2)
        #expect(film.frames.map(\.grays) == [[0, 128, 255, 64, 0, 0], [255, 191, 0, 26, 51, 77]])
        #expect(film.frames.allSatisfy { $0.pixels.allSatisfy { $0[0] == $0[1] && $0[1] == $0[2] } })
        #expect(film.frames.map(\.delay) == [25, 25])
        #expect(film.repeats)
    }

    @Test("A film may end with its last frame, and one picture is no film")
    func once() throws {
        var showing = PictureShowing(scale: 1)
        showing.repeats = false
        #expect(try !GIFReader(path: try written([dark, light], showing)).repeats)
        let still = try GIFReader(path: try written([dark], PictureShowing(scale: 1)))
        #expect(still.frames.count == 1 && still.frames[0].delay == nil && !still.repeats)
    }

    @Test("Pixels become squares: by a whole number, or until the shorter side has 256 pixels")
    func scale() throws {
        let twice = try GIFReader(path: try written([dark], PictureShowing(scale: 2)))
        #expect(twice.width == 6 && twice.height == 4)
        #expect(twice.frames[0].grays.prefix(12) == [0, 0, 128, 128, 255, 255, 0, 0, 128, 128, 255, 255])
        let digit = Picture(width: 28, height: 28, values: Array(repeating: 0.5, count: 784))
        let shown = try GIFReader(path: try written([digit], PictureShowing()))
        #expect(shown.width == 280 && shown.height == 280)
        #expect(shown.frames[0].grays.allSatisfy { $0 == 128 })
    }

    @Test("Up to 256 colors are kept as they are, over all frames")
    func fewColors() throws {
        let red = Picture(width: 2, height: 1, channels: 3, values: [1, 0, 0, 0, 0.2, 1])
        let green = Picture(width: 2, height: 1, channels: 3, values: [0, 1, 0, 1, 1, 1])
        let film = try GIFReader(path: try written([red, green], PictureShowing(scale: 1)))
        #expect(film.frames[0].pixels == [[255, 0, 0], [0, 51, 255]])
        #expect(film.frames[1].pixels == [[0, 255, 0], [255, 255, 255]])
    }

    @Test("Of more colors the nearest ones are shown")
    func manyColors() throws {
        let side = 48
        let values = (0..<side * side).flatMap { pixel -> [Float] in
            let (x, y) = (Float(pixel % side) / Float(side - 1), Float(pixel / side) / Float(side - 1))
            return [x, y, 1 - x]
        }
        let picture = Picture(width: side, height: side, channels: 3, values: values)
        let film = try GIFReader(path: try written([picture], PictureShowing(scale: 1)))
        let errors = zip(film.frames[0].pixels.joined(), values).map { abs(Double($0) - 255 * Double($1)) }
        #expect(errors.max() ?? 255 < 24)
        #expect(errors.reduce(0, +) / Double(errors.count) < 6)
    }

    @Test("What is too large is refused before memory is taken")
    func tooLarge() {
        #expect(throws: PictureFileError.tooLarge(width: 3_000_000, height: 2_000_000)) {
            try PictureFile.bytes(of: [dark], as: .gif, PictureShowing(scale: 1_000_000))
        }
        #expect(throws: PictureFileError.tooLarge(width: 90_000, height: 60_000)) {
            try PictureFile.bytes(of: [dark], as: .png, PictureShowing(scale: 30_000))
        }
    }

    @Test("An ordinary viewer's library sees the same", .enabled(if: Pillow.isThere, Pillow.advice))
    func pillow() throws {
        var showing = PictureShowing(scale: 2)
        showing.frameDuration = .milliseconds(80)
        let seen = try Pillow.read(try written([dark, light, dark], showing))
        #expect(seen.size == [6, 4])
        #expect(seen.durations == [80, 80, 80])
        #expect(seen.loop == 0)
        let expected = [dark, light, dark].map { picture -> [Int] in
            let grays = picture.values.map { Int(byte($0)) }
            return (0..<4).flatMap { row in (0..<6).map { column in grays[row / 2 * 3 + column / 2] } }
        }
        #expect(seen.frames == expected)
    }
}

/// Pillow, in the Python that `LATENTWALK_PYTHON` names, or in `python3`.
private enum Pillow {
    static let advice: Comment = "needs a Python with Pillow: name it in LATENTWALK_PYTHON"

    static var isThere: Bool { (try? run("import PIL.Image")) != nil }

    struct Film: Decodable {
        let size: [Int]
        let durations: [Int]
        let loop: Int?
        /// The gray values of each frame.
        let frames: [[Int]]
    }

    static func read(_ path: String) throws -> Film {
        let script = """
            from json import dumps
            from sys import argv
            from PIL import Image
            film = Image.open(argv[1])
            durations, frames = [], []
            for index in range(film.n_frames):
                film.seek(index)
                durations.append(film.info["duration"])
                frames.append(list(film.convert("L").tobytes()))
            print(dumps({"size": film.size, "durations": durations, "loop": film.info.get("loop"), "frames": frames}))
            """
        return try JSONDecoder().decode(Film.self, from: run(script, path))
    }

    private static func run(_ script: String, _ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["LATENTWALK_PYTHON"] ?? "python3"
        process.arguments = [python, "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return data
    }
}
