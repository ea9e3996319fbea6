import Neural
import Testing
import VAE

@testable import Inference

@Suite("Posteriors of decoders that are graphs")
struct GraphInferenceTests {
    /// The same function as the fixture's decoder, as a graph: its hidden layer is halved, and the halves are added.
    private func graph(_ model: Model) throws -> Model {
        let chain = model.architecture
        let half = try #require(LayerCatalog.entry(named: "mul")).make([("other", .number(0.5))])
        let sum = try #require(LayerCatalog.entry(named: "add")).make([])
        var nodes = Array(chain.decoder.nodes.prefix(2))
        nodes.append(Network.Node(half, inputs: [2], name: "decoder.half"))
        nodes.append(Network.Node(sum, inputs: [3, 3], name: "decoder.sum"))
        for node in chain.decoder.nodes.dropFirst(2) {
            nodes.append(Network.Node(node.operation, inputs: [nodes.count], name: node.name))
        }
        let decoder = try Network(inputs: chain.decoder.inputs, nodes: nodes, outputs: [nodes.count])
        let architecture = try Architecture(
            encoder: chain.encoder.map { Architecture.Part($0, roles: chain.encoderRoles) },
            decoder: Architecture.Part(decoder, roles: chain.decoderRoles), likelihood: chain.likelihood)
        return try Model(architecture: architecture, tensors: model.tensors)
    }

    @Test(
        "Exact and refined posteriors of a graph are those of the same function as a chain",
        arguments: [Likelihood.bernoulli, .gaussian()])
    func same(_ likelihood: Likelihood) throws {
        let fixture = try PosteriorFixture.load(likelihood)
        let chain = try fixture.model(likelihood)
        let (graph, pool) = (try graph(chain), WorkerPool(threads: 2))
        let count = PosteriorFixture.count
        let exact = try ExactInference(graph, pool: pool).posteriors(of: fixture.pixels, count: count)
        for (found, expected) in zip(exact, fixture.negativeLogEvidence) {
            #expect(abs(found.negativeLogEvidence - expected) < 1e-3)
        }
        let answers = try [chain, graph].map { model in
            try ImageInference(model, by: .refined, pool: pool).posteriors(of: fixture.pixels, count: count)
        }
        for (one, other) in zip(answers[0].means, answers[1].means) { #expect(abs(one - other) < 1e-4) }
    }
}
