import Foundation
import Latent
import Neural
import Testing
import VAE

@testable import Geometry

@Suite("The pull-back metric")
struct DecodedSpaceTests {
    @Test("Metric and magnification of the shipped model are PyTorch's")
    func shippedModel() throws {
        let space = try SmallSpaces.space(SmallSpaces.shipped())
        let fixture = try GeodesicFixture.load()
        let points = fixture.points.map { LatentPoint($0.point) }
        let axes = (LatentPoint(1, 0), LatentPoint(0, 1))
        let plain = try space.planeMetrics(at: points, along: axes.0, axes.1)
        let fisher = try space.planeMetrics(at: points, along: axes.0, axes.1, under: .fisher)
        #expect(points.count == 6)
        for (index, expected) in fixture.points.enumerated() {
            let scale = 1e-3 * (expected.plain[0] + expected.plain[2])
            #expect(isClose([plain[index].uu, plain[index].uv, plain[index].vv], expected.plain, within: scale))
            let wider = 1e-3 * (expected.fisher[0] + expected.fisher[2])
            #expect(isClose([fisher[index].uu, fisher[index].uv, fisher[index].vv], expected.fisher, within: wider))
            #expect(abs(plain[index].magnification - expected.magnification) < 2e-3 * expected.magnification + 1e-3)
        }
    }

    @Test("Of a linear decoder it is WᵀW everywhere, and over σ² by Fisher's information")
    func linear() throws {
        let model = try SmallSpaces.model(
            latents: 2, image: [1, 1, 3], likelihood: .gaussian(.fixed(0.25)),
            decoder: [.linear(inputs: 2, outputs: 3, bias: true), .unflatten(Shape([1, 1, 3]))],
            tensors: ["decoder.0.weight": Tensor(extents: [3, 2], values: [1, 2, 0, 1, -1, 3])])
        let space = try SmallSpaces.space(model)
        let points = [LatentPoint(0, 0), LatentPoint(5, -3)]
        #expect(isClose(try space.metrics(at: points), [2, -1, -1, 14, 2, -1, -1, 14], within: 1e-5))
        #expect(isClose(try space.metrics(at: points, under: .fisher), [8, -4, -4, 56, 8, -4, -4, 56], within: 1e-4))
    }

