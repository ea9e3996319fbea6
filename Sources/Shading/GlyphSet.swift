/// Glyphs to choose from, by how much of each part of a cell they ink, with all that a choice needs of them.
///
/// A glyph in a foreground f on a background b shows b + (f − b)·ink. With s, what is wanted of each part as an eye sees
/// it, and the sums S = ink·s and T = paper·s (paper is what ink leaves), the error is
/// ``inkSquares``·f² + 2·``products``·f·b + ``paperSquares``·b² − 2·(S·f + T·b), up to a constant.
final class GlyphSet: Sendable {
    struct Glyph: Sendable {
        let glyph: Unicode.Scalar
        /// The ink of each part in 0…1; unused lanes are 0.
        let ink: SIMD16<Float>
        /// How the ink varies within the parts: the mean over the cell of its squared distance from the part's mean.
        let unevenness: Float
        /// The place of its sum over the ink among those of ``GlyphSums``.
        let slot: Int

        init(_ glyph: Unicode.Scalar, ink: [Float], unevenness: Float = 0, slot: Int) {
            self.glyph = glyph
            var lanes = SIMD16<Float>.zero
            for part in ink.indices { lanes[part] = ink[part] }
            (self.ink, self.unevenness, self.slot) = (lanes, unevenness, slot)
        }
    }

    /// What a glyph's error depends on.
    struct Weights: Sendable {
        let inkSquares: Float
        let products: Float
        let paperSquares: Float
        // The inverse of the matrix of these three.
        let inverseInk: Float
        let inverseProduct: Float
        let inversePaper: Float

        fileprivate init(inkSquares: Float, products: Float, paperSquares: Float) {
            (self.inkSquares, self.products, self.paperSquares) = (inkSquares, products, paperSquares)
            let determinant = inkSquares * paperSquares - products * products
            // A glyph that inks all parts alike shows no more than a space does.
            let inverse = determinant > 1e-5 * inkSquares * paperSquares ? 1 / determinant : 0
            (inverseInk, inversePaper) = (paperSquares * inverse, inkSquares * inverse)
            inverseProduct = -products * inverse
        }
    }

    let columns: Int
    let rows: Int
    let eye: Eye
    let sums: GlyphSums
    /// The glyphs that divide a cell, without the space.
    let glyphs: [Glyph]
    /// In the order of the glyphs.
    let weights: [Weights]
    /// For each slot of ``sums``, the place among the glyphs; −1 where none has it.
    let indices: [Int]
    let bounds: GlyphBounds
    /// The ink of the space and of each glyph, `[1 + glyphs, parts]`.
    let inks: [Float]
    /// The error of a glyph in 1 where 0 is wanted, by slot; infinite where there is no glyph.
    let inkSquares: [SIMD4<Float>]
    /// The error of painting the whole cell with 1 where 0 is wanted.
    let wholeSquares: Float
    /// How much an error counts in the part itself, beside what an eye sees of it.
    let sharpness: Float

    var count: Int { columns * rows }

    init(columns: Int, rows: Int, sums: GlyphSums, sharpness: Float, glyphs: [Glyph]) {
        (self.columns, self.rows, self.sums, self.sharpness, self.glyphs) = (columns, rows, sums, sharpness, glyphs)
        eye = Eye(columns: columns, rows: rows)
        let count = columns * rows
        var common = eye.common(columns: columns, rows: rows)
        for part in 0..<count { common[part * count + part] += sharpness }
        func product(_ left: SIMD16<Float>, _ right: SIMD16<Float>) -> Float {
            var sum: Float = 0
            for row in 0..<count {
                for column in 0..<count { sum += left[row] * common[row * count + column] * right[column] }
            }
            return sum
        }
        var whole = SIMD16<Float>.zero
        for part in 0..<count { whole[part] = 1 }
        wholeSquares = product(whole, whole)
        let weights = glyphs.map { glyph in
            let uneven = sharpness * glyph.unevenness * Float(count)
            let paper = whole - glyph.ink
            return Weights(
                inkSquares: product(glyph.ink, glyph.ink) + uneven, products: product(glyph.ink, paper) - uneven,
                paperSquares: product(paper, paper) + uneven)
        }
        var indices = [Int](repeating: -1, count: sums.count)
        for (index, glyph) in glyphs.enumerated() { indices[glyph.slot] = index }
        (self.weights, self.indices) = (weights, indices)
        inkSquares = inFours(indices.map { $0 < 0 ? .infinity : weights[$0].inkSquares })
        inks = Array(repeating: 0, count: count) + glyphs.flatMap { glyph in (0..<count).map { glyph.ink[$0] } }
        bounds = GlyphBounds(indices.map { $0 < 0 ? nil : weights[$0] })
    }
}

