import Testing

@testable import Neural

@Suite("Operations")
struct OperationTests {
    @Test("The cases are there, each with a name of its own")
    func cases() {
        #expect(OperationCase.all.count > 200)
        #expect(Set(OperationCase.all.map(\.name)).count == OperationCase.all.count)
    }

    @Test("Every operation agrees with PyTorch, the same for any number of threads", arguments: OperationCase.all)
    func forward(_ test: OperationCase) throws {
        for surroundings in test.surroundings {
            let network = try test.network(surroundings)
            let (one, two) = try (run(test, network, threads: 1), run(test, network, threads: 2))
            #expect(agrees(one, test.output), "\(surroundings)")
            #expect(one.map(\.bitPattern) == two.map(\.bitPattern), "\(surroundings), threads")
        }
    }

    @Test("One sample on two threads gives what the batch gives", arguments: OperationCase.all)
    func oneByOne(_ test: OperationCase) throws {
        for surroundings in test.surroundings {
            let network = try test.network(surroundings)
            let plan = Plan(
                inference: network, tensors: test.parameters(network), capacity: 1, pool: WorkerPool(threads: 2))
            var found: [Float] = []
            for sample in 0..<test.batch {
                for (index, values) in test.inputs.enumerated() {
                    let (stored, count) = (test.stored(values, input: index, of: network), network.inputs[index].count)
                    plan.input(index).update(from: Array(stored[sample * count..<(sample + 1) * count]), count: count)
                }
                plan.forward(count: 1)
                found += UnsafeBufferPointer(start: plan.output(), count: network.outputShapes[0].count)
            }
            #expect(agrees(found, test.output), "\(surroundings)")
        }
    }

    @Test("Tangents are PyTorch's derivatives along a direction, and linear in it", arguments: OperationCase.all)
    func tangents(_ test: OperationCase) throws {
        for surroundings in test.surroundings {
            let network = try test.network(surroundings)
            for factors in [[Float(1)], [1, -0.5, 2]] {
                let rows = try tangents(test, network, factors: factors)
                #expect(agrees(rows[0], test.output), "\(surroundings), values")
                for (factor, row) in zip(factors, rows.dropFirst()) {
                    #expect(agrees(row, test.derivative.map { $0 * factor }), "\(surroundings), times \(factor)")
                }
            }
        }
    }

    // MARK: Backward

    @Test(
        "Backward agrees with PyTorch, and is the same for any number of threads",
        arguments: OperationCase.all.filter(\.trains))
    func sumsOfGradients(_ test: OperationCase) throws {
        for surroundings in test.surroundings {
            let network = try test.network(surroundings)
            let probe = try OperationProbe(test, network, threads: 1)
            let found = probe.backward()
            #expect(try OperationProbe(test, network, threads: 2).backward() == found, "\(surroundings), threads")
            for (name, expected) in test.gradients {
                let values = try #require(found[name])
                let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
                let sum = zip(values, unevenWeights(values.count)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                // A weighted sum cancels: its error is one of the gradient's length.
                let scale = expected[1].squareRoot() + abs(expected[0])
                #expect(abs(sum - expected[0]) < 1e-4 * scale + 1e-5, "\(surroundings), \(name)")
                #expect(abs(squares - expected[1]) <= 1e-4 * expected[1] + 1e-10, "\(surroundings), \(name)")
            }
        }
    }

    @Test(
        "Backward agrees with finite differences, for inputs and parameters",
        arguments: OperationCase.all.filter(\.trains))
    func finiteDifferences(_ test: OperationCase) throws {
        let network = try test.network()
        let probe = try OperationProbe(test, network, threads: 1)
        _ = probe.backward()
        let tolerated = test.kinks ? 0.2 : 0.0
        for index in test.inputs.indices {
            let count = network.inputs[index].count * test.batch
            let gradient = Array(UnsafeBufferPointer(start: probe.plan.inputGradient(index), count: count))
            #expect(probe.misses(gradient, at: probe.plan.input(index)) <= tolerated, "input \(index)")
        }
        let parameters = Array(probe.plan.parameters.gradients)
        guard let start = probe.plan.parameters.values.baseAddress, !parameters.isEmpty else { return }
        #expect(probe.misses(parameters, at: start) <= tolerated, "parameters")
    }

    // MARK: Running

    private func run(_ test: OperationCase, _ network: Network, threads: Int) throws -> [Float] {
        let plan = Plan(
            inference: network, tensors: test.parameters(network), capacity: test.batch + 3,
            pool: WorkerPool(threads: threads))
        for (index, values) in test.inputs.enumerated() {
            plan.input(index).update(from: test.stored(values, input: index, of: network), count: values.count)
        }
        plan.forward(count: test.batch)
        return Array(UnsafeBufferPointer(start: plan.output(), count: test.output.count))
    }

    /// The outputs, then their tangents along the case's direction times each of some factors.
    private func tangents(_ test: OperationCase, _ network: Network, factors: [Float]) throws -> [[Float]] {
        let rows = 1 + factors.count
        let plan = Plan(
            tangentsOf: network, tensors: test.parameters(network), capacity: test.batch * rows,
            pool: WorkerPool(threads: 2))
        for index in test.inputs.indices {
            let count = network.inputs[index].count
            let values = test.stored(test.inputs[index], input: index, of: network)
            let direction = test.stored(test.directions[index], input: index, of: network)
            for sample in 0..<test.batch {
                let start = plan.input(index) + sample * rows * count
                let part = sample * count..<(sample + 1) * count
                start.update(from: Array(values[part]), count: count)
                for (row, factor) in factors.enumerated() {
                    (start + (row + 1) * count).update(from: direction[part].map { $0 * factor }, count: count)
                }
            }
        }
        plan.forward(count: test.batch, directions: factors.count)
        let count = network.outputShapes[0].count
        return (0..<rows).map { row in
            (0..<test.batch).flatMap { sample in
                Array(UnsafeBufferPointer(start: plan.output() + (sample * rows + row) * count, count: count))
            }
        }
    }

    /// To 1e-5 of the largest value, and to 1e-5 of each value or of 1.
    private func agrees(_ found: [Float], _ expected: [Float]) -> Bool {
        guard found.count == expected.count else { return false }
        let largest = expected.map(abs).max() ?? 0
        return zip(found, expected).allSatisfy { found, expected in
            let error = abs(found - expected)
            return error <= 1e-5 * largest && error <= 1e-5 + 1e-5 * abs(expected)
        }
    }
}

/// Σ weights · output of a case, the scalar whose gradient is checked; the weights are fixed and uneven.
private struct OperationProbe {
    let plan: Plan
    let test: OperationCase
    let weights: [Float]

