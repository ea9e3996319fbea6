import Checkpoints
import Neural
import Testing
import VAE

@testable import latentwalk

@Suite("What a conditional model is asked for")
struct ModelOptionsTests {
    private func prepared(_ model: Model, _ arguments: String...) throws -> Model {
        try ModelOptions.parse(arguments).prepared(model)
    }

    private func error(_ model: Model, _ arguments: String...) -> ModelOptionError? {
        do {
            _ = try ModelOptions.parse(arguments).prepared(model)
            return nil
        } catch { return error as? ModelOptionError }
    }

    private func decoded(_ model: Model) -> [Float] {
        Decoder(model, pool: WorkerPool(threads: 1)).decode([0.5, -1], count: 1)
    }

    private func codes(_ model: Model) throws -> [Float] {
        let image = (0..<model.architecture.image.count).map { Float($0 % 5) / 4 }
        return try Encoder(model, pool: WorkerPool(threads: 1)).encode(image, count: 1).means
    }

    @Test("As many numbers as a vector has are the vector, and fewer whole ones the places that are 1")
    func vectors() throws {
        let numbers = try ConditionNumbers(text: "3,1")
        #expect(numbers.vector(of: 2) == [3, 1])
        #expect(numbers.vector(of: 4) == [0, 1, 0, 1])
        #expect(numbers.vector(of: 3) == nil)
        #expect(numbers.vector(of: 1) == nil)
        #expect(try ConditionNumbers(text: "0.5").vector(of: 3) == nil)
        #expect(try ConditionNumbers(text: "-1").vector(of: 3) == nil)
        for text in ["a", "", "1,", "nan", "1e9"] {
            #expect(throws: (any Error).self) { try ConditionNumbers(text: text) }
        }
    }

    @Test("A label's one-hot vector may be given as numbers, or as its place, to decoder and encoder")
    func oneHot() throws {
        let model = try SmallModel.conditional()
        let second = try prepared(model, "--class", "1")
        for text in ["1", "0,1"] {
            let asked = try prepared(model, "--condition", text)
            #expect(decoded(asked) == decoded(second))
            #expect(try codes(asked) == codes(second))
            #expect(asked.architecture.classCount == nil && !asked.takesImagesClasses)
        }
        let both = try prepared(model, "--condition", "1,1")
        #expect(decoded(both) != decoded(second))
        #expect(try codes(both) != codes(second))
    }

    @Test("Numbers that are neither, a class beside them, and a condition of a model without one are refused")
    func refusals() throws {
        let model = try SmallModel.conditional()
        #expect(error(model, "--condition", "2") == .conditionCount(1, 2))
        #expect(error(model, "--condition", "1,0,0") == .conditionCount(3, 2))
        #expect(error(model, "--condition", "1", "--class", "0") == .labelTwice)
        #expect(error(try SmallModel.model(), "--condition", "1") == .noCondition(nil))
        #expect(error(try SmallModel.model(), "--class", "1") == .noClasses)
    }

    @Test("Where a class is asked of a model with inputs that are no labels, the sentence names them and --label")
    func namesInputs() throws {
        let whole = try SmallModel.conditional()
        let architecture = try Architecture(
            encoder: nil, decoder: Architecture.Part(whole.architecture.decoder, roles: [.latent, .condition]),
            likelihood: nil)
        let model = try Model(
            architecture: architecture, tensors: whole.tensors.filter { $0.key.hasPrefix("decoder.") })
        let refusal = try #require(error(model, "--class", "1"))
        #expect(refusal == .noLabel(["label"], numbers: 2))
        #expect(refusal.description.contains("--label label") && refusal.description.contains("--condition"))
        #expect(try prepared(model, "--condition", "1").condition.vector == [0, 1])
    }
}

@Suite("A word about a range that no file says")
struct RangeWordTests {
    /// A decoder of 2×2 pixels that lie about some numbers.
    private func word(_ biases: [Float], _ range: PixelRange) throws -> String? {
        let image = try Shape([1, 2, 2])
        let decoder = try Network(
            sequential: [.linear(inputs: 2, outputs: 4), .unflatten(image)], input: Shape([2]), name: "decoder",
            inputName: "z", outputName: "image")
        let architecture = try Architecture(
            encoder: nil, decoder: Architecture.Part(decoder, roles: [.latent]), pixelRange: range, likelihood: nil)
        let model = try Model(
            architecture: architecture,
            tensors: [
                "decoder.0.weight": Tensor(extents: [4, 2], values: Array(repeating: 0.01, count: 8)),
                "decoder.0.bias": Tensor(extents: [4], values: biases),
            ])
        return model.wordOfRange(pool: WorkerPool(threads: 1))
    }

    @Test("Outputs far below 0 may be logits and far above 1 bytes, unless the range is known")
    func farBeyond() throws {
        #expect(try word([-9, -3, 0, 4], .free)?.contains("−9.0 to 4.0, shown from black to white") == true)
        #expect(try word([-9, -3, -2, -1], .free)?.contains("--pixel-range logits") == true)
        #expect(try word([0, 30, 100, 240], .free)?.contains("--pixel-range 0,255") == true)
        #expect(try word([0, 0.3, 0.5, 1], .free) == nil)
        #expect(try word([-1, 0.3, 0.5, 1.5], .free) == nil)
        #expect(try word([-9, -3, 0, 4], .logits) == nil)
    }
}
