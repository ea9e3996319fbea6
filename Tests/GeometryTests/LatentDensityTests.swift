import Latent
import Testing

@testable import Geometry

@Suite("Density of the data")
struct LatentDensityTests {
    private let codes = (0..<400).map { Float($0 * 7919 % 601) / 200 - 1.5 }

    @Test("The gradient of the factor is what differences come to", arguments: [1, 2, 4])
    func gradient(dimension: Int) throws {
        let density = try #require(LatentDensity(codes: codes, dimension: dimension, bandwidth: 0.6))
        let point = [Float](repeating: 0.4, count: dimension)
        let found = density.factor(at: point[...]).gradient
        for axis in 0..<dimension {
            var (further, nearer) = (point, point)
            further[axis] += 0.01
            nearer[axis] -= 0.01
            let step = Double(further[axis]) - Double(nearer[axis])
            let difference = (density.factor(at: further[...]).value - density.factor(at: nearer[...]).value) / step
            #expect(abs(found[axis] - difference) < 2e-2 * abs(difference) + 1e-4)
        }
        #expect(found.contains { abs($0) > 1e-3 })
    }

    @Test("Far from all data the factor is 1 + 1/ε, and flat")
    func far() throws {
        let density = try #require(LatentDensity(codes: codes, dimension: 2, floor: 0.1))
        let found = density.factor(at: [90, -90])
        #expect(abs(found.value - 11) < 1e-9)
        #expect(found.gradient == [0, 0])
    }

    @Test("Many codes are thinned, those that are no numbers passed over, and none are no density")
    func choosesCodes() throws {
        #expect(LatentDensity(codes: [], dimension: 2) == nil)
        #expect(LatentDensity(codes: [.nan, 0], dimension: 2) == nil)
        #expect(LatentDensity(codes: [0, 0], dimension: 2, floor: 0) == nil)
        let one = try #require(LatentDensity(codes: [1, 2, .infinity, 0], dimension: 2))
        #expect(abs(one.factor(at: [1, 2]).value - 1) < 1e-6)
        let many = (0..<10_000).map { Float($0 % 100) / 100 }
        let thinned = try #require(LatentDensity(codes: many, dimension: 2))
        #expect(thinned.factor(at: [0.5, 0.5]).value < 2)
    }

    @Test("Data in the order of their classes lose no class when they are thinned", arguments: [5_000, 10_000, 60_000])
    func thinned(count: Int) throws {
        // Ten classes in turn, each at a place of its own.
        let codes = (0..<count).map { Float($0 % 10) }
        let density = try #require(LatentDensity(codes: codes, dimension: 1, bandwidth: 0.2))
        let factors = (0..<10).map { density.factor(at: [Float($0)]).value }
        #expect((factors.max() ?? 0) / (factors.min() ?? 1) < 1.2)
    }

    @Test("Between two heaps the factor is great, though a bandwidth for all of the codes would bridge the gap")
    func gap() throws {
        var generator = SeededGenerator(seed: 4)
        let codes = (0..<2_000).flatMap { (index: Int) -> [Float] in
            [Float(index % 2) + 0.05 * generator.nextNormal(), 0.05 * generator.nextNormal()]
        }
        let density = try #require(LatentDensity(codes: codes, dimension: 2))
        #expect(density.bandwidth < 0.6 * scottBandwidth(of: Array(codes.prefix(2_048)), dimension: 2))
        #expect(density.factor(at: [0.5, 0]).value > 20)
        #expect(density.factor(at: [0, 0]).value < 1)
    }

    @Test("Codes upon each other, as those on a lattice, leave a bandwidth that is smooth enough to search by")
    func lattice() throws {
        let codes = (0..<4_000).flatMap { (index: Int) -> [Float] in [Float(index % 5), Float(index / 5 % 5)] }
        let density = try #require(LatentDensity(codes: codes, dimension: 2))
        #expect(density.bandwidth > 0.2 * scottBandwidth(of: Array(codes.prefix(2_048)), dimension: 2))
    }
}
