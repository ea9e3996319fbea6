import Neural
import Testing

@Suite("Network")
struct NetworkTests {
    @Test("Shapes follow PyTorch's formulas through a chain")
    func shapesOfAChain() throws {
        let network = try Network(
            sequential: [
                .convolution(
                    Convolution(inputs: 1, outputs: 4, kernel: Extent(3), stride: Extent(2), padding: Extent(1))),
                .maxPooling(Pooling(kernel: Extent(2))), .flatten, .linear(inputs: 196, outputs: 3, bias: true),
            ], input: Shape([1, 28, 28]), name: "encoder")
        #expect(network.shapes.map(\.extents) == [[1, 28, 28], [4, 14, 14], [4, 7, 7], [196], [3]])
        #expect(
            network.parameters.map(\.name) == [
                "encoder.0.weight", "encoder.0.bias", "encoder.3.weight", "encoder.3.bias",
            ])
    }

    @Test("A layer that does not fit is named")
    func misfit() throws {
        let error = #expect(throws: ArchitectureError.self) {
            try Network(
                sequential: [.flatten, .linear(inputs: 5, outputs: 1, bias: false)], input: Shape([1, 2, 2]),
                name: "decoder")
        }
        #expect(error?.description == "layer decoder.1: Linear takes 5 features, but is given 4")
    }

    @Test(
        "What layers ask for is said in whole words",
        arguments: [
            (
                "Linear", [("in_features", .integer(1)), ("out_features", .integer(1))], [[4]],
                "Linear takes 1 feature, but is given 4"
            ),
            ("permute", [("dims", .integers([0, 1]))], [[4, 3]], "permute takes a value of 1 axis, but is given 4×3"),
            ("permute", [("dims", .integers([]))], [[4]], "permute needs the batch as the first axis"),
            ("cat", [], [], "cat reads 1 to 1024 values, but is given 0"),
            ("add", [], [[1]], "add reads 2 values, but is given 1"),
            ("ReLU", [], [[1], [1]], "ReLU reads 1 value, but is given 2"),
            ("reshape", [("shape", .integers([]))], [[1]], "a shape needs one extent at least, and this one has none"),
            (
                "narrow", [("dim", .integer(1)), ("start", .integer(-5)), ("length", .integer(1))], [[4]],
                "narrow takes a value of at least 5 along axis 1, but is given 4"
            ),
        ] as [(String, [(name: String, value: Setting)], [[Int]], String)])
    func sentences(_ type: String, _ keywords: [(name: String, value: Setting)], _ shapes: [[Int]], _ sentence: String)
        throws
    {
        let operation = try #require(LayerCatalog.entry(named: type)).make(keywords)
        let error = #expect(throws: ArchitectureError.self) {
            try operation.outputShape(of: try shapes.map { try Shape($0) })
        }
        #expect(error?.description == sentence)
    }

    @Test("A value must be made before it is read")
    func forwardReference() throws {
        #expect(throws: ArchitectureError.layer("late", .unknownValue(2))) {
            try Network(
                inputs: [Shape([3])], nodes: [.init(.flatten, inputs: [2], name: "late")], outputs: [1])
        }
    }
}
