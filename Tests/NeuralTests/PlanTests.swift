import Testing

@testable import Neural

@Suite("Plan")
struct PlanTests {
    @Test("The fixtures are there")
    func fixtures() { #expect(LayerFixture.all.count >= 50) }

    @Test("Every layer and chain agrees with PyTorch to 1e-5", arguments: LayerFixture.all)
    func forwardAgreesWithPyTorch(_ fixture: LayerFixture) throws {
        for threads in [1, 2, 3] {
            let output = try run(fixture, threads: threads, capacity: fixture.batch)
            #expect(relativeError(output, fixture.y) < 1e-5, "\(threads) threads")
        }
    }

    @Test("A batch gives what its samples give one by one, and what a larger plan gives", arguments: LayerFixture.all)
    func batchAndSingle(_ fixture: LayerFixture) throws {
        let whole = try run(fixture, threads: 2, capacity: fixture.batch + 5)
        #expect(relativeError(whole, fixture.y) < 1e-5)
        let network = try fixture.network()
        let size = network.inputs[0].count
        let outputs = network.outputShapes[0].count
        for sample in 0..<fixture.batch {
            let x = Array(fixture.x[sample * size..<(sample + 1) * size])
            let y = try run(fixture, threads: 2, capacity: 1, x: x, count: 1)
            #expect(relativeError(y, Array(fixture.y[sample * outputs..<(sample + 1) * outputs])) < 1e-5)
        }
    }

    @Test("Activations agree to 1e-5 of each value, however small", arguments: LayerFixture.all.filter(\.isActivation))
    func activations(_ fixture: LayerFixture) throws {
        let output = try run(fixture, threads: 1, capacity: fixture.batch)
        #expect(strictRelativeError(output, fixture.y) < 1e-5)
    }

    /// Layers on an image large enough to be cut into strips and blocks.
    private static let large: [[Neural.Operation]] = [
        [
            .upsampling(Extent(2)),
            .convolution(Convolution(inputs: 24, outputs: 40, kernel: Extent(3), padding: Extent(1))),
        ],
        [.convolution(Convolution(inputs: 24, outputs: 64, kernel: Extent(3), padding: Extent(1)))],
        [
            .convolution(Convolution(inputs: 24, outputs: 3, kernel: Extent(3), padding: Extent(1))),
            .activation(.sigmoid),
        ],
        [.convolution(Convolution(inputs: 24, outputs: 32, kernel: Extent(5), stride: Extent(2), padding: Extent(2)))],
        [
            .transposedConvolution(
                TransposedConvolution(inputs: 24, outputs: 32, kernel: Extent(4), stride: Extent(2), padding: Extent(1))
            )
        ],
        [
            .transposedConvolution(
                TransposedConvolution(inputs: 24, outputs: 3, kernel: Extent(4), stride: Extent(2), padding: Extent(1)))
        ],
        [.transposedConvolution(TransposedConvolution(inputs: 24, outputs: 32, kernel: Extent(3), padding: Extent(1)))],
    ]

    @Test(
        "A plan for inference gives what one for training gives, on large images and for any number of threads",
        arguments: large)
    func largeImages(_ layers: [Neural.Operation]) throws { try compare(layers, tolerance: 1e-5) }

    @Test("So does a convolution in tiles of 4×4, which rounds more")
    func largeTiles() throws {
        let layers: [Neural.Operation] = [
            .convolution(Convolution(inputs: 24, outputs: 32, kernel: Extent(3), padding: Extent(1))),
            .activation(.silu),
            .convolution(Convolution(inputs: 32, outputs: 40, kernel: Extent(3), padding: Extent(1))),
            .activation(.relu),
        ]
        try compare(layers, tolerance: 1e-4)
        try compare(Array(layers[..<3]) + [.activation(.sigmoid)], tolerance: 1e-4)
    }

    @Test("A large batch of a linear layer is the same in plans of either kind, and for any number of threads")
    func largeBatch() throws {
        let layers: [Neural.Operation] = [.linear(inputs: 700, outputs: 333), .activation(.tanh)]
        try compare(layers, input: Shape([700]), counts: [4, 100], tolerance: 1e-5)
    }

    @Test("An activation after another shape is what it is before it, in plans of all kinds")
    func activationAcrossShapes() throws {
        let shape = try Shape([3, 4, 5])
        let convolution = Neural.Operation.convolution(Convolution(inputs: 3, outputs: 2, kernel: Extent(3)))
        func results(_ middle: [Neural.Operation], _ end: [Neural.Operation], _ purpose: Plan.Purpose) throws -> [Float]
        {
            let layers = [.linear(inputs: 6, outputs: 60)] + middle + end
            let network = try Network(sequential: layers, input: Shape([6]), name: "layer")
            let plan = Plan(network, purpose: purpose, capacity: 8, pool: WorkerPool(threads: 2))
            var tensors: [String: Tensor] = [:]
            for declaration in network.parameters {
                tensors[declaration.name] = Tensor(
                    extents: declaration.extents, values: unevenWeights(declaration.count))
            }
            plan.load(tensors)
            for index in 0..<48 { plan.input()[index] = Float(index * 7919 % 1009) / 1009 - 0.5 }
            let count = 8 * network.outputShapes[0].count
            if purpose == .tangents { plan.forward(count: 2, directions: 3) } else { plan.forward(count: 8) }
            let values = Array(UnsafeBufferPointer(start: plan.output(), count: count))
            guard case .training = purpose else { return values }
            for index in 0..<count { plan.outputGradient()[index] = Float(index % 7) - 3 }
            plan.backward(count: 8)
            let gradients = plan.gradientTensors().sorted { $0.key < $1.key }.flatMap(\.value.values)
            return values + gradients + Array(UnsafeBufferPointer(start: plan.inputGradient(), count: 48))
        }
        let activation = Neural.Operation.activation(.sigmoid)
        for purpose in [Plan.Purpose.inference, .training(inputGradient: true), .tangents] {
            for end in [[], [convolution]] {
                let expected = try results([activation, .unflatten(shape)], end, purpose)
                let found = try results([.unflatten(shape), activation], end, purpose)
                #expect(relativeError(found, expected) < 1e-5)
            }
        }
    }

    private func compare(
        _ layers: [Neural.Operation], input: Shape? = nil, counts: [Int] = [1, 3], tolerance: Float
    ) throws {
        let network = try Network(sequential: layers, input: input ?? Shape([24, 41, 38]), name: "layer")
        var tensors: [String: Tensor] = [:]
        for declaration in network.parameters {
            let values = unevenWeights(declaration.count).map { $0 / 16 }
            tensors[declaration.name] = Tensor(extents: declaration.extents, values: values)
        }
        func run(_ purpose: Plan.Purpose, threads: Int, count: Int) -> [Float] {
            let plan = Plan(network, purpose: purpose, capacity: count, pool: WorkerPool(threads: threads))
            plan.load(tensors)
            for index in 0..<count * network.inputs[0].count {
                plan.input()[index] = Float(index * 7919 % 1009) / 1009 - 0.5
            }
            plan.forward(count: count)
            return Array(UnsafeBufferPointer(start: plan.output(), count: count * network.outputShapes[0].count))
        }
        for count in counts {
            let expected = run(.training(inputGradient: false), threads: 1, count: count)
            let alone = run(.inference, threads: 1, count: count)
            #expect(relativeError(alone, expected) < tolerance)
            for threads in [2, 3] { #expect(run(.inference, threads: threads, count: count) == alone) }
        }
    }

    private func run(
        _ fixture: LayerFixture, threads: Int, capacity: Int, x: [Float]? = nil, count: Int? = nil
    ) throws -> [Float] {
        let (network, tensors) = try fixture.network().foldingBatchNormalization(fixture.parameters)
        let count = count ?? fixture.batch
        let plan = Plan(network, purpose: .inference, capacity: capacity, pool: WorkerPool(threads: threads))
        plan.load(tensors)
        let input = channelsInnermost(x ?? fixture.x, shape: network.inputs[0], count: count)
        plan.input().update(from: input, count: input.count)
        plan.forward(count: count)
        return Array(UnsafeBufferPointer(start: plan.output(), count: count * network.outputShapes[0].count))
    }
}

/// The largest difference, by the larger of the value and a tenth of the largest value: sums cancel, and what is left
/// has the rounding error of what was summed.
func relativeError(_ found: [Float], _ expected: [Float]) -> Float {
    error(found, expected, floor: (expected.map(abs).max() ?? 0) * 0.1 + 1e-30)
}

/// The largest difference by the value itself.
func strictRelativeError(_ found: [Float], _ expected: [Float]) -> Float { error(found, expected, floor: 1e-30) }

private func error(_ found: [Float], _ expected: [Float], floor: Float) -> Float {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) { worst, pair in
        let error = abs(pair.0 - pair.1) / max(abs(pair.1), floor)
        return error.isNaN ? .infinity : max(worst, error)
    }
}
