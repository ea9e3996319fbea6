import Checkpoints
import Foundation
import GIFReader
import Neural
import Pictures
import Testing
import VAE

@testable import latentwalk

@Suite("latentwalk render RUN evolution")
struct EvolutionTests {
    private let scratch: Scratch
    private var run: String { "\(scratch.path)/run" }

    /// A run that kept two models: at first all its weights were 0.
    init() throws {
        scratch = try Scratch()
        try makeFolder("\(run)/checkpoints")
        let last = try SmallModel.model()
        let zeros = last.tensors.mapValues {
            Tensor(extents: $0.extents, values: Array(repeating: 0, count: $0.values.count))
        }
        try Checkpoint.write(
            Model(architecture: last.architecture, tensors: zeros), to: "\(run)/checkpoints/step-00000000.safetensors")
        try Checkpoint.write(last, to: "\(run)/checkpoints/step-00000120.safetensors")
    }

    private func draw(_ options: String...) throws -> String {
        let output = "\(scratch.path)/evolution\(options[0])"
        let arguments = [run, "evolution", "--latent-range", "-3,3", "--tiles", "3x2", "--output", output]
        try RenderCommand.parse(arguments + options.dropFirst()).run()
        return output
    }

    @Test("Each checkpoint decodes the same points, the oldest first")
    func pictures() throws {
        let (shape, numbers) = try readNPY(try draw(".npy"))
        let last = try SmallModel.decoded([-2, 1.5, 0, 1.5, 2, 1.5, -2, -1.5, 0, -1.5, 2, -1.5])
        #expect(shape == [12, 3, 4])
        #expect(numbers.prefix(72).allSatisfy { $0 == 0.5 })
        #expect(zip(numbers.suffix(72), last).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("A GIF shows a checkpoint a frame, a PNG all side by side with gaps between them")
    func files() throws {
        let film = try GIFReader(path: try draw(".gif", "--scale", "1"))
        #expect(film.frames.count == 2 && film.width == 3 * 4 && film.height == 2 * 3)
        let sheet = try PixelImage(path: try draw(".png"))
        #expect(sheet.width == 2 * (12 + 8) && sheet.height == 6 + 8)
        let inside = sheet.bytes[5 * sheet.width + 25]
        #expect(inside == UInt8((try SmallModel.decoded([-2, 1.5])[5] * 255).rounded()))
    }

    @Test("As text each manifold has its step above it, and its epoch where the run tells how long one is")
    func text() throws {
        let lines = try String(contentsOfFile: try draw(".txt", "--width", "24"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let titles = lines.indices.filter { lines[$0].hasPrefix("step ") }
        #expect(titles.map { String(lines[$0]) } == ["step 0", "step 120"])
        #expect(titles[1] == 1 + 2 * 3 + 1 && lines[titles[1] - 1].isEmpty)
        let configuration = """
            {"program": "latentwalk 1", "settings": {"validation": 0, "batch-size": 10}, "data": {"images": 800}}
            """
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: "\(run)/config.json"))
        let told = try String(contentsOfFile: try draw(".txt"), encoding: .utf8)
        #expect(told.contains("step 120, epoch 1.5\n"))
    }

    @Test(
        "A run that kept nothing is told what keeps checkpoints; one that is not there, and options of others, are refused"
    )
    func refused() throws {
        func failure(_ arguments: [String]) -> (status: Int32, sentence: String) {
            guard let ended = try? CommandProcess(["render"] + arguments) else { return (-1, "") }
            return (ended.status, ended.errors)
        }
        try makeFolder("\(scratch.path)/other")
        let nothing = failure(["\(scratch.path)/other", "evolution"])
        #expect(nothing.status == 66 && nothing.sentence.contains("train with --keep N"))
        #expect(failure(["\(scratch.path)/nowhere", "evolution"]).status == 66)
        let unnamed = failure(["evolution"])
        #expect(unnamed.status == 64 && unnamed.sentence.contains("render RUN evolution"))
        #expect(failure([run, "evolution", "--frames", "3"]).sentence.contains("--frames is for render walk"))
        #expect(failure([run, "evolution", "--loop", "once"]).sentence.contains("--loop is for animations"))
        let other = try SmallModel.model(latents: 3)
        try Checkpoint.write(other, to: "\(run)/checkpoints/step-00000060.safetensors")
        let mixed = failure([run, "evolution"])
        #expect(mixed.status == 65 && mixed.sentence.contains("step-00000060"))
    }
}
