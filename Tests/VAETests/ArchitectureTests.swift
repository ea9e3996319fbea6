import Neural
import Testing
import VAE

@Suite("Architecture")
struct ArchitectureTests {
    @Test("The decoder must give an image of the input's shape")
    func decoderEnd() throws {
        let error = #expect(throws: ArchitectureError.self) {
            try Architecture(
                input: Shape([1, 2, 2]), latentSize: 1, likelihood: .bernoulli,
                encoder: [.flatten, .linear(inputs: 4, outputs: 2, bias: true)],
                decoder: [.linear(inputs: 1, outputs: 4, bias: true), .activation(.sigmoid)])
        }
        #expect(error?.description == "the decoder ends in 4, but should end in 1×2×2")
    }

    /// A decoder of one latent that makes 1×2×2 pixels by a sigmoid, with something after that.
    private func decoder(
        after layer: String, _ keywords: [(name: String, value: Setting)], image: Shape
    ) throws -> Architecture {
        let last = try #require(LayerCatalog.entry(named: layer)).make(keywords)
        let network = try Network(
            sequential: [.linear(inputs: 1, outputs: 4), .unflatten(Shape([1, 2, 2])), .activation(.sigmoid), last],
            input: Shape([1]), name: "decoder")
        #expect(network.outputShapes == [image])
        return try Architecture(
            encoder: nil, decoder: Architecture.Part(network, roles: [.latent]), likelihood: .bernoulli)
    }

    @Test(
        "A sigmoid is found before what only moves its values, and left out where logits are wanted",
        arguments: [
            ("permute", [("dims", .integers([0, 1, 3, 2]))], [1, 2, 2]),
            ("reshape", [("shape", .integers([1, 4, 1]))], [1, 4, 1]),
            ("transpose", [("dim0", .integer(1)), ("dim1", .integer(2))], [2, 1, 2]),
            ("flip", [("dims", .integers([3]))], [1, 2, 2]), ("Identity", [], [1, 2, 2]),
            ("narrow", [("dim", .integer(2)), ("start", .integer(0)), ("length", .integer(1))], [1, 1, 2]),
            ("pad", [("pad", .integers([1, 0, 0, 0])), ("mode", .text("replicate"))], [1, 2, 3]),
            ("pad", [("pad", .integers([-1, 0]))], [1, 2, 1]),
        ] as [(String, [(name: String, value: Setting)], [Int])])
    func sigmoidBeforeMoves(layer: String, keywords: [(name: String, value: Setting)], image: [Int]) throws {
        let architecture = try decoder(after: layer, keywords, image: Shape(image))
        #expect(architecture.objectiveDecoder.nodes.count == 3)
        #expect(architecture.objectiveDecoder.nodes.allSatisfy { $0.operation != .activation(.sigmoid) })
        #expect(architecture.objectiveDecoder.outputShapes == architecture.decoder.outputShapes)
    }

    @Test("A sigmoid before pixels of another origin does not end the decoder")
    func sigmoidBeforeFill() throws {
        #expect(throws: ArchitectureError.invalid("a decoder with a Bernoulli likelihood must end in a Sigmoid")) {
            try decoder(after: "pad", [("pad", .integers([1, 0]))], image: Shape([1, 2, 3]))
        }
    }

    /// A decoder of one latent and a label of five classes, which a table, or a vector of ones and zeros, reads.
    private func labelled(_ layer: String, _ keywords: [(name: String, value: Setting)]) throws -> Architecture {
        func operation(_ name: String, _ keywords: [(name: String, value: Setting)]) throws -> Operation {
            try #require(LayerCatalog.entry(named: name)).make(keywords)
        }
        let network = try Network(
            inputs: [Shape([1]), Shape([1])],
            nodes: [
                .init(operation("unsqueeze", [("dim", .integer(1))]), inputs: [1], name: "decoder.column"),
                .init(operation(layer, keywords), inputs: [2], name: "decoder.row"),
                .init(
                    operation("mean", [("dim", .integers([1, 2, 3]))] + [("keepdim", .boolean(true))]), inputs: [3],
                    name: "decoder.mean"),
            ], outputs: [4], inputNames: ["z", "kind"])
        return try Architecture(
            encoder: nil, decoder: Architecture.Part(network, roles: [.latent, .label(classes: 5, .index)]),
            likelihood: nil)
    }

    @Test("A table must have a row for each class of the label that it reads, also behind changes of shape")
    func tables() throws {
        #expect(throws: Never.self) {
            try labelled("Embedding", [("num_embeddings", .integer(5)), ("embedding_dim", .integer(2))])
        }
        let error = #expect(throws: ArchitectureError.self) {
            try labelled("Embedding", [("num_embeddings", .integer(3)), ("embedding_dim", .integer(2))])
        }
        #expect(
            error?.description == "layer decoder.row: Embedding tells 3 apart, fewer than the 5 classes of kind")
        let other = #expect(throws: ArchitectureError.self) {
            try labelled("one_hot", [("num_classes", .integer(4))])
        }
        #expect(other?.description == "layer decoder.row: one_hot tells 4 apart, fewer than the 5 classes of kind")
    }
}
