import Neural
import Testing
import VAE

@testable import Geometry

@Suite("Exact derivatives of a decoder")
struct ForwardModeTests {
    private let points: [Float] = [0.3, -0.7, 1.1, -1.4, 0.2, 0.6, 0.9, 0.8, -0.5, 0, 0.1, -0.2]

    @Test(
        "Tangents through every kind of layer are what central differences of the images come to",
        arguments: [
            Likelihood.bernoulli, .gaussian(.fixed(0.25)),
        ], [LatentMetric.Weighting.plain, .fisher])
    func everyLayer(likelihood: Likelihood, weighting: LatentMetric.Weighting) throws {
        let space = try SmallSpaces.space(SmallSpaces.everyLayer(likelihood))
        let direction: [Float] = [0.6, -0.5, 0.4]
        // In single precision the error is about h² f‴/6 + 10⁻⁷/h: least around 10⁻².
        let step: Float = 0.01
        let moves = points.indices.map { step * direction[$0 % 3] }
        let further = space.images(at: zip(points, moves).map(+), weighting: weighting)
        let nearer = space.images(at: zip(points, moves).map(-), weighting: weighting)
        let here = space.images(at: points, weighting: weighting)
        var seen = 0
        space.differentiate(at: points, along: [0, 0, 1] + direction, weighting: weighting) { point, image, tangents in
            for element in 0..<space.elements {
                let place = point * space.elements + element
                let difference = (further[place] - nearer[place]) / (2 * step)
                #expect(abs(image[element] - here[place]) < 1e-5)
                #expect(abs(tangents[space.elements + element] - difference) < 4e-3 + 1e-2 * abs(difference))
                seen += abs(difference) > 0.02 ? 1 : 0
            }
        }
        #expect(seen > 10, "the images change along the direction")
    }

    @Test("vᵀ(Ju) is (Jᵀv)u with the engine's gradient")
    func agreesWithBackward() throws {
        let model = try SmallSpaces.curved(latents: 3)
        let pool = WorkerPool(threads: 1)
        let space = DecodedSpace(model, pool: pool)
        let plan = Plan(
            model.architecture.decoder, purpose: .training(inputGradient: true), capacity: 4, pool: pool)
        plan.load(model.tensors)
        for (index, coordinate) in points.enumerated() { plan.input()[index] = coordinate }
        plan.forward(count: 4)
        let v: [Float] = (0..<4 * space.elements).map { index in Float(index * 37 % 11) / 10 - 0.5 }
        for index in v.indices { plan.outputGradient()[index] = v[index] }
        plan.backward(count: 4)
        space.differentiate(at: points, along: space.axes, weighting: .plain) { point, _, tangents in
            for axis in 0..<3 {
                var product: Float = 0
                for element in 0..<space.elements {
                    product += v[point * space.elements + element] * tangents[axis * space.elements + element]
                }
                #expect(abs(product - plan.inputGradient()[3 * point + axis]) < 1e-4)
            }
        }
    }

    @Test("More directions than go through together are taken in turn")
    func manyPoints() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 32))
        let many: [Float] = (0..<32 * 7).map { index in Float(index * 7919 % 601) / 300 - 1 }
        let all = space.metrics(at: many, along: space.axes, under: .plain)
        let last = space.metrics(at: Array(many.suffix(32)), along: space.axes, under: .plain)
        #expect(isClose(Array(all.suffix(32 * 32)), last, within: 1e-5))
        #expect(all.contains { abs($0) > 1e-3 })
    }
}
