import JSON
import Neural
import Testing
import VAE

@testable import latentwalk

@Suite("latentwalk inspect A B")
struct ModelComparisonTests {
    private func compare(_ first: Model, _ second: Model, formats: (String, String) = ("native", "native"))
        -> ModelComparison
    {
        ModelComparison(
            .init(path: "a", format: formats.0, model: first), .init(path: "b", format: formats.1, model: second),
            pool: WorkerPool(threads: 1))
    }

    @Test("One sentence says that two models are the same, and in which formats")
    func same() throws {
        let model = try SmallModel.model()
        #expect(
            compare(model, model).text
                == "a and b are the same model: the same layers, and every number of every tensor is equal.\n")
        let other = compare(model, model, formats: ("native", "ONNX"))
        #expect(other.isSame && other.text.contains("in two formats (native, ONNX)"))
        #expect(other.json.object?["same"] == .boolean(true))
    }

    @Test("A number that differs is found in its tensor, and in pictures and codes")
    func values() throws {
        let model = try SmallModel.model()
        var tensors = model.tensors
        tensors["decoder.0.bias"] = Tensor(
            extents: [12], values: (model.tensors["decoder.0.bias"]?.values ?? []).map { $0 + 0.5 })
        let comparison = compare(model, try Model(architecture: model.architecture, tensors: tensors))
        #expect(!comparison.isSame)
        #expect(comparison.tensors.differences.map(\.first) == ["decoder.0.bias"])
        #expect(comparison.tensors.differences[0].largest == 0.5 && comparison.tensors.differences[0].root == 0.5)
        #expect(comparison.tensors.equal == 3)
        #expect(try #require(comparison.answers.pictures) > 0.01)
        #expect(comparison.answers.means == 0)
        let text = comparison.text
        #expect(text.contains("decoder: the same 3 layers") && text.contains("decoder.0.bias  12     "))
        #expect(
            text.contains("3 tensors equal, number by number")
                && text.contains("those pictures encoded: the same means"))
        let json = try JSONValue(parsing: comparison.json.indentedText)
        #expect(json.object?["tensors"]?.object?["different"]?.array?.first?.object?["largest"]?.number == 0.5)
    }

    @Test("Layers that one has and the other lacks stand under each other, and models of other shapes are not decoded")
    func layers() throws {
        let small = try SmallModel.model()
        let large = try SmallModel.model(input: Shape([1, 4, 4]), latents: 3)
        let comparison = compare(small, large)
        let lines = comparison.text.split(separator: "\n")
        #expect(lines.contains("  − Linear(2, 12)  → 12") && lines.contains("  + Linear(3, 16)  → 16"))
        #expect(lines.contains("    Sigmoid  → 1×3×4") == false)
        #expect(lines.contains { $0.hasPrefix("decoder.0.weight is 12×2 in A, and 16×3 in B") })
        #expect(comparison.answers.pictures == nil && comparison.text.contains("other shapes"))
        #expect(comparison.facts.map(\.name) == ["images", "latents", "parameters"])
    }

    @Test("A part that only one has is said in a line")
    func parts() throws {
        let comparison = compare(try SmallModel.model(), try SmallModel.decoderAlone())
        #expect(comparison.text.contains("encoder: in A alone, 2 layers"))
        #expect(comparison.tensors.onlyFirst == ["encoder.1.weight", "encoder.1.bias"])
        #expect(comparison.answers.pictures == 0 && comparison.answers.means == nil)
    }

    @Test("The command compares two files, with exit code 0 whether they differ or not")
    func command() throws {
        let scratch = try Scratch()
        let other = try Scratch()
        let (a, b) = (
            try SmallModel.write(to: scratch.path), try SmallModel.write(try SmallModel.conditional(), to: other.path)
        )
        let same = try CommandProcess(["inspect", a, a])
        #expect(same.status == 0 && same.output.contains("the same model"))
        let different = try CommandProcess(["inspect", a, b, "--json"])
        #expect(different.status == 0)
        #expect(try JSONValue(parsing: different.output).object?["same"] == .boolean(false))
        #expect(try CommandProcess(["inspect", a, "\(scratch.path)/none.pth"]).status == 66)
    }
}
