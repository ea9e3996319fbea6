import Neural
import Platform
import Testing
import VAE

@testable import Inference

@Suite("The exact posterior of one image")
struct PosteriorSearchTests {
    private func lattice(_ model: Model) throws -> PosteriorLattice {
        let lattice = try #require(PosteriorLattice(model, pool: WorkerPool(threads: 2)))
        while !lattice.isComplete { lattice.advance() }
        return lattice
    }

    private func search(_ image: [Float], in lattice: PosteriorLattice) -> PosteriorSearch {
        var search = PosteriorSearch(image, in: lattice)
        for _ in 0..<100_000 where !search.isFinished { search.advance() }
        return search
    }

    @Test("It is what all images together are found to have", arguments: [Likelihood.bernoulli, .gaussian()])
    func agrees(likelihood: Likelihood) throws {
        let fixture = try PosteriorFixture.load(likelihood)
        let model = try fixture.model(likelihood)
        let all = try ExactInference(model, pool: WorkerPool(threads: 2))
            .posteriors(of: fixture.pixels, count: PosteriorFixture.count)
        let lattice = try lattice(model)
        let size = fixture.pixels.count / PosteriorFixture.count
        for (image, expected) in all.enumerated() {
            let found = search(Array(fixture.pixels[image * size..<(image + 1) * size]), in: lattice)
            let posterior = try #require(found.posterior)
            // Small: there is a little mass beyond where the lattice ends.
            #expect(abs(posterior.negativeLogEvidence - expected.negativeLogEvidence) < 1e-3)
            #expect(abs(posterior.approximationGap - expected.approximationGap) < 1e-3)
            let total = found.map.logMasses.reduce(0.0) { $0 + Double(exponential($1)) }
            #expect(abs(total - 1) < 1e-3)
        }
    }

    @Test("A posterior far narrower than the lattice is found, its mass and its mode in their square")
    func narrow() throws {
        let model = try linearModel(weights: [100, 0, 0, 100])
        let place = SIMD2(0.7312, -1.0877)
        let pixels = [place.x * 100, place.y * 100].map(Float.init)
        let found = search(pixels, in: try lattice(model))
        let posterior = try #require(found.posterior)
        #expect(abs(posterior.approximationGap) < 0.01)
        #expect(abs(found.map.mode.x - place.x) < 0.01 && abs(found.map.mode.y - place.y) < 0.01)
        let side = PosteriorMap.side
        let (column, row) = (Int((place.x + 6) * 16), Int((place.y + 6) * 16))
        let masses = found.map.logMasses
        #expect(masses.max() == masses[row * side + column])
        #expect(masses[row * side + column] > -0.2)
        #expect(!posterior.reachesEdge)
    }

    @Test("What lies beyond the lattice is told")
    func edge() throws {
        let lattice = try lattice(linearModel(weights: [10, 0, 0, 10]))
        #expect(search([49, 0], in: lattice).posterior?.reachesEdge == true)
        #expect(search([10, 0], in: lattice).posterior?.reachesEdge == false)
    }

    @Test("Weights that are no numbers end the search without an answer")
    func notFinite() throws {
        let found = search([1, 1], in: try lattice(linearModel(weights: [.nan, 0, 0, 1])))
        #expect(found.isFinished && found.posterior == nil)
    }

    @Test("There is no lattice for other than two latents")
    func otherLatents() throws {
        let model = try linearModel(weights: [1, 0, 0, 0, 1, 0], latents: 3)
        #expect(PosteriorLattice(model, pool: WorkerPool(threads: 1)) == nil)
    }

    @Test("The quadrature's moments are the Gaussian's")
    func quadrature() {
        let gaussian = PlaneGaussian(mean: SIMD2(0.5, -1), deviation: SIMD2(0.2, 0.05))
        let (points, weights) = gaussian.quadrature
        func mean(_ value: (Double, Double) -> Double) -> Double {
            weights.indices.reduce(0) {
                $0 + weights[$1]
                    * value((Double(points[2 * $1]) - 0.5) / 0.2, (Double(points[2 * $1 + 1]) + 1) / 0.05)
            }
        }
        #expect(abs(mean { _, _ in 1 } - 1) < 1e-12)
        #expect(abs(mean { x, _ in x }) < 1e-5 && abs(mean { _, y in y }) < 1e-5)
        #expect(abs(mean { x, y in x * x * y * y } - 1) < 1e-4)
        #expect(abs(mean { x, _ in x * x * x * x * x * x } - 15) < 1e-3)
        #expect(abs(mean { x, y in x * x * x * x * y * y } - 3) < 1e-3)
    }
}
