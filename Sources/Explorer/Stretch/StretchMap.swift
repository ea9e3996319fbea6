import Cells
import Latent
import Platform

/// The decoder's stretch over a plane as far as it has come: every eighth cell first, then ever finer; or at the places
/// of a few ellipses.
struct StretchMap: Sendable {
    /// All that it depends on, but for the weights and for where the plane lies along the latents that it does not show.
    struct Key: Hashable {
        let grid: PlaneGrid
        let plane: LatentPlane
        let isSparse: Bool
    }

    let key: Key
    /// A point of the plane.
    let base: LatentPoint
    /// Where its samples lie: rectangles of cells within the plane, row by row.
    let samples: TileGrid
    /// The samples that other maps did not know, in the order in which they are asked for.
    let order: [Int]
    /// How many of them, from the first on, make a picture worth looking at.
    private let coarseCount: Int
    /// Sample by sample; nil: not there yet.
    private(set) var values: [PlaneStretch?]
    /// The magnification at each sample, where it is not there yet that of the coarser sample around.
    private(set) var magnifications: [Float]
    /// From the least to the greatest magnification that is drawn apart; nil: there is none yet.
    private(set) var range: ClosedRange<Float>?
    /// How many samples of the order have come.
    private(set) var known = 0
    /// The request under way, and which of the order it began with.
    var request: (number: Int, first: Int)?
    /// When it was asked for first.
    let start: Duration
    /// Whether the model's derivatives cannot be had.
    private(set) var isUnavailable = false

    private static let strides = [(8, 4), (4, 2), (2, 1), (1, 1)]

    /// - Parameter others: maps of the same plane; where their samples lie on this one's they are taken over.
    init(_ key: Key, base: LatentPoint, knowing others: [StretchMap] = [], at time: Duration) {
        self.key = key
        self.base = base
        start = time
        let rect = Rect(column: 0, row: 0, columns: key.grid.columns, rows: key.grid.rows)
        samples = TileGrid(tile: key.isSparse ? Self.ellipseTile(in: rect.size) : Size(columns: 1, rows: 1), in: rect)
        values = Self.values(of: others, on: key, samples)
        magnifications = values.map { key.isSparse ? 0 : $0?.magnification ?? 0 }
        let missing = values.indices.filter { [values] in values[$0] == nil }
        guard !key.isSparse else {
            order = missing
            coarseCount = missing.count
            return
        }
        let levels = Dictionary(grouping: missing) { [samples] in Self.level(of: $0, in: samples) }
        order = Self.strides.indices.flatMap { levels[$0] ?? [] }
        coarseCount = levels[0]?.count ?? 0
        range = Self.range(of: values.compactMap { $0?.magnification })
    }

    /// What others know of a map's samples: those of a window that was moved by whole cells, or zoomed and zoomed back.
    private static func values(of others: [StretchMap], on key: Key, _ samples: TileGrid) -> [PlaneStretch?] {
        var values = [PlaneStretch?](repeating: nil, count: samples.places.count)
        for other in others where other.key.plane == key.plane && other.key.isSparse == key.isSparse {
            guard let moved = key.grid.offset(to: other.key.grid) else { continue }
            // Ellipses stand in tiles of their own, which a move by cells seldom leaves in place.
            guard !key.isSparse || (moved == (0, 0) && other.samples == samples) else { continue }
            for row in 0..<samples.down {
                let otherRow = row + moved.rows
                guard 0..<other.samples.down ~= otherRow else { continue }
                for column in 0..<samples.across where 0..<other.samples.across ~= column + moved.columns {
                    let sample = row * samples.across + column
                    let known = other.values[otherRow * other.samples.across + column + moved.columns]
                    values[sample] = values[sample] ?? known
                }
            }
        }
        return values
    }

    private static func ellipseTile(in size: Size) -> Size {
        size.columns < 80 ? Size(columns: 6, rows: 3) : Size(columns: 8, rows: 4)
    }

    private static func level(of sample: Int, in samples: TileGrid) -> Int {
        let (column, row) = (sample % samples.across, sample / samples.across)
        return strides.firstIndex { column % $0.0 == 0 && row % $0.1 == 0 } ?? strides.count - 1
    }

    var isComplete: Bool { isUnavailable || known == order.count }
    /// Whether there is a picture of the whole, however coarse.
    var isDrawable: Bool { known >= coarseCount }
    var share: Double { Double(known) / Double(max(1, order.count)) }

    /// The places on the plane that are still wanted, in their order.
    var missingPlaces: [LatentPoint] {
        order[known...].map { sample in
            let rect = samples.places[sample]
            return key.grid.point(
                column: Float(rect.column) + Float(rect.columns) / 2, row: Float(rect.row) + Float(rect.rows) / 2)
        }
    }

    /// - Parameters:
    ///   - stretches: those of the request's points from `first` on; none at all: they cannot be had.
    mutating func take(_ stretches: [PlaneStretch], first: Int) {
        guard let request, request.first + first == known else { return }
        isUnavailable = stretches.isEmpty
        for (sample, stretch) in zip(order[known...], stretches) {
            values[sample] = stretch
            known += 1
            if !key.isSparse { fill(around: sample, with: stretch.magnification) }
        }
        if isComplete { self.request = nil }
        if !key.isSparse { range = Self.range(of: values.compactMap { $0?.magnification }) }
    }

    /// Finer samples come later, so whatever lies behind a sample as far as the next of its level is not there yet.
    private mutating func fill(around sample: Int, with magnification: Float) {
        let (column, row) = (sample % samples.across, sample / samples.across)
        let stride = Self.strides[Self.level(of: sample, in: samples)]
        for below in row..<min(samples.down, row + stride.1) {
            for beside in column..<min(samples.across, column + stride.0) {
                let other = below * samples.across + beside
                if values[other] == nil || other == sample { magnifications[other] = magnification }
            }
        }
    }

    // MARK: What is drawn

    /// Where a decoder is saturated it is next to nothing, and down there a logarithm would see structure in rounding.
    private static func range(of magnifications: [Float]) -> ClosedRange<Float>? {
        let known = magnifications.filter(\.isFinite)
        guard let greatest = known.max(), greatest > 0, let least = known.min() else { return nil }
        return max(least, greatest * leastShare)...greatest
    }

    private static let leastShare: Float = 1e-3

    /// The stretch from which on ellipses have their full size: nine in ten are below it. Where there are no data a few
    /// may be far above, and would leave nothing to be seen of the rest.
    var fullStretch: Float {
        let sorted = values.compactMap { $0?.along }.filter(\.isFinite).sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count * 9 / 10]
    }

    /// The magnifications on a logarithmic scale, 0…1.
    var tones: [Float] {
        guard let range, range.upperBound > range.lowerBound else { return magnifications.map { _ in 0.5 } }
        let extent = logarithm(Double(range.upperBound / range.lowerBound))
        return magnifications.map { value in
            guard value.isFinite, value > range.lowerBound else { return 0 }
            return Float(logarithm(Double(value / range.lowerBound)) / extent)
        }
    }
}
