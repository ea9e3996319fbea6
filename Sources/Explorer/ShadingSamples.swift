import Cells
import Pictures
import Shading

/// One line of each shading: what the terminal's font makes of it.
enum ShadingSamples {
    private static let width = 24

    static func lines(_ palette: Palette, _ theme: Theme, keyColumns: Int) -> [[Span]] {
        // Waves that run aslant show the parts of a cell, and grow lighter to the right.
        let (columns, rows) = (2 * width, 6)
        let waves = Picture(
            width: columns, height: rows,
            values: (0..<rows * columns).map { pixel in
                let (x, y) = (Float(pixel % columns), Float(pixel / columns))
                let phase = (x + 0.8 * y) / 7
                let wave = abs(2 * (phase - phase.rounded(.down)) - 1)
                return min(1, max(0, 1.6 * wave - 0.9 + 0.9 * x / Float(columns)))
            })
        return Shader.modes(for: theme.profile).map { mode in
            var canvas = Canvas(Size(columns: width, rows: 1))
            Shader(mode: mode, palette: palette, profile: theme.profile)
                .draw(waves, into: &canvas, rect: Rect(canvas.size))
            let gap = String(repeating: " ", count: max(1, keyColumns - mode.rawValue.count))
            return [Span(mode.rawValue + gap, theme.strong)] + canvas.cells.map { Span(String($0.glyph), $0.style) }
        }
    }
}
