import Latent
import Neural
import Testing

@testable import Geometry

@Suite("Atlases of a plane")
struct PlaneAtlasTests {
    private func complete(
        _ space: DecodedSpace, over window: PlaneWindow = .prior, under metric: LatentMetric = .plain, cells: Int = 8
    ) throws -> PlaneAtlas {
        var atlas = try #require(
            PlaneAtlas(of: space, over: window, under: metric, sides: [.init(cells: cells, refinement: 2)]))
        while !atlas.isComplete { atlas.advance(in: space) }
        return atlas
    }

    @Test("Of a linear decoder every place has the decoder's own metric")
    func linear() throws {
        let space = try SmallSpaces.space(SmallSpaces.linear(latents: 2))
        let field = try #require(try complete(space, over: PlaneWindow(-1...1, -0.5...0.5)).field)
        let exact = try space.metrics(at: [LatentPoint(0.2, 0.1)])
        for place in [SIMD2(0.2, 0.1), SIMD2(-0.97, 0.49), SIMD2(3, -3)] {
            let found = field.metric(at: place)
            let entries = [found.value.x, found.value.y, found.value.z]
            #expect(zip(entries, [exact[0], exact[1], exact[3]]).allSatisfy { abs($0 - $1) < 1e-3 * exact[0] })
            #expect((found.slopes.0 * found.slopes.0).sum() < 1e-3)
        }
        #expect(field.columns == 16 && field.rows == 8)
    }

    @Test("Of a curved decoder a field's lengths are nearly those of the images")
    func curved() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let field = try #require(try complete(space, cells: 24).field)
        let line = try LatentPath.straight(from: LatentPoint(-2, -1), to: LatentPoint(1.5, 2), segments: 60)
        let curve = FieldCurve(line.points.map(SIMD2.init), in: field)
        let length = try space.length(of: line)
        #expect(abs(curve.length - length) < 0.02 * length)
    }

    @Test("The slopes of a field are what differences come to")
    func slopes() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let field = try #require(try complete(space, cells: 12).field)
        let (place, step) = (SIMD2(0.31, -0.77), 1e-4)
        let found = field.metric(at: place).slopes
        let across = field.metric(at: place + SIMD2(step, 0)).value - field.metric(at: place - SIMD2(step, 0)).value
        let up = field.metric(at: place + SIMD2(0, step)).value - field.metric(at: place - SIMD2(0, step)).value
        for entry in 0..<3 {
            #expect(abs(found.0[entry] - across[entry] / (2 * step)) < 1e-4)
            #expect(abs(found.1[entry] - up[entry] / (2 * step)) < 1e-4)
        }
    }

    @Test("A curve in a field only grows shorter, and ends are where they were")
    func shorter() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let field = try #require(try complete(space, cells: 12).field)
        let points = (0...30).map { index -> SIMD2<Double> in
            let t = Double(index) / 30
            return SIMD2(4 * t - 2, 6 * t * (t - 1))
        }
        var curve = FieldCurve(points, in: field)
        let first = curve.length
        while !curve.isFinished { curve.advance() }
        #expect(curve.length < first)
        #expect(curve.points[0] == points[0])
        #expect(curve.points[30] == points[30])
    }

    @Test("No piece takes more than 64 decodes; a search with it starts without any, and finds as short a path")
    func pieces() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        var atlas = try #require(
            PlaneAtlas(
                of: space, over: .prior, under: .plain,
                sides: [.init(cells: 6, refinement: 2), .init(cells: 24, refinement: 2)]))
        var wasUsableEarly = false
        while !atlas.isComplete {
            let before = space.decodes
            atlas.advance(in: space)
            #expect(space.decodes - before <= 64)
            wasUsableEarly = wasUsableEarly || atlas.isUsable && !atlas.isComplete
        }
        #expect(wasUsableEarly && atlas.progress == 1)
        let (start, end) = (LatentPoint(-2, -1), LatentPoint(2, 1.5))
        func search(_ atlas: PlaneAtlas?) throws -> (length: Double, decodes: Int) {
            let before = space.decodes
            var search = try GeodesicSearch(from: start, to: end, in: space, atlas: atlas)
            while !search.isFinished { search.advance(in: space) }
            return (try #require(search.length), space.decodes - before)
        }
        let (with, without) = (try search(atlas), try search(nil))
        #expect(with.length < 1.005 * without.length && with.decodes < without.decodes)
    }

    @Test("An atlas of another metric, or one that doesn't reach both ends, is passed over")
    func foreign() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let atlas = try complete(space, over: PlaneWindow(-1...1, -1...1))
        let (inside, outside) = (LatentPoint(0.5, 0.5), LatentPoint(0.5, 2))
        #expect(atlas.serves(inside, LatentPoint(0, 0), in: space, under: .plain))
        #expect(!atlas.serves(inside, outside, in: space, under: .plain))
        #expect(!atlas.serves(inside, LatentPoint(0, 0), in: space, under: .fisher))
        let other = try SmallSpaces.space(SmallSpaces.curved(latents: 3))
        #expect(PlaneAtlas(of: other) == nil)
    }
}
