import Cells
import Latent
import Pictures
import Shading

extension Shared {
    /// The map on the plane's cells; nothing as long as there is none of the whole.
    func drawStretch(_ map: StretchMap, into canvas: inout Canvas) {
        guard map.isDrawable, !map.isUnavailable else { return }
        if map.key.isSparse {
            drawEllipses(map, into: &canvas)
        } else {
            let picture = Picture(width: map.samples.across, height: map.samples.down, values: map.tones)
            heatMap.draw(picture, into: &canvas, rect: Rect(canvas.size))
        }
    }

    /// What a small circle becomes in image space: long where and along which images change fast. Its size grows with
    /// the root of the stretch, so that slow places are seen too; its proportions are exact.
    private func drawEllipses(_ map: StretchMap, into canvas: inout Canvas) {
        let full = map.fullStretch
        guard full > 0 else { return }
        var dots = DotGrid(canvas.size, glyphs: theme.dotGlyphs)
        // A cell's width is 1.
        let dotExtent = SIMD2(
            1 / Float(dots.glyphs.columns), Float(theme.profile.cellRatio) / Float(dots.glyphs.rows))
        for (rect, value) in zip(map.samples.places, map.values) {
            guard let value, value.along.isFinite, value.along > 0 else { continue }
            let room = SIMD2(Float(rect.columns), Float(rect.rows) * Float(theme.profile.cellRatio))
            let middle = SIMD2(Float(rect.column), Float(rect.row) * Float(theme.profile.cellRatio)) + room / 2
            let half = (room.min() / 2 - dotExtent.max() / 2) * min(1, value.along / full).squareRoot()
            let long = SIMD2(value.direction.x, -value.direction.y) * half
            let short = SIMD2(value.direction.y, value.direction.x) * half * (value.across / value.along)
            for spot in PlaneOverlay.circle {
                let dot = (middle + long * spot.x + short * spot.y) / dotExtent
                guard dot.x >= 0, dot.y >= 0 else { continue }
                dots.set(column: Int(dot.x), row: Int(dot.y), rank: 0)
            }
        }
        dots.draw(into: &canvas, column: 0, row: 0, styles: [theme.text])
    }

    /// What the map's tones mean, for the plane's lower border.
    func stretchLegend(_ map: StretchMap) -> [Span] {
        guard map.isDrawable else { return [] }
        let type = theme.typography
        if map.key.isSparse {
            return [Span(" full length from \(type.rounded(map.fullStretch)) ", theme.faint)]
        }
        guard let range = map.range else { return [] }
        var ramp = Canvas(Size(columns: 8, rows: 1))
        let tones = Picture(width: 16, height: 1, values: (0..<16).map { Float($0) / 15 })
        heatMap.draw(tones, into: &ramp, rect: Rect(ramp.size))
        return [Span(" \(type.rounded(range.lowerBound)) ", theme.faint)]
            + ramp.cells.map { Span(String($0.glyph), $0.style) }
            + [Span(" \(type.rounded(range.upperBound)) ", theme.faint)]
    }
}

extension Typography {
    /// Two digits that count: "0.034", "3.4", "340", "3,400".
    func rounded(_ value: Float) -> String {
        if abs(value) >= 1_000, abs(value) < 1e9 { return count(Int(abs(value).rounded())) }
        let digits = abs(value) >= 9.95 ? 0 : abs(value) >= 0.995 ? 1 : min(4, Self.digits(for: abs(value)) + 1)
        return unsigned(value, digits: digits)
    }
}
