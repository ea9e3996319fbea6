import Testing

@testable import Neural

@Suite("Cutting the ends off a transposed convolution")
struct CropTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let kernel: Int
        let stride: Int
        let padding: Int
        let channels: (from: Int, to: Int)
        let size: Extent
        let crop: [Int]

        var testDescription: String { "\(kernel)×\(kernel), stride \(stride), \(channels), \(size), \(crop)" }
    }

    /// With few channels and many, from one pixel and from several, also as doubling and turned convolutions would be made.
    static let cases: [Case] = [
        Case(kernel: 3, stride: 2, padding: 0, channels: (16, 1), size: Extent(7, 5), crop: [0, -1, 0, -1]),
        Case(kernel: 3, stride: 2, padding: 0, channels: (16, 3), size: Extent(7, 7), crop: [0, -1, 0, -1]),
        Case(kernel: 3, stride: 2, padding: 0, channels: (8, 24), size: Extent(6, 7), crop: [0, -1, 0, -1]),
        Case(kernel: 3, stride: 2, padding: 0, channels: (3, 2), size: Extent(4, 4), crop: [0, -1, 0, -1]),
        Case(kernel: 5, stride: 2, padding: 1, channels: (16, 16), size: Extent(4, 5), crop: [0, -1, 0, -1]),
        Case(kernel: 4, stride: 2, padding: 1, channels: (16, 16), size: Extent(8, 8), crop: [0, -2, 0, -1]),
        Case(kernel: 3, stride: 1, padding: 1, channels: (32, 32), size: Extent(9, 9), crop: [0, -1, 0, -2]),
        Case(kernel: 5, stride: 3, padding: 0, channels: (8, 8), size: Extent(1, 1), crop: [0, -2, 0, -3]),
        Case(kernel: 3, stride: 2, padding: 0, channels: (8, 8), size: Extent(3, 3), crop: [0, -4, 0, 0]),
        Case(kernel: 2, stride: 3, padding: 0, channels: (8, 1), size: Extent(3, 3), crop: [0, 0, 0, -2, 0, 0]),
    ]

    @Test("gives what making and cutting them gives, with an activation before or after", arguments: cases)
    func crop(_ wanted: Case) throws {
        let pad = try #require(LayerCatalog.entry(named: "pad")).make([(name: "pad", value: .integers(wanted.crop))])
        let convolution = Neural.Operation.transposedConvolution(
            TransposedConvolution(
                inputs: wanted.channels.from, outputs: wanted.channels.to, kernel: Extent(wanted.kernel),
                stride: Extent(wanted.stride), padding: Extent(wanted.padding)))
        for rest in [[pad], [pad, .activation(.relu)], [.activation(.sigmoid), pad]] {
            let layers = [convolution] + rest
            let input = try Shape([wanted.channels.from, wanted.size.height, wanted.size.width])
            let chain = try Network(sequential: layers, input: input, name: "n")
            // What somebody else wants too is made whole.
            let open = try Network(inputs: chain.inputs, nodes: chain.nodes, outputs: chain.outputs + [1])
            for batch in [1, 3] {
                let (found, expected) = (run(chain, batch), run(open, batch))
                #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 } && found.count == expected.count)
            }
        }
    }

    @Test("A batch normalization after the cut goes into the convolution before it, and the values stay")
    func normalization() throws {
        let pad = try #require(LayerCatalog.entry(named: "pad")).make([(name: "pad", value: .integers([0, -1, 0, -1]))])
        let convolution = Neural.Operation.transposedConvolution(
            TransposedConvolution(inputs: 8, outputs: 16, kernel: Extent(3), stride: Extent(2), padding: Extent(0)))
        let network = try Network(
            sequential: [
                convolution, pad, .batchNormalization(BatchNormalization(channels: 16)), .activation(.relu),
            ], input: Shape([8, 4, 4]), name: "n")
        let folded = network.foldingBatchNormalization(tensors(of: network))
        #expect(folded.network.nodes.count == 3)
        let open = try Network(
            inputs: network.inputs, nodes: network.nodes, outputs: network.outputs + [1])
        #expect(zip(run(network, 2), run(open, 2)).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test("A batch normalization of what a linear layer made of a map stays beside it: its outputs are no channels")
    func linearMaps() throws {
        let network = try Network(
            sequential: [
                .linear(inputs: 4, outputs: 3), .batchNormalization(BatchNormalization(channels: 3)),
            ], input: Shape([3, 2, 4]), name: "n")
        #expect(network.foldingBatchNormalization(tensors(of: network)).network.nodes.count == 2)
    }

    private func tensors(of network: Network) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (place, parameter) in network.parameters.enumerated() {
            let values = (0..<parameter.count).map { Float(($0 * 37 + place * 11) % 53 - 26) / 60 }
            tensors[parameter.name] = Tensor(
                extents: parameter.extents,
                values: parameter.name.hasSuffix("var") ? values.map { abs($0) + 0.5 } : values)
        }
        return tensors
    }

    private func run(_ network: Network, _ batch: Int) -> [Float] {
        let plan = Plan(
            inference: network, tensors: tensors(of: network), capacity: batch, pool: WorkerPool(threads: 2))
        for index in 0..<batch * network.inputs[0].count { plan.input()[index] = Float(index * 7919 % 101 - 50) / 50 }
        plan.forward(count: batch)
        return Array(UnsafeBufferPointer(start: plan.output(), count: batch * network.outputShapes[0].count))
    }
}
