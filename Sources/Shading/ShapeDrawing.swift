import Cells

/// Draws contrasts with the ASCII glyphs whose shapes come nearest: in each cell the glyph with the least squared
/// distance between what its 2×3 parts ink and what they should.
struct ShapeDrawing {
    let pen: Pen

    /// Letters ink a quarter of a cell at most; so much their ink counts when it is compared with contrasts up to 1.
    /// Measured on digits: 4 and 5 keep less of the picture (by correlation).
    private static let gain: Float = 4.5

    /// What each glyph's parts count, in the order of ``GlyphInk/ascii``; two unused lanes.
    private static let shapes: [SIMD8<Float>] = GlyphInk.ascii.map { ink in
        var shape = SIMD8<Float>.zero
        for part in 0..<GlyphInk.partCount { shape[part] = gain * ink.parts[part] }
        return shape
    }

    /// - Parameter contrasts: `[3 · rect.rows, 2 · rect.columns]`, each 0…1.
    func draw(_ contrasts: [Float], into canvas: inout Canvas, rect: Rect) {
        let stride = rect.columns * GlyphInk.columns
        for row in 0..<rect.rows {
            for column in 0..<rect.columns {
                let first = row * GlyphInk.rows * stride + column * GlyphInk.columns
                var wanted = SIMD8<Float>.zero
                for part in 0..<GlyphInk.partCount {
                    wanted[part] = contrasts[first + part / GlyphInk.columns * stride + part % GlyphInk.columns]
                }
                canvas[rect.column + column, rect.row + row] = pen.cell(ShapeDrawing.nearest(wanted))
            }
        }
    }

    private static func nearest(_ wanted: SIMD8<Float>) -> Unicode.Scalar {
        var (best, leastDistance) = (0, Float.infinity)
        for (index, shape) in shapes.enumerated() {
            let difference = shape - wanted
            let distance = (difference * difference).sum()
            if distance < leastDistance { (best, leastDistance) = (index, distance) }
        }
        return GlyphInk.ascii[best].glyph
    }
}
