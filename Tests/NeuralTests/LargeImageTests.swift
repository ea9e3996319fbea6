import Foundation
import Testing

@testable import Neural

/// Images so large that several threads share one; other tests' images are too small for that.
@Suite("Large images")
struct LargeImageTests {
    @Test("Group normalization and the activation after it, at one mean and another", arguments: [0, 1000] as [Float])
    func groupNormalization(_ mean: Float) throws {
        let shape = try Shape([16, 33, 40])
        let x = pseudorandom(shape.count).map { $0 + mean }
        let network = try Network(
            sequential: [
                Operation(GroupNormalization(groups: 4, channels: 16, isAffine: false)), .activation(.silu),
            ], input: shape, name: "part")
        let size = shape.count / 4
        let expected = (0..<4).flatMap { group -> [Float] in
            let values = x[group * size..<(group + 1) * size].map(Double.init)
            let middle = values.reduce(0, +) / Double(size)
            let variance = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(size)
            return values.map { value in
                let normalized = (value - middle) / (variance + 1e-5).squareRoot()
                return Float(normalized / (1 + exp(-normalized)))
            }
        }
        try check(network, [x], expected, tolerance: 1e-5)
    }

    @Test("Layer normalization of many rows")
    func layerNormalization() throws {
        let shape = try Shape([129, 160])
        let x = pseudorandom(shape.count)
        let network = try Network(
            sequential: [Operation(LayerNormalization([160], isAffine: false))], input: shape, name: "part")
        let expected = (0..<129).flatMap { row -> [Float] in
            let values = x[row * 160..<(row + 1) * 160].map(Double.init)
            let middle = values.reduce(0, +) / 160
            let variance = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / 160
            return values.map { Float(($0 - middle) / (variance + 1e-5).squareRoot()) }
        }
        try check(network, [x], expected, tolerance: 1e-5)
    }

    @Test("Concatenation along channels")
    func concatenation() throws {
        let shapes = try [Shape([9, 32, 33]), Shape([24, 32, 33])]
        let network = try Network(
            inputs: shapes, nodes: [.init(Operation(Concatenation(axis: 1)), inputs: [0, 1], name: "cat")],
            outputs: [2])
        let (first, second) = (pseudorandom(shapes[0].count), pseudorandom(shapes[1].count))
        try check(network, [first, second], first + second)
    }

    @Test("Index maps with long runs and with none")
    func indexMaps() throws {
        let shape = try Shape([16, 40, 66])
        let x = pseudorandom(shape.count)
        let cut = try Network(
            sequential: [Operation(Narrow(axis: 1, start: 1, length: 15))], input: shape, name: "part")
        try check(cut, [x], Array(x[(40 * 66)...]))
        let turned = try Network(sequential: [Operation(Flip(axes: [1, 2, 3]))], input: shape, name: "part")
        try check(turned, [x], x.reversed())
        // Pixels innermost, as the answer has them, become channels.
        let matrices = try Network(
            sequential: [Operation(Reshape([16, 40 * 66])), Operation(Transposition(first: 1, second: 2))],
            input: shape, name: "part")
        try check(matrices, [x], (0..<40 * 66).flatMap { pixel in (0..<16).map { x[$0 * 40 * 66 + pixel] } })
    }

    @Test("A convolution padded by reflection")
    func reflection() throws {
        let shape = try Shape([8, 64, 70])
        let x = pseudorandom(shape.count)
        let layer = Convolution(inputs: 8, outputs: 8, kernel: Extent(3), padding: Extent(1), paddingMode: .reflect)
        let weight = Tensor(
            extents: [8, 8, 3, 3], values: (0..<576).map { $0 % 9 == 0 && $0 / 9 % 9 == 0 ? 1 : 0 })
        let tensors = ["part.0.weight": weight, "part.0.bias": Tensor(extents: [8], values: pseudorandom(8))]
        // The weight takes what is up and to the left of each pixel, which at the first ones is down and to the right.
        let expected = (0..<shape.count).map { place in
            let (channel, row, column) = (place / 4480, place / 70 % 64, place % 70)
            let (up, left) = (row == 0 ? 1 : row - 1, column == 0 ? 1 : column - 1)
            return x[channel * 4480 + up * 70 + left] + pseudorandom(8)[channel]
        }
        let network = try Network(sequential: [.convolution(layer)], input: shape, name: "part")
        try check(network, [x], expected, tensors: tensors, tolerance: 1e-5)
    }

    /// One image alone on one, two and three threads, and several at a time, whose results are the same to the bit.
    private func check(
        _ network: Network, _ inputs: [[Float]], _ expected: [Float], tensors: [String: Tensor] = [:],
        tolerance: Float = 0
    ) throws {
        var results: [[Float]] = []
        for (threads, count) in [(1, 1), (2, 1), (3, 1), (2, 3)] {
            let plan = Plan(network, purpose: .inference, capacity: count, pool: WorkerPool(threads: threads))
            plan.load(tensors)
            for (index, values) in inputs.enumerated() {
                let stored = channelsInnermost(values, shape: network.inputs[index], count: 1)
                for image in 0..<count {
                    (plan.input(index) + image * stored.count).update(from: stored, count: stored.count)
                }
            }
            plan.forward(count: count)
            for image in 0..<count {
                let start = plan.output() + image * expected.count
                results.append(Array(UnsafeBufferPointer(start: start, count: expected.count)))
            }
        }
        let worst = zip(results[0], expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(worst <= tolerance)
        #expect(results.allSatisfy { $0 == results[0] })
    }

    private func pseudorandom(_ count: Int) -> [Float] { (0..<count).map { Float($0 * 7919 % 1009) / 500 - 1 } }
}
