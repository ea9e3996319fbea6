/// A band around a curve in a field, cut across at stations: the shortest way along it is found among the ways that go from a
/// place at one station to a place at the next (dynamic programming). It sees over the ridges between a curve and a shorter one
/// that lies aside, which no small change sees. A way's directions are few: where the field is much longer across a way than
/// along it, its length is some percent too long, less so in a finer band.
struct Ribbon {
    /// How a ribbon is cut across.
    struct Band {
        /// From one station to the next, and between two places of one, in units of z.
        let stride: Double
        let step: Double
        /// Places on either side of the curve.
        let side: Int
        /// By how many places a way may move aside from one station to the next.
        let shift: Int
        /// 1: all cells of the field count; 2: every other.
        let cells: Float
        fileprivate var places: Int { 2 * side + 1 }
    }

    /// A place at each station, ends included.
    let points: [SIMD2<Double>]
    /// The length of the way from each to the next.
    let segments: [Double]
    var length: Double { segments.reduce(0, +) }

    /// The shortest way along a curve's ribbon.
    ///
    /// - Parameters:
    ///   - curve: two points or more.
    ///   - band: how the ribbon is cut.
    init(along curve: [SIMD2<Double>], _ band: Band, in field: MetricField) {
        let distances = zip(curve, curve.dropFirst()).map { (($0 - $1) * ($0 - $1)).sum().squareRoot() }
        let count = max(4, min(160, Int((distances.reduce(0, +) / band.stride).rounded())))
        let stations = curve.resampled(segments: count, steps: distances)
        let rows = stations.indices.map { Ribbon.row(at: $0, of: stations, band, in: field) }
        var totals = [0.0]
        var origins: [[Int]] = []
        for (from, to) in zip(rows, rows.dropFirst()) {
            let next = Ribbon.advanced(totals, from: from, to: to, band, in: field)
            totals = next.totals
            origins.append(next.origins)
        }
        var place = 0
        var points = [stations[count]]
        for (row, origin) in zip(rows, origins).reversed() {
            place = origin[place]
            points.append(row[place])
        }
        self.points = points.reversed()
        segments = zip(self.points, self.points.dropFirst()).map { field.length(from: $0, to: $1) }
    }

    /// The places of a station; an end is one.
    private static func row(
        at station: Int, of stations: [SIMD2<Double>], _ band: Band, in field: MetricField
    ) -> [SIMD2<Double>] {
        guard station > 0, station < stations.count - 1 else { return [stations[station]] }
        let along = stations[min(stations.count - 1, station + 2)] - stations[max(0, station - 2)]
        let norm = (along * along).sum().squareRoot()
        let across = norm > 0 ? band.step / norm * SIMD2(-along.y, along.x) : SIMD2(0, band.step)
        return (-band.side...band.side).map { field.nearest(to: stations[station] + Double($0) * across) }
    }

    /// The shortest ways to the places of the next station.
    private static func advanced(
        _ totals: [Double], from: [SIMD2<Double>], to: [SIMD2<Double>], _ band: Band, in field: MetricField
    ) -> (totals: [Double], origins: [Int]) {
        // All places of a station are reached from its neighbor's if that is an end.
        let isInner = from.count == band.places && to.count == band.places
        var result = (totals: [Double](), origins: [Int]())
        for index in to.indices {
            let range =
                isInner ? max(0, index - band.shift)...min(band.places - 1, index + band.shift) : 0...from.count - 1
            var best = (total: Double.infinity, origin: range.lowerBound)
            for origin in range {
                let total = totals[origin] + field.length(from: from[origin], to: to[index], stride: band.cells)
                if total < best.total { best = (total, origin) }
            }
            result.totals.append(best.total)
            result.origins.append(best.origin)
        }
        return result
    }
}

extension Ribbon.Band {
    /// Around a way over corners.
    static let wide = Ribbon.Band(stride: 0.06, step: 0.0125, side: 16, shift: 6, cells: 2)
    /// Around a curve that no small change makes shorter, with finer directions.
    static let fine = Ribbon.Band(
        stride: 0.06, step: 0.006, side: 24, shift: 16, cells: 1)
}

extension [SIMD2<Double>] {
    /// The same polyline in equal steps, where its segments are as long as somebody says.
    func resampled(segments count: Int, steps: [Double]) -> [SIMD2<Double>] {
        LatentPath(coordinates: flatMap { [Float($0.x), Float($0.y)] }, dimension: 2)
            .resampled(segments: count, steps: steps).points.map(SIMD2.init)
    }
}
