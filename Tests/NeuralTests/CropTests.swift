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

    private func run(_ network: Network, _ batch: Int) -> [Float] {
        var tensors: [String: Tensor] = [:]
        for (place, parameter) in network.parameters.enumerated() {
            let values = (0..<parameter.count).map { Float(($0 * 37 + place * 11) % 53 - 26) / 60 }
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: values)
        }
        let plan = Plan(inference: network, tensors: tensors, capacity: batch, pool: WorkerPool(threads: 2))
        for index in 0..<batch * network.inputs[0].count { plan.input()[index] = Float(index * 7919 % 101 - 50) / 50 }
        plan.forward(count: batch)
        return Array(UnsafeBufferPointer(start: plan.output(), count: batch * network.outputShapes[0].count))
    }
}
