import ArgumentParser
import Foundation
import GIFReader
import Pictures
import Testing

@testable import latentwalk

@Suite("Options and the files that are written")
struct FittingOptionsTests {
    private let scratch: Scratch
    private let model: String

    init() throws {
        scratch = try Scratch()
        model = try SmallModel.write(to: scratch.path)
    }

    private func path(_ name: String) -> String { "\(scratch.path)/\(name)" }

    private func failure(_ command: any ParsableCommand.Type, _ arguments: [String]) -> String {
        do {
            var command = try command.parseAsRoot(arguments)
            try command.run()
            return ""
        } catch {
            return command.exitCode(for: error) == .validationFailure ? command.message(for: error) : "\(error)"
        }
    }

    @Test(
        "An option that does nothing for the file is refused in one sentence, and no file is left",
        arguments: [
            ("x.png", ["--width", "5"], "for .png, --scale N enlarges the pixels"),
            ("x.gif", ["--width", "5"], "for .gif, --scale N enlarges the pixels"),
            ("x.npy", ["--width", "5"], "leave it out for .npy"),
            ("x.png", ["--shading", "ascii"], "--shading is about text: leave it out for .png"),
            ("x.csv", ["--color", "never"], "--color is about text: leave it out for .csv"),
            ("x.gif", ["--background", "light"], "--background is about text"),
            ("x.gif", ["--cell-ratio", "2"], "--cell-ratio is about text"),
            ("x.npy", ["--palette", "magma"], "leave it out for .npy, which holds the values as they are"),
            ("x.csv", ["--palette", "gray"], "leave it out for .csv"),
            ("x.txt", ["--scale", "2"], "--scale enlarges .png and .gif files"),
        ])
    func refused(file: String, options: [String], part: String) {
        let output = ["--z", "0,1", "--output", path(file)] + options
        #expect(failure(RenderCommand.self, [model, "point"] + output).contains(part))
        #expect(failure(DecodeCommand.self, [model] + output).contains(part))
        #expect(!FileManager.default.fileExists(atPath: path(file)))
    }

    @Test("--loop is for animations alone", arguments: ["x.png", "x.npy", "x.txt"])
    func loop(file: String) throws {
        let walk = [model, "walk", "--from", "z:0,0", "--to", "z:1,1", "--frames", "2", "--loop", "once"]
        #expect(failure(RenderCommand.self, walk + ["--output", path(file)]).contains("--loop is for animations"))
        #expect(failure(RenderCommand.self, walk).contains("--loop is for animations"))
    }

    @Test("A palette colors pictures, animations and points that are decoded, all in the same way")
    func palette() throws {
        let points = ["--z", "-1,0.4", "--palette", "magma"]
        try RenderCommand.parse([model, "point", "--output", path("p.png")] + points).run()
        try DecodeCommand.parse([model, "--output", path("d.png")] + points).run()
        let rendered = try PixelImage(path: path("p.png"))
        #expect(rendered.channels == 3)
        #expect(try PixelImage(path: path("d.png")).bytes == rendered.bytes)
        try RenderCommand.parse([
            model, "walk", "--from", "z:-1,0.4", "--to", "z:2,1", "--frames", "2", "--scale", "1", "--palette", "magma",
            "--output", path("w.gif"),
        ]).run()
        let film = try GIFReader(path: path("w.gif"))
        #expect(film.frames.count == 2 && film.frames[0].pixels.flatMap { $0 } == rendered.bytes)
        // The lightest of magma is pale yellow, the darkest black.
        let tones = try SmallModel.decoded([-1, 0.4])
        let lightest = try #require(tones.indices.max { tones[$0] < tones[$1] })
        #expect(film.frames[0].pixels[lightest][0] > film.frames[0].pixels[lightest][2])
    }

    @Test("Which split is asked of data sets alone")
    func split() {
        #expect(failure(EncodeCommand.self, [model, "a.png", "--split", "train"]).contains("--split is for data sets"))
    }
}
