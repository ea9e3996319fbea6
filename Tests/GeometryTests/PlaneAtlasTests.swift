import Latent
import Neural
import Testing

@testable import Geometry

@Suite("Atlases of a plane")
struct PlaneAtlasTests {
    private func complete(
        _ space: DecodedSpace, over window: PlaneWindow = .prior, cells: Int = 8
    ) throws -> PlaneAtlas {
        var atlas = try #require(
            PlaneAtlas(of: space, over: window, sides: [.init(cells: cells, refinement: 2)]))
        while !atlas.isComplete(under: .plain) { atlas.advance(in: space, under: .plain) }
        return atlas
    }

    @Test("Of a linear decoder every place has the decoder's own metric")
    func linear() throws {
        let space = try SmallSpaces.space(SmallSpaces.linear(latents: 2))
        let field = try #require(try complete(space, over: PlaneWindow(-1...1, -0.5...0.5)).field(under: .plain))
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
        let field = try #require(try complete(space, cells: 24).field(under: .plain))
        let line = try LatentPath.straight(from: LatentPoint(-2, -1), to: LatentPoint(1.5, 2), segments: 60)
        let curve = FieldCurve(line.points.map(SIMD2.init), in: field)
        let length = try space.length(of: line)
        #expect(abs(curve.length - length) < 0.02 * length)
    }

    @Test("The slopes of a field are what differences come to")
    func slopes() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let field = try #require(try complete(space, cells: 12).field(under: .plain))
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
        let field = try #require(try complete(space, cells: 12).field(under: .plain))
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
                of: space, over: .prior,
                sides: [.init(cells: 6, refinement: 2), .init(cells: 24, refinement: 2)]))
        var wasUsableEarly = false
        while !atlas.isComplete(under: .plain) {
            let before = space.decodes
            atlas.advance(in: space, under: .plain)
            #expect(space.decodes - before <= 64)
            wasUsableEarly = wasUsableEarly || atlas.isUsable(under: .plain) && !atlas.isComplete(under: .plain)
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

    @Test("Strips of cells on several threads come to what one thread finds, to the last bit")
    func threads() throws {
        let model = try SmallSpaces.curved(latents: 2)
        let fields = try [1, 3].map { threads in
            let space = DecodedSpace(model, pool: WorkerPool(threads: threads))
            return try #require(try complete(space, cells: 21).field(under: .plain))
        }
        for row in 0..<fields[0].rows {
            for column in 0..<fields[0].columns { #expect(fields[0][column, row] == fields[1][column, row]) }
        }
    }

    @Test("Under a density the same map is each cell times the factor there, and is made without decoding")
    func density() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        var atlas = try complete(space, cells: 40)
        let plain = try #require(atlas.field(under: .plain))
        let before = space.decodes
        for codes: [Float] in [[0, 0, 0.4, 0.1, -0.3, 0.2], [2, 1, 2.4, 1.1]] {
            let density = try #require(LatentDensity(codes: codes, dimension: 2, bandwidth: 1))
            let metric = LatentMetric.densityAware(density)
            // Of the last density's field nothing is left.
            #expect(!atlas.isUsable(under: metric))
            while !atlas.isComplete(under: metric) { atlas.advance(in: space, under: metric) }
            let field = try #require(atlas.field(under: metric))
            for (column, row) in [(3, 4), (40, 41), (77, 79)] {
                let place = field.origin + field.spacing * (SIMD2(Double(column), Double(row)) + 0.5)
                let factor = density.factor(at: [Float(place.x), Float(place.y)]).value
                #expect(abs(Double(field[column, row].x) / Double(plain[column, row].x) / factor - 1) < 0.05)
            }
        }
        #expect(space.decodes == before && atlas.isComplete(under: .plain))
    }

    @Test("An atlas of another weighting, or one that doesn't reach both ends, is passed over")
    func foreign() throws {
        let space = try SmallSpaces.space(SmallSpaces.curved(latents: 2))
        let atlas = try complete(space, over: PlaneWindow(-1...1, -1...1))
        let (inside, outside) = (LatentPoint(0.5, 0.5), LatentPoint(0.5, 2))
        #expect(atlas.field(between: inside, LatentPoint(0, 0), in: space, under: .plain) != nil)
        #expect(atlas.field(between: inside, outside, in: space, under: .plain) == nil)
        #expect(atlas.field(between: inside, LatentPoint(0, 0), in: space, under: .fisher) == nil)
        let other = try SmallSpaces.space(SmallSpaces.curved(latents: 3))
        #expect(PlaneAtlas(of: other) == nil)
    }
}
