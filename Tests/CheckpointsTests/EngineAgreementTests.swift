import JSON
import Neural
import Testing
import VAE

@testable import Checkpoints

@Suite("A model from PyTorch, run by our engine")
struct EngineAgreementTests {
    private let model: Model
    private let expected: JSONObject
    private let pool = WorkerPool(threads: 2)

    init() throws {
        model = try NativeModel.read(Fixture.path("every-layer.safetensors"))
        expected = try Fixture.json("every-layer.json")
    }

    private func numbers(_ name: String) throws -> (shape: [Int], values: [Float]) {
        let object = try #require(expected[name]?.object)
        let shape = try #require(object["shape"]?.array).compactMap(\.integer)
        let values = try #require(object["values"]?.array).compactMap { $0.number.map { Float($0) } }
        try #require(values.count == shape.reduce(1, *))
        return (shape, values)
    }

    private func largestDifference(_ found: [Float], _ expected: [Float]) -> Float {
        zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
    }

    @Test("The encoder gives PyTorch's means and log-variances")
    func encodes() throws {
        let images = try numbers("images")
        let encoded = try numbers("encoded")
        let posteriors = try Encoder(model, pool: pool).encode(images.values, count: images.shape[0])
        let latents = model.architecture.latentSize
        let found = (0..<images.shape[0]).flatMap { image in
            let range = image * latents..<(image + 1) * latents
            return posteriors.means[range] + posteriors.logVariances[range]
        }
        try #require(found.count == encoded.values.count)
        #expect(largestDifference(found, encoded.values) < 1e-5)
    }

    @Test("The decoder gives PyTorch's images")
    func decodes() throws {
        let points = try numbers("points")
        let decoded = try numbers("decoded")
        let found = Decoder(model, pool: pool).decode(points.values, count: points.shape[0])
        try #require(found.count == decoded.values.count)
        #expect(largestDifference(found, decoded.values) < 1e-5)
    }
}
