import Latent
import VAE

/// How a ``MetricField`` is made: a coarse lattice of points is decoded row by row, a finer one is filled in between by cubic
/// convolution (Keys 1981) of the decoder's outputs, which bend much less than the pixels after them, and each fine cell's
/// metric follows from how the images at its corners differ.
///
/// With sides u and v of a cell of side h: uu = mean ‖u‖²/h², vv = mean ‖v‖²/h², and uv = mean u · mean v/h². It is exact for a
/// decoder that is linear in the cell. Only a few rows are in memory.
struct FieldSurvey: Sendable {
    /// Fine cells along a coarse one's side.
    private let refinement: Int

    private let origin: SIMD2<Double>
    private let spacing: Double
    /// Coarse cells.
    private let columns: Int
    private let rows: Int
    private let map: ImageMap
    private var cells: [SIMD4<Float>] = []
    /// The decoder's outputs at the points of the last rows; the last may be unfinished.
    private var decoded: [Row] = []
    /// How many coarse points are done.
    private var points = 0
    /// The fine cells of the coarse row that is filled, and how many coarse cells of it are.
    private var band: [SIMD4<Float>] = []
    private var filled = 0

    private struct Row: Sendable {
        let number: Int
        /// `[points, kept]`
        var outputs: [Float] = []
    }

    /// - Parameters:
    ///   - window: what the cells cover.
    ///   - side: how many coarse cells lie along its longer side.
    ///   - refinement: how many fine cells lie along a coarse one's side.
    init(
        over window: PlaneWindow, side: Int, refinement: Int, in space: DecodedSpace,
        _ weighting: LatentMetric.Weighting
    ) {
        self.refinement = refinement
        let extent = SIMD2(Double(window.span.0), Double(window.span.1))
        spacing = max(extent.x, extent.y) / Double(side)
        let cells = (extent / spacing - 1e-6).rounded(.up)
        columns = max(1, Int(cells.x))
        rows = max(1, Int(cells.y))
        origin = SIMD2(window.center) - spacing * SIMD2(Double(columns), Double(rows)) / 2
        map = space.map(weighting)
    }

    private var fineColumns: Int { columns * refinement }

    /// The number of points that are left to decode.
    var remaining: Int { (columns + 1) * (rows + 1) - points }

    /// What was found, once every cell is known.
    var field: MetricField? {
        guard cells.count == fineColumns * rows * refinement else { return nil }
        return MetricField(
            cells, columns: fineColumns, origin: origin, spacing: spacing / Double(refinement))
    }

    /// Does a piece of the work: some decodes, or some coarse cells' fine ones, which takes no longer than 64.
    mutating func advance(in space: DecodedSpace, decodes: Int) {
        // The rows around the next cells: one below, two above, as far as there are any.
        let isThere = points >= (min(rows, row + 2) + 1) * (columns + 1)
        if isThere { fill(in: space) } else { decode(decodes, in: space) }
    }

    /// The coarse row that is filled next.
    private var row: Int { cells.count / (fineColumns * refinement) }

    private mutating func decode(_ count: Int, in space: DecodedSpace) {
        let range = points..<points + min(remaining, count)
        let places = range.flatMap { point -> [Float] in
            let place = origin + spacing * SIMD2(Double(point % (columns + 1)), Double(point / (columns + 1)))
            return [Float(place.x), Float(place.y)]
        }
        let found = space.outputs(at: places)
        for (index, point) in range.enumerated() {
            if point % (columns + 1) == 0 {
                // Those below the row that is filled next and its neighbor aren't wanted any more.
                decoded.removeAll { [row] in $0.number < row - 1 }
                decoded.append(Row(number: point / (columns + 1)))
                decoded[decoded.count - 1].outputs.reserveCapacity(
                    (columns + 1) * min(space.elements, FieldSurvey.mostKept))
            }
            let image = FieldSurvey.sketch(found[index * space.elements..<(index + 1) * space.elements])
            decoded[decoded.count - 1].outputs += image
        }
        points = range.upperBound
    }

    /// An image of more numbers is kept as means of neighbors: there are thousands of them.
    private static let mostKept = 1024

    private static func sketch(_ image: ArraySlice<Float>) -> ArraySlice<Float> {
        let group = (image.count + mostKept - 1) / mostKept
        guard group > 1 else { return image }
        let means = stride(from: image.startIndex, to: image.endIndex, by: group).map { first in
            let part = image[first..<min(image.endIndex, first + group)]
            return part.reduce(0, +) / Float(part.count)
        }
        return means[...]
    }

    /// Fine points whose images a piece makes at most: about as long as 64 decodes.
    private static let mostImages = 1200

    /// Fills in the next cells of the row, strips of them on the threads of the space's pool.
    private mutating func fill(in space: DecodedSpace) {
        if cells.isEmpty { cells.reserveCapacity(fineColumns * rows * refinement) }
        if band.isEmpty { band = Array(repeating: .zero, count: fineColumns * refinement) }
        let strips = max(1, FieldSurvey.mostImages / (FieldStrip.most * refinement * (refinement + 1)))
        let range = filled..<min(columns, filled + strips * FieldStrip.most)
        let around = (row - 1...row + 2).compactMap { number in
            decoded.first { $0.number == max(0, min(rows, number)) }?.outputs
        }
        fill(range, between: around, in: space)
        filled = range.upperBound
        guard filled == columns else { return }
        cells += band
        filled = 0
    }

    /// - Parameter rows: the coarse rows around, four.
    private mutating func fill(_ range: Range<Int>, between around: [[Float]], in space: DecodedSpace) {
        let kept = around[0].count / (columns + 1)
        let size = FieldStrip.scratch(kept: kept, refinement: refinement)
        let scratch = (0..<space.pool.threads).map { _ in Workspace(size) }
        let side = Float(spacing) / Float(refinement)
        let starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: FieldStrip.most))
        FieldSurvey.withPointers(to: around) { pointers in
            let around = FieldStrip.Around(
                rows: pointers, columns: columns, kept: kept, isFirst: row == 0, isLast: row == rows - 1)
            band.withUnsafeMutableBufferPointer { band in
                guard let band = band.baseAddress else { return }
                space.pool.forEach(starts.count) { [refinement, map] item, worker in
                    let cells = starts[item]..<min(range.upperBound, starts[item] + FieldStrip.most)
                    FieldStrip(cells, of: around, refinement: refinement, map)
                        .fill(band, side: side, scratch: scratch[worker].pointer)
                }
            }
        }
    }

    private static func withPointers(
        to rows: [[Float]],
        _ body: ((UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)) -> Void
    ) {
        rows[0].withUnsafeBufferPointer { a in
            rows[1].withUnsafeBufferPointer { b in
                rows[2].withUnsafeBufferPointer { c in
                    rows[3].withUnsafeBufferPointer { d in
                        guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress,
                            let d = d.baseAddress
                        else { return }
                        body((a, b, c, d))
                    }
                }
            }
        }
    }
}
