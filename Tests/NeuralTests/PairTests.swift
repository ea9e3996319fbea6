import Testing

@testable import Neural

/// Plans make one stage of several layers. What a layer asks of the one beside it is easily forgotten, so all pairs of some
/// layers of every kind are compared with the same two in plans of their own.
@Suite("Two layers beside each other")
struct PairTests {
    private static let channels = 24

    /// Layers that take an image of ``channels`` and give one.
    private static let layers: [(name: String, operation: Neural.Operation)] = {
        func convolution(
            _ kernel: Int, padding: Int, dilation: Int = 1, groups: Int = 1, stride: Int = 1,
            mode: Convolution.PaddingMode = .zeros
        ) -> Neural.Operation {
            Operation(
                Convolution(
                    inputs: channels, outputs: channels, kernel: Extent(kernel), stride: Extent(stride),
                    padding: Extent(padding), dilation: Extent(dilation), groups: groups, paddingMode: mode))
        }
        func transposed(_ kernel: Int, stride: Int, padding: Int, dilation: Int = 1, groups: Int = 1)
            -> Neural.Operation
        {
            Operation(
                TransposedConvolution(
                    inputs: channels, outputs: channels, kernel: Extent(kernel), stride: Extent(stride),
                    padding: Extent(padding), dilation: Extent(dilation), groups: groups))
        }
        return [
            ("3×3", convolution(3, padding: 1)), ("3×3 in groups", convolution(3, padding: 1, groups: 2)),
            ("3×3 of each channel", convolution(3, padding: 1, groups: channels)),
            ("3×3 with gaps", convolution(3, padding: 2, dilation: 2)),
            ("3×3 with gaps, smaller", convolution(3, padding: 1, dilation: 2)),
            ("3×3 around", convolution(3, padding: 1, mode: .circular)),
            ("3×3 every second", convolution(3, padding: 1, stride: 2)), ("5×5", convolution(5, padding: 2)),
            ("1×1", convolution(1, padding: 0)), ("transposed 4×4", transposed(4, stride: 2, padding: 1)),
            ("transposed 3×3", transposed(3, stride: 1, padding: 1)),
            ("transposed in groups", transposed(4, stride: 2, padding: 1, groups: 3)),
            ("transposed with gaps", transposed(3, stride: 2, padding: 1, dilation: 2)),
            ("×2", Operation(Upsampling(Extent(2)))), ("×3 down", Operation(Upsampling(Extent(3, 1)))),
            ("maximum", Operation(MaxPooling(Pooling(kernel: Extent(2))))),
            (
                "maximum that overlaps",
                Operation(MaxPooling(Pooling(kernel: Extent(3), stride: Extent(2), padding: Extent(1))))
            ),
            ("mean", Operation(AveragePooling(Pooling(kernel: Extent(2))))),
            ("batch normalization", Operation(BatchNormalization(channels: channels))),
            ("group normalization", Operation(GroupNormalization(groups: 4, channels: channels))),
            ("SiLU", .activation(.silu)), ("ReLU", .activation(.relu)), ("sigmoid", .activation(.sigmoid)),
        ]
    }()

    @Test("Give what they give one after the other", arguments: layers.map(\.name))
    func pairs(_ name: String) throws {
        let first = try #require(Self.layers.first { $0.name == name })
        let image = try Shape([Self.channels, 7, 6])
        let values = (0..<2 * image.count).map { Float($0 * 7919 % 1009) / 1009 - 0.5 }
        let alone = try Self.run([first.operation], at: 0, image, values)
        for second in Self.layers {
            let expected = try Self.run([second.operation], at: 1, alone.shape, alone.values)
            let together = try Self.run([first.operation, second.operation], at: 0, image, values)
            #expect(relativeError(together.values, expected.values) < 1e-4, "\(second.name)")
            let withTangents = try Self.run(
                [first.operation, second.operation], at: 0, image, values, hasTangents: true)
            #expect(relativeError(withTangents.values, expected.values) < 1e-4, "\(second.name), with tangents")
        }
    }

    /// - Parameters:
    ///   - start: the first layer's place, which its weights depend on.
    ///   - values: of two images, in PyTorch's order.
    private static func run(
        _ operations: [Neural.Operation], at start: Int, _ image: Shape, _ values: [Float], hasTangents: Bool = false
    ) throws -> (values: [Float], shape: Shape) {
        let nodes = operations.enumerated().map { index, operation in
            Network.Node(operation, inputs: [index], name: "layer\(start + index)")
        }
        let network = try Network(inputs: [image], nodes: nodes, outputs: [operations.count])
        var tensors: [String: Tensor] = [:]
        for declaration in network.parameters {
            let seed = declaration.name.unicodeScalars.reduce(0) { $0 * 31 % 1_000_003 + Int($1.value) }
            let isVariance = declaration.name.hasSuffix("running_var")
            let weights = (0..<declaration.count).map { index in
                let value = Float((index + seed) * 7919 % 1013) / 1013 - 0.5
                return isVariance ? value + 1 : value / 4
            }
            tensors[declaration.name] = Tensor(extents: declaration.extents, values: weights)
        }
        let pool = WorkerPool(threads: 2)
        let count = network.outputShapes[0].count
        let stored = channelsInnermost(values, shape: image, count: 2)
        guard hasTangents else {
            let plan = Plan(inference: network, tensors: tensors, capacity: 2, pool: pool)
            plan.input().update(from: stored, count: stored.count)
            plan.forward(count: 2)
            return (Array(UnsafeBufferPointer(start: plan.output(), count: 2 * count)), network.outputShapes[0])
        }
        let plan = Plan(tangentsOf: network, tensors: tensors, capacity: 4, pool: pool)
        for sample in 0..<2 {
            let part = Array(stored[sample * image.count..<(sample + 1) * image.count])
            for row in 0..<2 { (plan.input() + (2 * sample + row) * image.count).update(from: part, count: part.count) }
        }
        plan.forward(count: 2, directions: 1)
        let found = (0..<2).flatMap { sample in
            Array(UnsafeBufferPointer(start: plan.output() + 2 * sample * count, count: count))
        }
        return (found, network.outputShapes[0])
    }
}
