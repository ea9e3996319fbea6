import JSON
import Neural
import Platform
import Testing
import VAE

@testable import Checkpoints

@Suite("Graphs from PyTorch, run by our engine")
struct GraphAgreementTests {
    private static let names = ["conditional", "residual", "decoder-alone", "map"]
    private let pool = WorkerPool(threads: 2)

    private func numbers(_ value: JSONValue?) throws -> [Float] {
        try #require(value?.object?["values"]?.array).compactMap { $0.number.map { Float($0) } }
    }

    private func expected(_ name: String) throws -> JSONObject {
        try #require(try Fixture.json("graphs.json")[name]?.object)
    }

    private func model(_ name: String) throws -> Model {
        var model = try NativeModel.read(Fixture.path("graph-\(name).safetensors"))
        model.condition = Condition(label: 3, vector: [0.5, -1])
        return model
    }

    private func largestDifference(_ found: [Float], _ expected: [Float]) throws -> Float {
        try #require(found.count == expected.count)
        return zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
    }

    /// A picture's values from what the network gives.
    private func picture(_ name: String, _ value: Float) -> Float {
        switch name {
        case "residual": (value + 1) / 2
        case "map": 1 / (1 + exponential(-value))
        default: value
        }
    }

    @Test("The decoder gives PyTorch's images, in 0…1", arguments: names)
    func decodes(_ name: String) throws {
        let expected = try expected(name)
        let decoded = try numbers(expected["decoded"]).map { picture(name, $0) }
        let found = Decoder(try model(name), pool: pool).decode(try numbers(expected["points"]), count: 2)
        #expect(try largestDifference(found, decoded) < 1e-5)
    }

    @Test("The encoder gives PyTorch's posteriors, whatever it calls their widths", arguments: names)
    func encodes(_ name: String) throws {
        let model = try model(name)
        guard let heads = try expected(name)["encoded"]?.array else {
            #expect(throws: MissingPart.encoder) { try Encoder(model, pool: pool) }
            return
        }
        let found = try Encoder(model, pool: pool).encode(try numbers(try expected(name)["images"]), count: 2)
        #expect(try largestDifference(found.means, numbers(heads[0])) < 1e-5)
        switch name {
        case "conditional": #expect(try largestDifference(found.logVariances, numbers(heads[1])) < 1e-5)
        case "residual":
            let wanted = try numbers(heads[1]).map { 2 * Float(logarithm(Double($0))) }
            #expect(try largestDifference(found.logVariances, wanted) < 1e-4)
        default: #expect(found.logVariances.allSatisfy { $0 < -50 })
        }
    }

    @Test("A graph is written and read as it was, and its tensors keep their names", arguments: names)
    func rewrites(_ name: String) throws {
        let model = try model(name)
        let folder = try TemporaryFolder()
        let path = folder.path("again.safetensors")
        try Checkpoint.write(model, to: path)
        let again = try NativeModel.read(path)
        #expect(again.architecture == model.architecture)
        #expect(again.tensors == model.tensors)
        #expect(model.architecture.json.object?["version"] == .integer(2))
    }

    @Test("What needs a likelihood says which option names it")
    func unknownLikelihood() throws {
        let model = try model("decoder-alone")
        #expect(throws: MissingPart.likelihood) { try ReconstructionMeter(model, pool: pool) }
        #expect(MissingPart.likelihood.description.contains("--likelihood"))
        #expect(throws: MissingPart.encoder) { try model.checkNats() }
        let known = try model.assuming(.gaussian(.fixed(0.1)))
        let points = try numbers(try expected("decoder-alone")["points"])
        let losses = try ReconstructionMeter(known, pool: pool).measure(
            Array(repeating: 0.5, count: 2 * 4 * 16 * 16), at: points, count: 2)
        let areFinite = losses.allSatisfy { $0.isFinite }
        #expect(areFinite)
    }

    @Test("A folder with config.json and model.safetensors is a model")
    func folder() throws {
        let folder = try TemporaryFolder()
        let model = try model("map")
        let tensors = model.architecture.parameters.compactMap { declaration in
            model.tensors[declaration.name].map { (name: declaration.name, tensor: $0) }
        }
        try SafetensorsWriter.write(tensors, metadata: [], to: folder.path("model.safetensors"))
        _ = try folder.file("config.json", Array(model.architecture.json.compactText.utf8))
        let contents = try NativeModel.contents(of: folder.url.path)
        #expect(contents.model.architecture == model.architecture && contents.model.tensors == model.tensors)
        let file = try SafetensorsFile(folder.path("model.safetensors"))
        #expect(contents.size == file.size && contents.entries == file.header.entries)
    }
}
