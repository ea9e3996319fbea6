import ArgumentParser
import Foundation
import GIFReader
import Testing
import VAE

@testable import latentwalk

@Suite("latentwalk decode")
struct DecodeCommandTests {
    @Test("A point may begin with a minus, and several may be given")
    func points() throws {
        let command = try DecodeCommand.parse(["--z", "-1.3,0.4", "--z", "2,-3e-1", "--output", "x.npy"])
        #expect(command.z.map(\.values) == [[-1.3, 0.4], [2, -0.3]])
    }

    @Test(
        "What is no point is refused, and the sentence shows one",
        arguments: ["a,b", "1,,2", "1,", "", "nan,1", "1;2"])
    func noPoint(text: String) {
        #expect {
            try DecodeCommand.parse(["--z", text])
        } throws: { error in
            DecodeCommand.message(for: error).contains("--z -1.3,0.4")
                && DecodeCommand.exitCode(for: error).rawValue == 64
        }
    }

    @Test("A point with too few or too many coordinates is named")
    func coordinateCount() throws {
        let error = DecodeError.coordinateCount("1,2,3", found: 3, latents: 2)
        #expect(error.description == "--z 1,2,3 has 3 coordinates, but the model has 2 latents")
        #expect(error.exit == .usage)
    }

    @Test("Several points are an animation in GIF, and a .txt file holds what would be printed")
    func files() throws {
        let scratch = try Scratch()
        let model = try SmallModel.write(to: scratch.path)
        let points = [model, "--z", "-1,0.4", "--z", "2,1"]
        try DecodeCommand.parse(points + ["--output", "\(scratch.path)/x.gif", "--scale", "1"]).run()
        let film = try GIFReader(path: "\(scratch.path)/x.gif")
        let expected = try SmallModel.decoded([-1, 0.4, 2, 1]).map { UInt8(($0 * 255).rounded()) }
        #expect(film.frames.flatMap(\.grays) == expected && film.repeats)
        try DecodeCommand.parse(points + ["--output", "\(scratch.path)/x.txt"]).run()
        let text = try String(contentsOfFile: "\(scratch.path)/x.txt", encoding: .utf8)
        #expect(try CommandProcess(["decode"] + points).output == text)
    }

    @Test("What the decoder returns is written as it is, in whatever range")
    func raw() throws {
        let scratch = try Scratch()
        let whole = try SmallModel.model()
        let architecture = try Architecture(
            encoder: nil, decoder: Architecture.Part(whole.architecture.decoder, roles: [.latent]),
            pixelRange: .bounded(-1, 3), likelihood: nil)
        let model = try SmallModel.write(
            Model(architecture: architecture, tensors: whole.tensors.filter { $0.key.hasPrefix("decoder.") }),
            to: scratch.path)
        let points = [model, "--z", "-1,0.4", "--z", "2,1"]
        let expected = try SmallModel.decoded([-1, 0.4, 2, 1])
        try DecodeCommand.parse(points + ["--raw", "--output", "\(scratch.path)/x.npy"]).run()
        let array = try readNPY("\(scratch.path)/x.npy")
        #expect(array.shape == [2, 3, 4] && array.numbers == expected)
        try DecodeCommand.parse(points + ["--raw", "--output", "\(scratch.path)/x.csv"]).run()
        let lines = try String(contentsOfFile: "\(scratch.path)/x.csv", encoding: .utf8).split(separator: "\n")
        #expect(
            lines.map { $0.split(separator: ",").compactMap { Float($0) } } == [
                Array(expected[..<12]), Array(expected[12...]),
            ])
        try DecodeCommand.parse(points + ["--output", "\(scratch.path)/y.npy"]).run()
        #expect(try readNPY("\(scratch.path)/y.npy").numbers == expected.map { ($0 + 1) / 4 })
    }

    @Test("Raw numbers go into .npy and .csv alone", arguments: [[], ["--output", "x.png"], ["--output", "x.txt"]])
    func rawNeedsArrays(rest: [String]) {
        #expect {
            try DecodeCommand.parse(["--z", "1,2", "--raw"] + rest)
        } throws: { error in
            DecodeCommand.message(for: error).contains(".npy or .csv")
                && DecodeCommand.exitCode(for: error).rawValue == 64
        }
    }
}
