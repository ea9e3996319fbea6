import Testing

@testable import Neural

@Suite("Gradients")
struct GradientTests {
    /// Σ weights · output, the scalar whose gradient is checked; the weights are fixed and uneven.
    private struct Probe {
        let plan: Plan
        let count: Int
        let weights: [Float]

        init(_ fixture: LayerFixture, threads: Int) throws {
            let network = try fixture.network()
            count = fixture.batch
            plan = Plan(
                network, purpose: .training(inputGradient: true), capacity: fixture.batch,
                pool: WorkerPool(threads: threads))
            plan.load(fixture.parameters)
            let input = channelsInnermost(fixture.x, shape: network.inputs[0], count: count)
            plan.input().update(from: input, count: input.count)
            weights = unevenWeights(count * network.outputShapes[0].count)
        }

        /// In double precision: the outputs are large sums of small changes.
        func value() -> Double {
            plan.forward(count: count)
            return weights.indices.reduce(0) { $0 + Double(weights[$1]) * Double(plan.output()[$1]) }
        }

        func backward() {
            plan.forward(count: count)
            plan.outputGradient().update(from: weights, count: weights.count)
            plan.backward(count: count)
        }

        /// (f(x + h) − f(x − h)) / 2h.
        func slope(_ place: UnsafeMutablePointer<Float>, step: Float) -> Double {
            let kept = place.pointee
            place.pointee = kept + step
            plan.parametersDidChange()
            let above = value()
            place.pointee = kept - step
            plan.parametersDidChange()
            let below = value()
            place.pointee = kept
            plan.parametersDidChange()
            return (above - below) / Double((kept + step) - (kept - step))
        }
    }

    /// Where a kink (ReLU's, a maximum's) lies within a step the difference is wrong: some may miss, most must hit.
    private func check(
        _ gradients: [Float], _ places: UnsafeMutablePointer<Float>, _ probe: Probe, tolerated: Double
    ) -> Bool {
        let chosen = stride(from: 0, to: gradients.count, by: max(1, gradients.count / 40)).map { $0 }
        let scale = Double(gradients.map(abs).max() ?? 0) * 0.05 + 5e-3
        let missed = chosen.filter { index in
            ![Float(1e-2), 3e-3, 1e-3].contains { step in
                let slope = probe.slope(places + index, step: step)
                return abs(slope - Double(gradients[index])) / max(abs(slope), scale) < 2e-2
            }
        }
        return Double(missed.count) <= tolerated * Double(chosen.count)
    }

    @Test(
        "Backward agrees with finite differences, for parameters and inputs",
        arguments: LayerFixture.all.filter { !$0.isNarrow && !$0.hasManyMaxima })
    func finiteDifferences(_ fixture: LayerFixture) throws {
        let probe = try Probe(fixture, threads: 2)
        probe.backward()
        let parameters = Array(probe.plan.parameters.gradients)
        let input = Array(
            UnsafeBufferPointer(start: probe.plan.inputGradient(), count: fixture.x.count))
        let hasKinks = fixture.layers.contains { ["ReLU", "LeakyReLU", "MaxPool2d"].contains($0.type) }
        let tolerated = hasKinks ? 0.2 : 0.0
        let inputAgrees = check(input, probe.plan.input(), probe, tolerated: tolerated)
        #expect(inputAgrees)
        guard let start = probe.plan.parameters.values.baseAddress, !parameters.isEmpty else { return }
        let parametersAgree = check(parameters, start, probe, tolerated: tolerated)
        #expect(parametersAgree)
    }

    @Test("Backward agrees with PyTorch to 1e-4 in a weighted sum and a sum of squares", arguments: LayerFixture.all)
    func sumsOfGradients(_ fixture: LayerFixture) throws {
        let probe = try Probe(fixture, threads: 2)
        probe.backward()
        var found = probe.plan.gradientTensors().mapValues(\.values)
        let input = Array(UnsafeBufferPointer(start: probe.plan.inputGradient(), count: fixture.x.count))
        found["input"] = channelsOutermost(input, shape: probe.plan.network.inputs[0], count: fixture.batch)
        for (name, expected) in fixture.gradients {
            let values = try #require(found[name])
            let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
            let sum = zip(values, unevenWeights(values.count)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            // A weighted sum cancels: its error is one of the gradient's length.
            #expect(abs(sum - expected[0]) < 1e-4 * (expected[1].squareRoot() + abs(expected[0])) + 1e-5, "\(name)")
            #expect(abs(squares - expected[1]) <= 1e-4 * expected[1] + 1e-10, "\(name)")
        }
    }

    @Test("Gradients are the same to the bit for any number of threads", arguments: LayerFixture.all)
    func threads(_ fixture: LayerFixture) throws {
        let results = try [1, 2, 3].map { threads in
            let probe = try Probe(fixture, threads: threads)
            probe.backward()
            return Array(probe.plan.parameters.gradients)
                + Array(UnsafeBufferPointer(start: probe.plan.inputGradient(), count: fixture.x.count))
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }

    @Test("A value that two nodes read gets the sum of their gradients")
    func fork() throws {
        // y₁ = 3 x, y₂ = x: the gradient by x is 3 g₁ + g₂.
        let network = try Network(
            inputs: [Shape([1])],
            nodes: [
                .init(.linear(inputs: 1, outputs: 1, bias: false), inputs: [0], name: "a"),
                .init(.linear(inputs: 1, outputs: 1, bias: false), inputs: [1], name: "b"),
                .init(.linear(inputs: 1, outputs: 1, bias: false), inputs: [1], name: "c"),
            ], outputs: [2, 3])
        let plan = Plan(network, purpose: .training(inputGradient: true), capacity: 1, pool: WorkerPool(threads: 1))
        plan.load([
            "a.weight": Tensor(extents: [1, 1], values: [2]), "b.weight": Tensor(extents: [1, 1], values: [3]),
            "c.weight": Tensor(extents: [1, 1], values: [1]),
        ])
        plan.input()[0] = 5
        plan.forward(count: 1)
        #expect(plan.output(0)[0] == 30 && plan.output(1)[0] == 10)
        plan.outputGradient(0)[0] = 1
        plan.outputGradient(1)[0] = 10
        plan.backward(count: 1)
        #expect(plan.inputGradient()[0] == 26)
        #expect(plan.gradientTensors()["a.weight"]?.values == [65])
    }
}