extension GlyphSet {
    /// Glyphs that ink each part or not.
    ///
    /// - Parameters:
    ///   - isPaired: whether a glyph and its negative are one, because both colors are free; the one whose last part is
    ///     inked stays: some terminals draw ▄ themselves and take ▀ from the font.
    convenience init(_ parts: SubcellGlyphs, isPaired: Bool, sharpness: Float) {
        let all = (1 << parts.count) - 1
        let first = isPaired ? 1 << (parts.count - 1) : 1
        self.init(
            columns: parts.columns, rows: parts.rows, sums: .masks(parts.count, ink: 1),
            sharpness: sharpness,
            glyphs: (first...(isPaired ? all - 1 : all)).map { mask in
                Glyph(parts.glyphs[mask], ink: (0..<parts.count).map { mask & (1 << $0) != 0 ? 1 : 0 }, slot: mask)
            })
    }

    /// Quadrants and eighths in parts of a quarter: an odd eighth inks half of a column or row of them.
    convenience init(blocksPaired isPaired: Bool, sharpness: Float) {
        let masks = isPaired ? Array(8..<15) : Array(1...15)
        func ink(_ share: (_ column: Int, _ row: Int) -> Float) -> [Float] {
            (0..<16).map { share($0 % 4, $0 / 4) }
        }
        let quadrants = masks.map { mask in
            Glyph(
                SubcellGlyphs.quadrants.glyphs[mask], ink: ink { mask & (1 << ($1 / 2 * 2 + $0 / 2)) != 0 ? 1 : 0 },
                slot: mask)
        }
        // Half of a quarter of the cell is inked by halves: ¼ of it varies by ½².
        func unevenness(_ eighths: Int) -> Float { eighths % 2 == 0 ? 0 : 0.0625 }
        func share(_ eighths: Int, _ quarter: Int) -> Float { min(1, max(0, Float(eighths) / 2 - Float(quarter))) }
        // The fourth eighths are ▄ and ▌, which are quadrants too.
        let eighths = (1...7).filter { $0 != 4 }
        let lower = eighths.map { eighths in
            Glyph(
                Unicode.Scalar(0x2580 + UInt32(eighths))!, ink: ink { share(eighths, 3 - $1) },
                unevenness: unevenness(eighths), slot: 15 + eighths)
        }
        let left = eighths.map { eighths in
            Glyph(
                Unicode.Scalar(0x2590 - UInt32(eighths))!, ink: ink { column, _ in share(eighths, column) },
                unevenness: unevenness(eighths), slot: 23 + eighths)
        }
        self.init(columns: 4, rows: 4, sums: .blocks, sharpness: sharpness, glyphs: quadrants + lower + left)
    }

    /// Braille dots, which ink less than half of their parts.
    convenience init(dotsWithSharpness sharpness: Float) {
        let dots = SubcellGlyphs.dots
        let ink = SubcellGlyphs.dotInk
        self.init(
            columns: dots.columns, rows: dots.rows, sums: .masks(dots.count, ink: ink), sharpness: sharpness,
            glyphs: (1...255).map { mask in
                Glyph(
                    dots.glyphs[mask], ink: (0..<dots.count).map { mask & (1 << $0) != 0 ? ink : 0 },
                    unevenness: Float(mask.nonzeroBitCount) / 8 * ink * (1 - ink), slot: mask)
            })
    }

    /// Exclamation mark to tilde.
    convenience init(asciiWithSharpness sharpness: Float) {
        let inks = GlyphInk.ascii.dropFirst()
        let glyphs = inks.enumerated().map { slot, ink in
            Glyph(ink.glyph, ink: ink.parts, unevenness: ink.unevenness, slot: slot)
        }
        let byPart = (0..<GlyphInk.partCount).flatMap { part in inFours(glyphs.map { $0.ink[part] }) }
        self.init(
            columns: GlyphInk.columns, rows: GlyphInk.rows, sums: .inks(byPart),
            sharpness: sharpness, glyphs: glyphs)
    }
}
