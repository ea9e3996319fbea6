/// How the sums of values over the ink of all glyphs of a set are found with few additions.
///
/// Values are numbers here, one component of a color at a time, so that the processor adds several at once.
enum GlyphSums: Sendable {
    /// A sum for each mask of so many parts, of which glyphs ink a share.
    case masks(Int, ink: Float)
    /// Of 4×4 parts: a sum for each mask of the quarters, then the lower eighths, then the left ones.
    case blocks
    /// Each glyph's own: the ink of each part, `[parts, fours of glyphs]`.
    case inks([SIMD4<Float>])

    /// The number of sums, at most 256 and a multiple of four: some may belong to no glyph.
    var count: Int {
        switch self {
        case .masks(let parts, _): 1 << parts
        case .blocks: 32
        case .inks(let inks): inks.count / GlyphInk.partCount * 4
        }
    }

    /// - Parameters:
    ///   - sums: ``count`` of them; overwritten.
    ///   - values: one for each part.
    func fill(_ sums: UnsafeMutablePointer<SIMD4<Float>>, _ values: UnsafePointer<Float>) {
        switch self {
        case .masks(let parts, let ink):
            let (first, second) = (values[0] * ink, values[1] * ink)
            sums[0] = SIMD4(0, first, second, first + second)
            for part in 2..<max(2, parts) { GlyphSums.double(sums, 1 << (part - 2), values[part] * ink) }
        case .blocks: GlyphSums.fillBlocks(sums, values)
        case .inks(let inks):
            let fours = inks.count / GlyphInk.partCount
            for four in 0..<fours {
                var sum = SIMD4<Float>.zero
                for part in 0..<GlyphInk.partCount { sum += inks[part * fours + four] * values[part] }
                sums[four] = sum
            }
        }
    }

    /// The sums of the masks that have one part more than those before.
    private static func double(_ sums: UnsafeMutablePointer<SIMD4<Float>>, _ fours: Int, _ value: Float) {
        for four in 0..<fours { sums[fours + four] = sums[four] + value }
    }

    private static func fillBlocks(_ sums: UnsafeMutablePointer<SIMD4<Float>>, _ values: UnsafePointer<Float>) {
        func quarter(_ first: Int) -> Float {
            values[first] + values[first + 1] + (values[first + 4] + values[first + 5])
        }
        let (first, second) = (quarter(0), quarter(2))
        sums[0] = SIMD4(0, first, second, first + second)
        double(sums, 1, quarter(8))
        double(sums, 2, quarter(10))
        var (lower, left) = (Float.zero, Float.zero)
        for half in 0..<2 {
            var (rows, columns) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
            for quarter in 0..<2 {
                let (row, column) = (12 - 4 * (2 * half + quarter), 2 * half + quarter)
                let halfRow = (values[row] + values[row + 1] + (values[row + 2] + values[row + 3])) * 0.5
                let halfColumn =
                    (values[column] + values[column + 4] + (values[column + 8] + values[column + 12])) * 0.5
                (rows[2 * quarter], columns[2 * quarter]) = (lower + halfRow, left + halfColumn)
                (lower, left) = (lower + halfRow * 2, left + halfColumn * 2)
                (rows[2 * quarter + 1], columns[2 * quarter + 1]) = (lower, left)
            }
            (sums[4 + half], sums[6 + half]) = (rows, columns)
        }
    }
}

/// What is wanted of a cell, as an eye sees it.
struct Wanted<Value: Sample> {
    /// The sum over all parts.
    let whole: Value
    /// The sums over each glyph's ink, by slot, four at a time: `[components, fours]`.
    let sums: UnsafeMutablePointer<SIMD4<Float>>
    /// Room for a number for each slot.
    let numbers: UnsafeMutablePointer<SIMD4<Float>>
    let fours: Int

    func inked(_ slot: Int) -> Value { Value { sums[$0 * fours + slot / 4][slot % 4] } }
    func number(_ slot: Int) -> Float { numbers[slot / 4][slot % 4] }
}

/// How small the error of each glyph could be if there were all colors, by slot.
///
/// With S and T the sums over ink and paper, W = S + T, and the inverse of the matrix of ``GlyphSet/Weights``, what
/// a glyph gains is a square form in S and T; in S and W it needs two products instead of three.
struct GlyphBounds: Sendable {
    private let squares: [SIMD4<Float>]
    private let products: [SIMD4<Float>]
    private let rest: [SIMD4<Float>]

    /// - Parameter weights: of the glyph in each slot; nil where there is none, whose bound is 0.
    init(_ weights: [GlyphSet.Weights?]) {
        squares = inFours(weights.map { $0.map { $0.inverseInk + $0.inversePaper - 2 * $0.inverseProduct } ?? 0 })
        products = inFours(weights.map { $0.map { 2 * ($0.inverseProduct - $0.inversePaper) } ?? 0 })
        rest = inFours(weights.map { $0?.inversePaper ?? 0 })
    }

    /// Writes what no colors can make an error smaller than into the numbers of what is wanted.
    func fill<Value: Sample>(_ wanted: Wanted<Value>) {
        let (sums, fours, wholeSquare) = (wanted.sums, wanted.fours, wanted.whole.squaredLength)
        for four in 0..<fours {
            var (square, product) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
            for component in 0..<Value.components {
                let sum = sums[component * fours + four]
                square += sum * sum
                product += sum * wanted.whole.component(component)
            }
            let gain = squares[four] * square + products[four] * product + rest[four] * wholeSquare
            wanted.numbers[four] = SIMD4.zero - gain
        }
    }
}

/// Numbers in fours, with zeros at the end where they are not a multiple of that.
func inFours(_ numbers: [Float]) -> [SIMD4<Float>] {
    stride(from: 0, to: numbers.count, by: 4).map { first in
        var four = SIMD4<Float>.zero
        for index in first..<min(first + 4, numbers.count) { four[index - first] = numbers[index] }
        return four
    }
}
