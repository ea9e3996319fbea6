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

    @Test("A value must be made before it is read")
    func forwardReference() throws {
        #expect(throws: ArchitectureError.layer("late", .unknownValue(2))) {
            try Network(
                inputs: [Shape([3])], nodes: [.init(.flatten, inputs: [2], name: "late")], outputs: [1])
        }
    }
}
