import Checkpoints
import Foundation
import Importing
import ModelFiles
import Neural
import Testing
import VAE

@Suite("Whole pickled modules and TorchScript, with unusual settings")
struct PyTorchModuleTests {
    private struct Expected: Decodable {
        let z: [Float]
        /// By the files' names.
        let pictures: [String: [Float]]
    }

    private static let expected = try? JSONDecoder().decode(
        Expected.self, from: Data(contentsOf: URL(fileURLWithPath: path("expected.json"))))

    private static func path(_ name: String) -> String { FolderTests.fixture("pytorch/\(name)") }

    private func problem(_ name: String) -> ImportProblem? {
        do throws(CheckpointError) {
            _ = try ModelFile.contents(of: Self.path(name))
        } catch .invalid(_, .foreign(let problem)) {
            return problem
        } catch {}
        return nil
    }

    @Test("They give what PyTorch gives", arguments: (expected?.pictures.keys).map { $0.sorted() } ?? ["expected.json"])
    func pictures(name: String) throws {
        let expected = try #require(Self.expected)
        let wanted = try #require(expected.pictures[name])
        let contents = try ModelFile.contents(of: Self.path(name))
        let made = Decoder(contents.model, pool: WorkerPool(threads: 1), isRaw: true).decode(expected.z, count: 1)
        #expect(made.count == wanted.count)
        for (found, number) in zip(made, wanted) { #expect(abs(found - number) < 1e-4) }
        #expect(contents.findings.contains { $0.subject == "program" } == false)
    }

    @Test(
        "A layer or a setting that is not supported is named",
        arguments: [
            ("power.pth", "LPPool2d"), ("unsettled.pth", "running statistics"), ("whole-threshold.pth", "Threshold"),
            ("whole-dilated.pth", "dilation"),
        ])
    func refused(name: String, word: String) throws {
        let problem = try #require(self.problem(name))
        #expect(problem.kind == .unsupported)
        #expect(problem.reason.contains(word), "\(problem)")
        #expect(problem.advice?.contains("torch.onnx.export") == true)
    }

    @Test(
        "A program that cannot be followed is opened by its tensors, with the function and the line, as a guess",
        arguments: [
            ("sorted.pt", "torch.sort"), ("samples.pt", "a view as (4, -1)"),
            ("antialiased.pt", "torch._upsample_bilinear2d_aa"),
        ])
    func unfollowed(name: String, word: String) throws {
        let contents = try ModelFile.contents(of: Self.path(name))
        let remark = try #require(contents.remarks.first)
        #expect(
            remark.contains(word) && remark.contains("line ") && remark.contains("taken as a state dict"), "\(remark)")
        #expect(contents.guessed?.contains(word) == true)
        let sentence = try #require(contents.findings.guessing())
        #expect(sentence.hasPrefix("its program cannot be followed: ") && sentence.contains("is guessed: "))
    }
}
