import Testing

@testable import Neural

/// Convolutions whose gathered windows are more than a piece: a file's few numbers say how many there are.
@Suite("Pieces of windows")
struct WindowPiecesTests {
    @Test("A pixel becomes a picture of the kernel, in pieces of rows and of parts of a row")
    func largeKernel() throws {
        for (size, kernel) in [(64, 33), (40, 255)] {
            let shape = try Shape([1, size, size])
            let padding = kernel - 1
            let layer = Convolution(
                inputs: 1, outputs: 1, kernel: Extent(kernel), padding: Extent(padding), dilation: Extent(2),
                bias: false)
            let network = try Network(sequential: [.convolution(layer)], input: shape, name: "part")
            let weight = (0..<kernel * kernel).map { Float($0 % 1009 + 1) }
            let plan = Plan(network, purpose: .inference, capacity: 1, pool: WorkerPool(threads: 1))
            plan.load(["part.0.weight": Tensor(extents: [1, 1, kernel, kernel], values: weight)])
            let (y, x) = (size / 2, size / 3)
            plan.input()[y * size + x] = 1
            plan.forward(count: 1)
            let expected = (0..<size * size).map { place -> Float in
                let (down, right) = (y + padding - place / size, x + padding - place % size)
                guard down % 2 == 0, right % 2 == 0, down >= 0, right >= 0 else { return 0 }
                return weight[down / 2 * kernel + right / 2]
            }
            #expect(network.outputShapes == [shape])
            #expect(Array(UnsafeBufferPointer(start: plan.output(), count: size * size)) == expected)
        }
    }

    static let layers: [Operation] = [
        .convolution(Convolution(inputs: 8, outputs: 8, kernel: Extent(9), padding: Extent(4), bias: false)),
        .convolution(
            Convolution(
                inputs: 8, outputs: 8, kernel: Extent(13), padding: Extent(12), dilation: Extent(2), groups: 2,
                bias: false)),
        .transposedConvolution(
            TransposedConvolution(inputs: 8, outputs: 8, kernel: Extent(9), padding: Extent(4), bias: false)),
        .transposedConvolution(
            TransposedConvolution(
                inputs: 8, outputs: 8, kernel: Extent(13), padding: Extent(12), dilation: Extent(2), groups: 2,
                bias: false)),
    ]

    @Test("Training computes what inference does, and the transpose of it for the gradients", arguments: layers.indices)
    func gradients(_ index: Int) throws {
        let shape = try Shape([8, 70, 66])
        let network = try Network(sequential: [WindowPiecesTests.layers[index]], input: shape, name: "part")
        #expect(network.outputShapes == [shape])
        let x = pseudorandom(shape.count, 7919)
        let tensors = Dictionary(
            uniqueKeysWithValues: network.parameters.map {
                ($0.name, Tensor(extents: $0.extents, values: pseudorandom($0.count, 6007)))
            })
        func plan(_ purpose: Plan.Purpose) -> Plan {
            let plan = Plan(network, purpose: purpose, capacity: 1, pool: WorkerPool(threads: 1))
            plan.load(tensors)
            let stored = channelsInnermost(x, shape: shape, count: 1)
            plan.input().update(from: stored, count: stored.count)
            plan.forward(count: 1)
            return plan
        }
        let (training, inference) = (plan(.training(inputGradient: true)), plan(.inference))
        let y = Array(UnsafeBufferPointer(start: training.output(), count: shape.count))
        let same = channelsInnermost(
            Array(UnsafeBufferPointer(start: inference.output(), count: shape.count)), shape: shape, count: 1)
        let planar = channelsInnermost(y, shape: shape, count: 1)
        #expect(zip(planar, same).allSatisfy { abs($0 - $1) < 1e-2 })

        let gradient = pseudorandom(shape.count, 4001)
        training.outputGradient().update(from: gradient, count: shape.count)
        training.backward(count: 1)
        // ⟨y, g⟩ = ⟨x, Aᵀg⟩ = ⟨W, ∂⟨y, g⟩/∂W⟩, as y = A x is linear in both.
        let expected = dot(y, gradient)
        let size = (dot(y, y) * dot(gradient, gradient)).squareRoot()
        let input = Array(UnsafeBufferPointer(start: training.input(), count: shape.count))
        let inputGradient = Array(UnsafeBufferPointer(start: training.inputGradient(), count: shape.count))
        #expect(abs(dot(input, inputGradient) - expected) < 1e-5 * size)
        #expect(
            abs(dot(Array(training.parameters.values), Array(training.parameters.gradients)) - expected) < 1e-5 * size)
    }

    private func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

    private func pseudorandom(_ count: Int, _ step: Int) -> [Float] {
        (0..<count).map { Float($0 * step % 1009) / 500 - 1 }
    }
}
