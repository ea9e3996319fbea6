import Importing
import JSON
import Neural
import Platform
import Testing
import VAE

@testable import KerasModels

@Suite("Keras weights without an architecture")
struct WeightsAloneTests {
    @Test(
        "The layers of a decoder are known by names and shapes, and said to be guessed",
        arguments: ["keras2-weights.h5", "keras3.weights.h5"])
    func guessed(_ name: String) throws {
        let model = try KerasModel.read(try fixturePath("models/\(name)"), executable: try hdf5Reader())
        #expect(model.isGuessed)
        #expect(model.model.architecture.image.extents == [1, 8, 8])
        // The guess happens to be right: strides 2 and 1, leaky ReLU after the normalization, a sigmoid at the end.
        let given = try #require(try ModelCase.all().first { $0.name == name })
        for (z, image) in zip(given.latents, given.images) {
            let made = evaluate(model.model.architecture.decoder, model.model.tensors, [z])[0]
            #expect(largestDifference(made, image) < 1e-5)
        }
    }

    // The cases are a file beside the tests.
    @Test("Trying answers on pictures finds what the file does not say", arguments: try! WeightsCase.all())
    func tried(_ given: WeightsCase) throws {
        let reading = try KerasModel.reading(
            try fixturePath("weights/\(given.name)"), executable: try hdf5Reader())
        #expect(reading.model.isGuessed)
        let model = try #require(try reading.tried(score: score, samples: 13, isOver: { false }))
        for (z, image) in zip(given.latents, given.images) {
            let made = evaluate(model.model.architecture.decoder, model.model.tensors, [z])[0]
            #expect(largestDifference(made, image) < 1e-5)
        }
    }

    @Test("What may not be computed leaves the answer a guess, and who does not wait is told nothing")
    func cut() throws {
        let reading = try KerasModel.reading(
            try fixturePath("weights/keras2-flat.h5"), executable: try hdf5Reader())
        let small = TrialBudget(multiplications: 40_000_000)
        let model = try reading.tried(score: score, samples: 13, budget: small, isOver: { false }) ?? reading.model
        #expect(!model.findings.contains { if case .tried = $0.certainty { true } else { false } })
        var left = 3
        let abandoned = try reading.tried(score: score, samples: 13) {
            left -= 1
            return left < 0
        }
        #expect(abandoned == nil)
    }

    @Test("Who says that the decoder gives logits gets no last activation")
    func logits() throws {
        var options = ImportOptions()
        options.pixelRange = .logits
        let model = try KerasModel.reading(
            try fixturePath("weights/keras2-flat.h5"), options: options, executable: try hdf5Reader()
        ).model
        let end = try #require(model.findings.first { $0.subject == "after the last layer" })
        #expect(end.value == "linear" && end.certainty == .known)
    }

    /// How well a model gives back the spots that `make_weights.py` has trained on.
    private func score(_ model: Model) -> (value: Double, correlation: Double)? {
        guard let encoder = model.architecture.encoder, encoder.inputs[0].count == 64 else { return nil }
        var (error, spread) = (0.0, 0.0)
        for number in stride(from: 0, to: 61, by: 5) {
            let picture = spot(number)
            let mean = Array(evaluate(encoder, model.tensors, [picture])[0].prefix(model.architecture.latentSize))
            let made = evaluate(model.architecture.decoder, model.tensors, [mean])[0]
            let average = picture.reduce(0, +) / 64
            for (x, y) in zip(picture, made) {
                error += Double((x - y) * (x - y))
                spread += Double((x - average) * (x - average))
            }
        }
        let explained = 1 - error / spread
        return explained.isFinite ? (max(explained, -1), max(0, explained).squareRoot()) : nil
    }

    private func spot(_ number: Int) -> [Float] {
        let angle = Double(number) * 2.4
        let radius = 3.2 * (Double(number % 61) / 61).squareRoot()
        let (y, x) = (3.5 + radius * sine(angle), 3.5 + radius * cosine(angle))
        return (0..<64).map { place in
            let (row, column) = (Double(place / 8) - y, Double(place % 8) - x)
            return Float(exponential(-(row * row + column * column) / 3))
        }
    }
}

/// A file of weights, and what Keras decodes with them.
struct WeightsCase: Sendable, CustomTestStringConvertible {
    let name: String
    let latents: [[Float]]
    let images: [[Float]]

    var testDescription: String { name }

    static func all() throws -> [WeightsCase] {
        let json = try JSONValue(parsing: fixture("weights.json"), limits: JSONLimits(depth: 16, values: 100_000))
        return (json.object?.members ?? []).map { member in
            WeightsCase(
                name: member.name, latents: member.value.object?["z"]?.array?.map { floats($0) } ?? [],
                images: member.value.object?["images"]?.array?.map { floats($0) } ?? [])
        }
    }
}