    init(_ test: OperationCase, _ network: Network, threads: Int) throws {
        self.test = test
        plan = Plan(
            network, purpose: .training(inputGradient: true), capacity: test.batch, pool: WorkerPool(threads: threads))
        plan.load(test.parameters(network))
        for (index, values) in test.inputs.enumerated() {
            plan.input(index).update(from: test.stored(values, input: index, of: network), count: values.count)
        }
        weights = unevenWeights(test.output.count)
    }

    /// The gradients in PyTorch's layout, by the inputs' numbers and the parameters' names.
    func backward() -> [String: [Float]] {
        plan.forward(count: test.batch)
        plan.outputGradient().update(from: weights, count: weights.count)
        plan.backward(count: test.batch)
        var found = plan.gradientTensors().mapValues(\.values)
        for (index, shape) in plan.network.inputs.enumerated() {
            let gradient = Array(
                UnsafeBufferPointer(start: plan.inputGradient(index), count: shape.count * test.batch))
            found["\(index)"] = channelsOutermost(gradient, shape: shape, count: test.batch)
        }
        return found
    }

    /// The share of a gradient's elements that no finite difference agrees with.
    ///
    /// - Parameter places: what the gradient is by.
    func misses(_ gradient: [Float], at places: UnsafeMutablePointer<Float>) -> Double {
        let chosen = stride(from: 0, to: gradient.count, by: max(1, gradient.count / 40)).map { $0 }
        let scale = Double(gradient.map(abs).max() ?? 0) * 0.05 + 5e-3
        let missed = chosen.filter { index in
            ![Float(1e-2), 3e-3, 1e-3].contains { step in
                let slope = slope(places + index, step: step)
                return abs(slope - Double(gradient[index])) / max(abs(slope), scale) < 2e-2
            }
        }
        return Double(missed.count) / Double(chosen.count)
    }

    /// (f(x + h) − f(x − h)) / 2h.
    private func slope(_ place: UnsafeMutablePointer<Float>, step: Float) -> Double {
        let kept = place.pointee
        func value(_ changed: Float) -> Double {
            place.pointee = changed
            plan.parametersDidChange()
            plan.forward(count: test.batch)
            return weights.indices.reduce(0) { $0 + Double(weights[$1]) * Double(plan.output()[$1]) }
        }
        let difference = value(kept + step) - value(kept - step)
        place.pointee = kept
        plan.parametersDidChange()
        return difference / Double((kept + step) - (kept - step))
    }
}