    @Test("In the plane of two directions it is the metric between them")
    func planeOfDirections() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 5))
        let point = LatentPoint([0.1, -0.4, 0.7, 0.2, -0.3])
        let (u, v) = (LatentPoint([1, 0, 2, 0, -1]), LatentPoint([0, 0.5, 0, 1, 1]))
        let whole = try space.metrics(at: [point])
        func product(_ a: LatentPoint, _ b: LatentPoint) -> Double {
            var sum = 0.0
            for index in 0..<25 { sum += Double(a[index / 5]) * whole[index] * Double(b[index % 5]) }
            return sum
        }
        let plane = try space.planeMetrics(at: [point], along: u, v)[0]
        #expect(isClose([plane.uu, plane.uv, plane.vv], [product(u, u), product(u, v), product(v, v)], within: 1e-4))
        let area = (product(u, u) * product(v, v) - product(u, v) * product(u, v)).squareRoot()
        #expect(abs(plane.magnification - area) < 1e-4)
    }

    @Test("The direction of the greatest stretch is an eigenvector")
    func stretch() {
        for metric in [
            PlaneMetric(uu: 3, uv: 1, vv: 2), PlaneMetric(uu: 1, uv: -2, vv: 9), PlaneMetric(uu: 4, uv: 0, vv: 1),
            PlaneMetric(uu: 1, uv: 0, vv: 4),
        ] {
            let (direction, along, across) = metric.stretch
            let image = SIMD2(
                metric.uu * direction.x + metric.uv * direction.y, metric.uv * direction.x + metric.vv * direction.y)
            #expect(abs(image.x - along * along * direction.x) < 1e-12)
            #expect(abs(image.y - along * along * direction.y) < 1e-12)
            #expect(abs(along * across - metric.magnification) < 1e-12)
            #expect(abs(metric.length(of: direction.x, direction.y) - along) < 1e-12)
        }
        #expect(PlaneMetric(uu: 1, uv: 0, vv: 1).stretch.direction == SIMD2(1, 0))
    }

    @Test("Where data are thin the metric is larger")
    func density() throws {
        let space = try SmallSpaces.space(SmallSpaces.linear(latents: 2))
        let density = try #require(LatentDensity(codes: [0, 0, 0.1, 0, 0, 0.1, -0.1, 0], dimension: 2))
        let points = [LatentPoint(0, 0), LatentPoint(3, 3)]
        let plain = try space.metrics(at: points)
        let aware = try space.metrics(at: points, under: .densityAware(density))
        #expect(isClose(Array(aware.suffix(4)), plain.suffix(4).map { 101 * $0 }, within: 1e-3))
        #expect(aware[0] < 1.2 * plain[0])
    }

    @Test("A plane's metric can be had of a space of any number of latents")
    func planeOfMany() throws {
        let model = try SmallSpaces.linear(latents: 40)
        let weights = try #require(model.tensors["decoder.0.weight"]).values
        func axis(_ place: Int) -> LatentPoint { LatentPoint((0..<40).map { $0 == place ? 1 : 0 }) }
        let metric = try #require(
            SmallSpaces.space(model).planeMetrics(
                at: [LatentPoint(Array(repeating: 0.1, count: 40))], along: axis(7), axis(33)
            ).first)
        func product(_ one: Int, _ other: Int) -> Double {
            (0..<12).reduce(0) { $0 + Double(weights[40 * $1 + one] * weights[40 * $1 + other]) }
        }
        #expect(
            isClose([metric.uu, metric.uv, metric.vv], [product(7, 7), product(7, 33), product(33, 33)], within: 1e-5))
    }

    @Test("Lengths in a free range are those of pictures in 0…1")
    func freeRange() throws {
        let network = try Network(
            sequential: [.linear(inputs: 1, outputs: 2), .unflatten(Shape([1, 1, 2]))], input: Shape([1]),
            name: "decoder")
        let architecture = try Architecture(
            encoder: nil, decoder: Architecture.Part(network, roles: [.latent]), pixelRange: .free, likelihood: nil)
        let model = try Model(
            architecture: architecture,
            tensors: [
                "decoder.0.weight": Tensor(extents: [2, 1], values: [0.003, 0.004]),
                "decoder.0.bias": Tensor(extents: [2], values: [-0.9, 0.9]),
            ])
        // From −1 to 1 is 0 to 1 of a picture.
        let metrics = try DecodedSpace(model, pool: WorkerPool(threads: 1)).metrics(at: [LatentPoint([0.5])])
        #expect(isClose(metrics, [0.0025 * 0.0025], within: 1e-10))
    }

    @Test("Points of other spaces, or without a place, are refused")
    func refusals() throws {
        let space = try SmallSpaces.space(SmallSpaces.linear(latents: 2))
        #expect(throws: GeometryError.wrongDimension(found: 3, expected: 2)) {
            try space.metrics(at: [LatentPoint([0, 0, 0])])
        }
        #expect(throws: GeometryError.notFinite) { try space.metrics(at: [LatentPoint(0, .nan)]) }
        #expect(throws: GeometryError.notFinite) {
            try space.planeMetrics(at: [LatentPoint(0, 0)], along: LatentPoint(.infinity, 0), LatentPoint(0, 1))
        }
        let many = try SmallSpaces.space(SmallSpaces.linear(latents: 33))
        let origin = LatentPoint(Array(repeating: 0, count: 33))
        #expect(throws: GeometryError.tooManyLatents(33)) { try many.metrics(at: [origin]) }
        #expect(throws: GeometryError.tooManyLatents(33)) { try GeodesicSearch(from: origin, to: origin, in: many) }
        #expect(try space.metrics(at: []) == [])
    }
}

func isClose(_ one: [Double], _ other: [Double], within tolerance: Double) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= tolerance }
}
