import Neural

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

    private let field: MetricField
    private let band: Band
    /// The places of each station; an end is one.
    private let rows: [[SIMD2<Double>]]
    /// The shortest ways to the places of the station that was reached last.
    private var totals = [0.0]
    /// Of each station that was reached, from which place of the one before its places are.
    private var origins: [[Int]] = []

    /// - Parameters:
    ///   - curve: two points or more.
    ///   - band: how the ribbon is cut.
    init(along curve: [SIMD2<Double>], _ band: Band, in field: MetricField) {
        (self.band, self.field) = (band, field)
        let distances = zip(curve, curve.dropFirst()).map { (($0 - $1) * ($0 - $1)).sum().squareRoot() }
        let count = max(4, min(160, Int((distances.reduce(0, +) / band.stride).rounded())))
        let stations = curve.resampled(segments: count, steps: distances)
        rows = stations.indices.map { Ribbon.row(at: $0, of: stations, band, in: field) }
    }

    /// Whether the shortest way is found.
    var isComplete: Bool { origins.count == rows.count - 1 }

    /// Goes on to the next few stations.
    mutating func advance(_ stations: Int, on pool: WorkerPool) {
        for station in origins.count + 1..<min(rows.count, origins.count + 1 + stations) {
            let next = advanced(from: rows[station - 1], to: rows[station], on: pool)
            totals = next.map(\.total)
            origins.append(next.map(\.origin))
        }
    }

    /// The shortest way along the ribbon, and the length from each of its points to the next.
    var way: (points: [SIMD2<Double>], segments: [Double]) {
        var place = 0
        var points = rows.last ?? []
        for (row, origin) in zip(rows, origins).reversed() {
            place = origin[place]
            points.append(row[place])
        }
        points.reverse()
        return (points, zip(points, points.dropFirst()).map { field.length(from: $0, to: $1) })
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

    private struct Arrival {
        var total = Double.infinity
        var origin = 0
    }

    /// Places that a thread takes at a time.
    private static let share = 6

    /// The shortest ways to the places of the next station.
    private func advanced(from: [SIMD2<Double>], to: [SIMD2<Double>], on pool: WorkerPool) -> [Arrival] {
        var result = Array(repeating: Arrival(), count: to.count)
        result.withUnsafeMutableBufferPointer { result in
            let arrivals = result
            pool.forEach((to.count + Ribbon.share - 1) / Ribbon.share) { item, _ in
                for index in item * Ribbon.share..<min(to.count, (item + 1) * Ribbon.share) {
                    arrivals[index] = arrival(at: index, from: from, to: to)
                }
            }
        }
        return result
    }

    private func arrival(at index: Int, from: [SIMD2<Double>], to: [SIMD2<Double>]) -> Arrival {
        // All places of a station are reached from its neighbor's if that is an end.
        let isInner = from.count == band.places && to.count == band.places
        let range =
            isInner ? max(0, index - band.shift)...min(band.places - 1, index + band.shift) : 0...from.count - 1
        var best = Arrival(origin: range.lowerBound)
        for origin in range {
            let total = totals[origin] + field.length(from: from[origin], to: to[index], stride: band.cells)
            if total < best.total { best = Arrival(total: total, origin: origin) }
        }
        return best
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
