import Latent
import VAE

/// How a ``MetricField`` is made: a coarse lattice of points is decoded row by row, a finer one is filled in between by cubic
/// convolution (Keys 1981) of the decoder's outputs, which bend much less than the pixels after them, and each fine cell's
/// metric follows from how far apart the images at its corners are.
///
/// With sides s and diagonals d of a cell of side h: uu = mean s₁²/h², vv = mean s₂²/h², and uv = (d₁² − d₂²)/4h² (the
/// parallelogram law). It is never negative, and exact for a decoder that is linear in the cell. Only a few rows are in memory.
struct FieldSurvey: Sendable {
    /// Fine cells along a coarse one's side.
    private let refinement: Int

    private let origin: SIMD2<Double>
    private let spacing: Double
    /// Coarse cells.
    private let columns: Int
    private let rows: Int
    private let distribution: PixelDistribution
    private var cells: [SIMD4<Float>] = []
    /// The decoder's outputs at the points of the last rows, `[points, kept]` each, and λ² there; the last may be unfinished.
    private var decoded: [Row] = []
    /// How many coarse points, and how many fine rows of points are done.
    private var points = 0
    private var fineRows = 0
    /// The images of the last fine row, `[points, kept]`.
    private var images: [Float] = []

    private struct Row: Sendable {
        let number: Int
        var outputs: [Float] = []
        var factors: [Float] = []
    }

