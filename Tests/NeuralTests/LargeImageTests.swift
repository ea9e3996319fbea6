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
    }

    /// One image alone on one, two and three threads, and several at a time, whose results are the same to the bit.
    private func check(_ network: Network, _ inputs: [[Float]], _ expected: [Float], tolerance: Float = 0) throws {
        var results: [[Float]] = []
        for (threads, count) in [(1, 1), (2, 1), (3, 1), (2, 3)] {
            let plan = Plan(network, purpose: .inference, capacity: count, pool: WorkerPool(threads: threads))
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
