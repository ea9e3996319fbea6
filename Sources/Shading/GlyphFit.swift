import Cells

/// Draws samples with ASCII glyphs in a foreground and a background, all three chosen for the smallest squared error.
///
/// A part that a glyph inks by c shows c·foreground + (1 − c)·background, so for one glyph the best colors follow by
/// linear regression of the cell's values on the glyph's ink.
struct GlyphFit<Colors: Inks> {
    typealias Value = Colors.Value

    let inks: Colors

    /// What a cell shows.
    private struct Choice {
        var glyph: Unicode.Scalar = " "
        var foreground: Value
        var background: Value
    }

    /// - Parameter samples: `[3 · rect.rows, 2 · rect.columns]`.
    func draw(_ samples: [Value], into canvas: inout Canvas, rect: Rect) {
        let stride = rect.columns * GlyphInk.columns
        var values = [Value](repeating: .zero, count: GlyphInk.partCount)
        let few = inks.few
        for row in 0..<rect.rows {
            for column in 0..<rect.columns {
                let first = row * GlyphInk.rows * stride + column * GlyphInk.columns
                for part in 0..<GlyphInk.partCount {
                    values[part] = samples[first + part / GlyphInk.columns * stride + part % GlyphInk.columns]
                }
                let choice = few.isEmpty ? regression(values) : search(values, few: few)
                canvas[rect.column + column, rect.row + row] = cell(choice)
            }
        }
    }

    private func cell(_ choice: Choice) -> Cell {
        let (foreground, background) = (inks.color(of: choice.foreground), inks.color(of: choice.background))
        if choice.glyph == " " || foreground == background { return Cell(" ", Style(.standard, on: background)) }
        return Cell(choice.glyph, Style(foreground, on: background))
    }

    /// The best glyph and colors where there are colors enough for any mean.
    private func regression(_ values: [Value]) -> Choice {
        let total = values.reduce(.zero, +)
        let mean = total * (1 / Float(values.count))
        var best = Choice(foreground: mean, background: mean)
        let flatError = values.reduce(0) { $0 + ($1 - mean).squaredLength }
        // Less than a step of 240 in any part is not worth a glyph.
        guard flatError > 6e-5 else { return best }
        var leastError = flatError
        for shape in GlyphShape.all {
            var slope = Value.zero
            for part in 0..<GlyphInk.partCount { slope = slope + values[part] * shape.direction[part] }
            // No colors can take more from the error than the slope's square.
            guard flatError - slope.squaredLength < leastError else { continue }
            let contrast = slope * (1 / shape.length)
            let background = mean - contrast * shape.mean
            let fit = Choice(glyph: shape.glyph, foreground: background + contrast, background: background)
            if fit.foreground.isInUnit && fit.background.isInUnit {
                (best, leastError) = (fit, flatError - slope.squaredLength)
                continue
            }
            for limited in limited(fit, shape, values, total: total) {
                let error = error(values, shape, limited)
                if error < leastError { (best, leastError) = (limited, error) }
            }
        }
        return best
    }

    /// The candidates for the best colors within 0…1 where the regression's are beyond: the best foregrounds on black
    /// and on white, the best backgrounds for black and for white. (The error is convex, so for tones one of them is
    /// the best; for colors, whose channels may differ in this, the regression's limited colors are tried as well.)
    private func limited(_ fit: Choice, _ shape: GlyphShape, _ values: [Value], total: Value) -> [Choice] {
        var inked = Value.zero
        for part in 0..<GlyphInk.partCount { inked = inked + values[part] * shape.ink[part] }
        let paper = total - inked
        func foreground(on background: Value) -> Value {
            ((inked - background * shape.products) * (1 / shape.inkSquares)).limitedToUnit
        }
        func background(under foreground: Value) -> Value {
            ((paper - foreground * shape.products) * (1 / shape.paperSquares)).limitedToUnit
        }
        let (black, white) = (Value.zero, Value.one)
        let pairs = [
            (foreground(on: black), black), (foreground(on: white), white), (black, background(under: black)),
            (white, background(under: white)), (fit.foreground.limitedToUnit, fit.background.limitedToUnit),
        ]
        return pairs.map { Choice(glyph: shape.glyph, foreground: $0.0, background: $0.1) }
    }

    private func error(_ values: [Value], _ shape: GlyphShape, _ choice: Choice) -> Float {
        var error: Float = 0
        for part in 0..<GlyphInk.partCount {
            let shown = choice.background + (choice.foreground - choice.background) * shape.ink[part]
            error += (values[part] - shown).squaredLength
        }
        return error
    }

    /// The best glyph and colors among a handful of colors: each is tried as the background of each glyph.
    ///
    /// With the values' sums over ink (F) and paper (B), and the glyph's own sums over ink² (ff), ink·paper (bf) and
    /// paper² (bb), the squared error is Σv² − 2(f·F + b·B) + ff·f² + 2·bf·f·b + bb·b².
    private func search(_ values: [Value], few: [Value]) -> Choice {
        let total = values.reduce(.zero, +)
        let count = Float(values.count)
        let flat = inks.nearest(total * (1 / count))
        var best = Choice(foreground: flat, background: flat)
        var leastError = count * flat.squaredLength - 2 * flat.dot(total)
        for shape in GlyphShape.all {
            var inked = Value.zero
            for part in 0..<GlyphInk.partCount { inked = inked + values[part] * shape.ink[part] }
            let paper = total - inked
            for background in few {
                let backgroundError = shape.paperSquares * background.squaredLength - 2 * background.dot(paper)
                // The error is a parabola in the foreground; the nearest color to its lowest point is the best.
                let lowest = (inked - background * shape.products) * (1 / shape.inkSquares)
                let foreground = inks.nearest(lowest)
                let error =
                    backgroundError + shape.inkSquares * foreground.squaredLength
                    + 2 * (shape.products * foreground.dot(background) - foreground.dot(inked))
                if error < leastError - 1e-5 {
                    leastError = error
                    best = Choice(glyph: shape.glyph, foreground: foreground, background: background)
                }
            }
        }
        return best
    }
}

/// A glyph's ink, with what its fit needs of it.
private struct GlyphShape {
    let glyph: Unicode.Scalar
    /// The ink of each part; two unused lanes.
    let ink: SIMD8<Float>
    let mean: Float
    /// The ink less its mean, scaled to the length 1.
    let direction: SIMD8<Float>
    /// The length before scaling.
    let length: Float
    // Sums over the parts of ink², ink·paper and paper², where paper is what the ink leaves.
    let inkSquares: Float
    let products: Float
    let paperSquares: Float

    static let all = GlyphInk.ascii.compactMap(GlyphShape.init)

    init?(_ ink: GlyphInk) {
        let mean = ink.parts.reduce(0, +) / Float(GlyphInk.partCount)
        let length = ink.parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
        // A glyph that inks all parts alike shows no more than a space does.
        guard length > 0.01 else { return nil }
        var (parts, direction) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        for part in ink.parts.indices {
            parts[part] = ink.parts[part]
            direction[part] = (ink.parts[part] - mean) / length
        }
        glyph = ink.glyph
        self.ink = parts
        self.mean = mean
        self.length = length
        self.direction = direction
        inkSquares = ink.parts.reduce(0) { $0 + $1 * $1 }
        products = ink.parts.reduce(0) { $0 + $1 * (1 - $1) }
        paperSquares = ink.parts.reduce(0) { $0 + (1 - $1) * (1 - $1) }
    }
}
