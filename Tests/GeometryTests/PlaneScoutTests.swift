import Foundation
import Latent
import Neural
import Testing

@testable import Geometry

@Suite("First guesses in a plane")
struct PlaneScoutTests {
    private static let pool = WorkerPool(threads: 3)

    /// The shortest way along a ribbon, and its length.
    private func way(
        along curve: [SIMD2<Double>], _ band: Ribbon.Band, in field: MetricField
    ) -> (points: [SIMD2<Double>], length: Double) {
        var ribbon = Ribbon(along: curve, band, in: field)
        while !ribbon.isComplete { ribbon.advance(7, on: Self.pool) }
        return (ribbon.way.points, ribbon.way.segments.reduce(0, +))
    }

    /// A square −2…2 whose cells are long in some places.
    private func field(cells: Int = 160, _ length: (SIMD2<Double>) -> Double) -> MetricField {
        let spacing = 4 / Double(cells)
        let values = (0..<cells * cells).map { cell -> SIMD4<Float> in
            let place = spacing * (SIMD2(Double(cell % cells), Double(cell / cells)) + 0.5) - 2
            let square = Float(length(place) * length(place))
            return SIMD4(square, 0, square, 0)
        }
        return MetricField(values, columns: cells, origin: SIMD2(-2, -2), spacing: spacing)
    }

    private func ways(_ start: SIMD2<Double>, _ end: SIMD2<Double>, in field: MetricField) throws -> [[SIMD2<Double>]] {
        var search = CorridorSearch(from: start, to: end, in: field)
        while search.ways == nil { search.advance(on: Self.pool) }
        return try #require(search.ways)
    }

    private func scouted(_ start: SIMD2<Double>, _ end: SIMD2<Double>, in field: MetricField) -> PlaneScout {
        var scout = PlaneScout(from: start, to: end, in: field)
        var progress = 0.0
        while !scout.isFinished {
            scout.advance(on: Self.pool)
            #expect(scout.progress >= progress)
            progress = scout.progress
        }
        return scout
    }

    @Test("A field's lengths are those of its cells, beyond it those at the border")
    func lengths() {
        let field = field { $0.x < 0 ? 1 : 3 }
        #expect(abs(field.length(from: SIMD2(-1, 0), to: SIMD2(1, 0)) - 4) < 0.05)
        #expect(abs(field.length(from: SIMD2(-1.5, -1), to: SIMD2(-0.5, 1)) - 5.0.squareRoot()) < 1e-3)
        #expect(abs(field.length(from: SIMD2(3, 0), to: SIMD2(3, 2)) - 6) < 1e-3)
        #expect(field.length(from: SIMD2(0.1, 0.1), to: SIMD2(0.1, 0.1)) == 0)
        #expect(field.length(from: SIMD2(.nan, 0), to: SIMD2(0, 0)) == .infinity)
    }

    @Test("Around a hill ways go on both sides, the shorter first")
    func corridors() throws {
        // With a path around it, so that no two ways are equally short.
        let hill = field { place in
            let far = ((place - SIMD2(0, 0.05)) * (place - SIMD2(0, 0.05))).sum().squareRoot()
            return far < 0.8 ? 8 : 1 + 2 * abs(far - 0.9)
        }
        let (start, end) = (SIMD2(-1.5, 0), SIMD2(1.5, 0))
        let found = try ways(start, end, in: hill)
        #expect(found.allSatisfy { $0.first == start && $0.last == end })
        let heights = found.map { way in way.map(\.y).max { abs($0) < abs($1) } ?? 0 }
        #expect(heights[0] < -0.5 && heights.contains { $0 > 0.7 })
    }

    @Test("A ribbon holds the shortest way near a curve")
    func ribbon() {
        // A valley along a wave.
        let valley = field { place in 1 + 40 * abs(place.y - 0.12 * sin(3 * place.x)) }
        let line = [SIMD2(-1.5, 0.125), SIMD2(1.5, -0.125)]
        let ribbon = way(along: line, .wide, in: valley)
        #expect(ribbon.points.first == line[0] && ribbon.points.last == line[1])
        #expect(ribbon.length < 0.6 * valley.length(from: line[0], to: line[1]))
        for place in ribbon.points.dropFirst(4).dropLast(4) {
            #expect(abs(place.y - 0.12 * sin(3 * place.x)) < 0.03)
        }
    }

    @Test("Where a field is much longer across a way than along it a finer ribbon comes closer to the shortest way")
    func fineRibbon() {
        // Along a wave a step is as long as it is, across it twelve times as long.
        let spacing = 0.0125
        let cells = (0..<320 * 320).map { cell -> SIMD4<Float> in
            let slope = 0.36 * cos(3 * (spacing * (Double(cell % 320) + 0.5) - 2))
            let (along, across) = (SIMD2(1, slope), SIMD2(-slope, 1))
            let norm = 1 + slope * slope
            func entry(_ i: Int, _ j: Int) -> Float {
                Float((along[i] * along[j] + 144 * across[i] * across[j]) / norm)
            }
            return SIMD4(entry(0, 0), entry(0, 1), entry(1, 1), 0)
        }
        let stream = MetricField(cells, columns: 320, origin: SIMD2(-2, -2), spacing: spacing)
        let line = [SIMD2(-1.5, 0.12 * sin(-4.5)), SIMD2(1.5, 0.12 * sin(4.5))]
        let (wide, fine) = (way(along: line, .wide, in: stream), way(along: line, .fine, in: stream))
        let length = (0..<3000).reduce(0.0) { sum, index in
            let slope = 0.36 * cos(3 * (Double(index) + 0.5) / 1000 - 4.5)
            return sum + (1 + slope * slope).squareRoot() / 1000
        }
        #expect(wide.length < 1.2 * length && fine.length < 0.98 * wide.length && fine.length > 0.999 * length)
    }

    @Test("Of two valleys with a ridge between them the shorter is found, however the other begins")
    func valleys() throws {
        let ridges = field { place in
            let (near, far) = (abs(place.y + 0.3), abs(place.y - 0.9))
            return min(1.3 + 10 * near, 1 + 10 * far)
        }
        let scout = scouted(SIMD2(-1.9, 0), SIMD2(1.9, 0), in: ridges)
        let best = try #require(scout.candidates.first)
        let middle = best.points[best.points.count / 2].y
        // Both valleys' lengths by a fine polyline.
        func length(_ y: Double) -> Double {
            let bends = [SIMD2(-1.9, 0), SIMD2(-1.7, y), SIMD2(1.7, y), SIMD2(1.9, 0)]
            return zip(bends, bends.dropFirst()).reduce(0) { $0 + ridges.length(from: $1.0, to: $1.1) }
        }
        #expect(abs(middle - (length(-0.3) < length(0.9) ? -0.3 : 0.9)) < 0.05)
        #expect(best.length < min(length(-0.3), length(0.9)))
    }

    @Test("What is found does not depend on the number of threads")
    func threads() throws {
        let waves = field { place in 1.5 + sin(5 * place.x) * cos(4 * place.y) }
        let found = [1, 3].map { threads in
            let pool = WorkerPool(threads: threads)
            var scout = PlaneScout(from: SIMD2(-1.5, -1), to: SIMD2(1.6, 1.2), in: waves)
            while !scout.isFinished { scout.advance(on: pool) }
            return scout.candidates.map(\.points)
        }
        #expect(!found[0].isEmpty && found[0] == found[1])
    }
}