    /// - Parameters:
    ///   - window: what the cells cover.
    ///   - side: how many coarse cells lie along its longer side.
    ///   - refinement: how many fine cells lie along a coarse one's side.
    init(over window: PlaneWindow, side: Int, refinement: Int, in space: DecodedSpace) {
        self.refinement = refinement
        let extent = SIMD2(Double(window.span.0), Double(window.span.1))
        spacing = max(extent.x, extent.y) / Double(side)
        let cells = (extent / spacing - 1e-6).rounded(.up)
        columns = max(1, Int(cells.x))
        rows = max(1, Int(cells.y))
        origin = SIMD2(window.center) - spacing * SIMD2(Double(columns), Double(rows)) / 2
        distribution = space.distribution
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

    /// Does a piece of the work: 64 decodes, or a row of fine cells.
    mutating func advance(in space: DecodedSpace, under metric: LatentMetric) {
        // The rows around the next fine row of points: one below, two above, as far as there are any.
        let row = min(rows - 1, fineRows / refinement)
        let isThere = points >= (min(rows, row + 2) + 1) * (columns + 1)
        if isThere {
            fill(row, ImageMap(metric.weighting, of: distribution))
        } else {
            decode(64, in: space, under: metric)
        }
    }

    private mutating func decode(_ count: Int, in space: DecodedSpace, under metric: LatentMetric) {
        let range = points..<points + min(remaining, count)
        let places = range.flatMap { point -> [Float] in
            let place = origin + spacing * SIMD2(Double(point % (columns + 1)), Double(point / (columns + 1)))
            return [Float(place.x), Float(place.y)]
        }
        let found = space.outputs(at: places)
        for (index, point) in range.enumerated() {
            if point % (columns + 1) == 0 {
                decoded.append(Row(number: point / (columns + 1)))
                // Those below the row that is filled next and its neighbor aren't wanted any more.
                let row = min(rows - 1, fineRows / refinement)
                decoded.removeAll { $0.number < row - 1 }
            }
            let last = decoded.count - 1
            decoded[last].outputs += FieldSurvey.sketch(found[index * space.elements..<(index + 1) * space.elements])
            let factor = metric.density?.factor(at: space.coordinates(index, of: places)).value
            decoded[last].factors.append(Float(factor ?? 1))
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

    /// Makes the next fine row of points, and the cells below it.
    private mutating func fill(_ row: Int, _ map: ImageMap) {
        let share = Float(fineRows - row * refinement) / Float(refinement)
        let around = (row - 1...row + 2).compactMap { number in
            decoded.first { $0.number == max(0, min(rows, number)) }
        }
        let weights = FieldSurvey.weights(share, isFirst: row == 0, isLast: row == rows - 1)
        let next = interpolated(around.map(\.outputs), weights, map)
        if fineRows > 0 {
            // The middle of the cells lies half a fine row lower.
            let middle = share - 0.5 / Float(refinement)
            let (low, high) = middle < 0 ? (around[0], around[1]) : (around[1], around[2])
            let between = middle < 0 ? middle + 1 : middle
            addCells(images, next, zip(low.factors, high.factors).map { $0 + between * ($1 - $0) })
        }
        images = next
        fineRows += 1
    }

    /// The images of a fine row of points from the outputs of four coarse rows.
    private func interpolated(_ around: [[Float]], _ weights: SIMD4<Float>, _ map: ImageMap) -> [Float] {
        let kept = around[0].count / (columns + 1)
        var mixed = [Float](repeating: 0, count: around[0].count)
        for (index, row) in around.enumerated() { add(weights[index], row, to: &mixed) }
        let count = (fineColumns + 1) * kept
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = count
            mixed.withUnsafeBufferPointer { mixed in
                guard let base = mixed.baseAddress, let to = buffer.baseAddress else { return }
                for point in 0...fineColumns {
                    let column = min(columns - 1, point / refinement)
                    let share = Float(point - column * refinement) / Float(refinement)
                    let weights = FieldSurvey.weights(share, isFirst: column == 0, isLast: column == columns - 1)
                    let (a, b) = (base + max(0, column - 1) * kept, base + column * kept)
                    let (c, d) = (b + kept, base + min(columns, column + 2) * kept)
                    let image = to + point * kept
                    for element in 0..<kept {
                        image[element] =
                            weights[0] * a[element] + weights[1] * b[element] + weights[2] * c[element]
                            + weights[3] * d[element]
                    }
                    map.apply(to: image, count: kept, slopes: nil)
                }
            }
        }
    }

    /// Of the four points around a place, `share` of the way from the second to the third. At the border, where the first or
    /// the last is missing, it is taken to lie on a line with its neighbors, and has no weight.
    private static func weights(_ share: Float, isFirst: Bool, isLast: Bool) -> SIMD4<Float> {
        let t = share
        var weights = SIMD4(
            t * (-0.5 + t * (1 - 0.5 * t)), 1 + t * t * (-2.5 + 1.5 * t), t * (0.5 + t * (2 - 1.5 * t)),
            t * t * (-0.5 + 0.5 * t))
        if isFirst { weights = SIMD4(0, weights.y + 2 * weights.x, weights.z - weights.x, weights.w) }
        if isLast { weights = SIMD4(weights.x, weights.y - weights.w, weights.z + 2 * weights.w, 0) }
        return weights
    }

    /// Makes the fine cells between two fine rows of images.
    ///
    /// - Parameter factors: λ² at the coarse columns, half-way up.
    private mutating func addCells(_ low: [Float], _ high: [Float], _ factors: [Float]) {
        let kept = low.count / (fineColumns + 1)
        let side = Float(spacing) / Float(refinement)
        low.withUnsafeBufferPointer { low in
            high.withUnsafeBufferPointer { high in
                guard let low = low.baseAddress, let high = high.baseAddress else { return }
                func square(_ a: UnsafePointer<Float>, _ i: Int, _ b: UnsafePointer<Float>, _ j: Int) -> Float {
                    Float(squaredDistance(a + i * kept, b + j * kept, count: kept))
                }
                var left = square(low, 0, high, 0)
                for column in 0..<fineColumns {
                    let right = square(low, column + 1, high, column + 1)
                    let across = square(low, column, low, column + 1) + square(high, column, high, column + 1)
                    let rising = square(low, column, high, column + 1)
                    let falling = square(low, column + 1, high, column)
                    let scale = factor(column, factors) / (side * side)
                    cells.append(scale * SIMD4(across / 2, (rising - falling) / 4, (left + right) / 2, 0))
                    left = right
                }
            }
        }
    }

    /// λ² in the middle of a fine cell.
    private func factor(_ column: Int, _ factors: [Float]) -> Float {
        let (coarse, rest) = column.quotientAndRemainder(dividingBy: refinement)
        let share = (Float(rest) + 0.5) / Float(refinement)
        return factors[coarse] + share * (factors[coarse + 1] - factors[coarse])
    }
}

private func add(_ factor: Float, _ numbers: [Float], to sum: inout [Float]) {
    for index in sum.indices { sum[index] += factor * numbers[index] }
}
