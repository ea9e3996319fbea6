import HDF5Files
import Importing
import JSON
import Neural
import Testing

@testable import KerasModels

@Suite("Keras layers")
struct LayerTests {
    // The cases are a file beside the tests.
    @Test("Every layer makes what Keras makes to 1e-5", arguments: try! LayerCase.all())
    func agreesWithKeras(_ layer: LayerCase) throws {
        let (shape, output) = try layer.run()
        #expect(shape == layer.shape)
        #expect(largestDifference(output, layer.output) < 1e-5)
    }
}

/// A model of a layer or a few, with what Keras makes of an input.
struct LayerCase: Sendable, CustomTestStringConvertible {
    let name: String
    private let source: KerasSource
    private let inputs: [(shape: [Int], values: [Float])]
    let shape: [Int]
    let output: [Float]

    var testDescription: String { name }

    static func all() throws -> [LayerCase] {
        let list = try JSONValue(parsing: fixture("layers.json"), limits: JSONLimits(depth: 64, values: 4_000_000))
        return try (list.array ?? []).map { try LayerCase($0) }
    }

    private init(_ json: JSONValue) throws {
        let object = try #require(json.object)
        func field(_ name: String) throws -> JSONValue { try #require(object[name]) }
        name = try #require(field("name").string)
        var tensors: [String: KerasTensor] = [:]
        for member in try #require(field("weights").object).members {
            tensors[member.name] = KerasTensor(
                shape: integers(member.value.object?["shape"]), values: floats(member.value.object?["values"]))
        }
        source = KerasSource(
            model: try KerasConfigReader.model(field("config")), layout: .flat(tensors),
            version: try field("version").string, format: "")
        inputs = try #require(field("inputs").array).map {
            (integers($0.object?["shape"]), floats($0.object?["values"]))
        }
        shape = integers(try field("shape"))
        output = floats(try field("output"))
    }

    /// The shape and the values of what the engine makes, as Keras has them.
    func run() throws -> (shape: [Int], values: [Float]) {
        let network = try #require(source.model.network)
        let graph = try KerasGraph(network, address: KerasAddress())
        var builder = KerasBuilder(graph, weights: source.weights, isModern: source.isModern)
        var values: [KerasValue] = []
        for (place, input) in graph.inputs.enumerated() {
            let isFirst = graph.calls.contains { KerasSettings($0.layer).isChannelsFirst }
            values.append(
                try builder.addInput("x\(place)", for: input, inputs[place].shape, isChannelsFirst: isFirst))
        }
        let made = try builder.plain(try builder.value(graph.outputs[0]))
        let cut = try builder.assembly.network(
            from: values.map(\.engine), to: [made.engine], inputNames: values.indices.map { "x\($0)" },
            outputNames: ["y"], prefix: "net.")
        let given = zip(values, inputs).map { value, input in
            guard value.order == .image else { return input.values }
            let places = channelsFirstPlaces(height: input.shape[0], width: input.shape[1], channels: input.shape[2])
            return places.map { input.values[$0] }
        }
        return (made.shape, run(cut.network, cut.tensors, given))
    }

    private func run(_ network: Network, _ tensors: [String: Tensor], _ inputs: [[Float]]) -> [Float] {
        evaluate(network, tensors, inputs)[0]
    }
}
