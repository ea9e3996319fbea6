import Cells
import Pictures
import Shading

/// Samples of colors and glyphs that a person can look at: what is not as its words say is the terminal's or its font's doing.
struct TestCard {
    let theme: Theme
    let palette: Palette
    /// Whether curses shows it, which knows the width of no octant.
    var isOnScreen = false

    private static let nameColumns = 12
    private static let width = 48

    var lines: [[Span]] {
        var lines: [[Span]] = [[Span("test card", theme.accent)], classes(.regular), classes(.strong), attributes, []]
        lines += ramps
        lines.append([])
        lines += glyphs
        lines.append([])
        lines += ShadingSamples.lines(palette, theme, keyColumns: Self.nameColumns)
        lines.append([])
        lines += map
        return lines
    }

    private func named(_ name: String, _ spans: [Span]) -> [Span] {
        let gap = String(repeating: " ", count: max(1, Self.nameColumns - name.unicodeScalars.count))
        return [Span(name + gap, theme.faint)] + spans
    }

    private func classes(_ weight: Theme.Weight) -> [Span] {
        named(
            weight == .strong ? "in bold" : "classes",
            (0..<10).map { Span("\($0)\($0) ", theme.classStyle(UInt8($0), weight)) })
    }

    private var attributes: [Span] {
        let spans: [Span] = [
            Span("plain", theme.text), Span("  "), Span("bold", theme.strong), Span("  "), Span("dim", theme.faint),
            Span("  "), Span("accent", theme.accent), Span("  "), Span("reverse", theme.cursor), Span("  "),
            Span("error", theme.error),
        ]
        return named("text", spans)
    }

    // MARK: Colors

    /// From the least tone to the greatest in each palette, and as shades.
    private var ramps: [[Span]] {
        let ramp = Picture(
            width: 2 * Self.width, height: 1, values: (0..<2 * Self.width).map { Float($0) / Float(2 * Self.width - 1) }
        )
        func line(_ draw: (inout Canvas) -> Void) -> [Span] {
            var canvas = Canvas(Size(columns: Self.width, rows: 1))
            draw(&canvas)
            return spans(canvas, row: 0)
        }
        let palettes: [Palette] = theme.profile.depth == .none ? [.gray] : [.gray, .magma, .viridis]
        let colored = palettes.map { palette in
            let shader = Shader(mode: nil, palette: palette, profile: theme.profile)
            return named(palette.rawValue, line { shader.draw(ramp, into: &$0, rect: Rect($0.size)) })
        }
        let gray = Shader(mode: nil, palette: .gray, profile: theme.profile)
        return colored + [named("shades", line { gray.drawShades(ramp, into: &$0, rect: Rect($0.size)) })]
    }

    private func spans(_ canvas: Canvas, row: Int) -> [Span] {
        (0..<canvas.size.columns).map { Span(String(canvas[$0, row].glyph), canvas[$0, row].style) }
    }

    // MARK: Glyphs

    private struct Sample {
        let name: String
        let glyphs: String
        var remark = ""
    }

    /// Each line stands between bars: where those at the right are not where they belong, a glyph is not one column wide.
    private var glyphs: [[Span]] {
        let ascii = Sample(name: "ASCII", glyphs: " .:-=+*#%@ `';\\coXQM")
        guard theme.profile.glyphs != .ascii else { return [line(of: ascii)] }
        let sextants = theme.profile.glyphs == .full ? "" : "used with :shading sextant"
        let samples = [
            Sample(name: "halves", glyphs: "▀▄█▌▐ ▀▄▀▄▀▄"), Sample(name: "quadrants", glyphs: "▖▗▘▝▚▞▙▛▜▟"),
            Sample(name: "eighths", glyphs: "▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉█"),
            Sample(name: "sextants", glyphs: "🬀🬁🬂🬃🬄🬅🬆🬇 🬞🬭🬹", remark: sextants),
            Sample(
                name: "octants", glyphs: "\u{1CD00}\u{1CD01}\u{1CD02}\u{1CD03}\u{1CD04}\u{1CD05}",
                remark: "not used: few fonts have them"),
            Sample(name: "braille", glyphs: "⠁⠃⠇⡇⡏⡟⡿⣿ ⣀⣤⣶⣿"), Sample(name: "shades", glyphs: "░░▒▒▓▓██"),
            Sample(name: "lines", glyphs: "┌─┬─┐│├─┼─┤└─┴─┘ ━┃┏┓┗┛"),
            Sample(name: "signs", glyphs: "−×…·•▲μσ₀₁₂“”←↑→↓⇧⌫"), ascii,
        ]
        return samples.filter { !isOnScreen || $0.name != "octants" }.map(line)
    }

    private func line(of sample: Sample) -> [Span] {
        let bar = String(theme.typography.vertical)
        var spans = [Span(bar, theme.faint), Span(sample.glyphs, theme.text), Span(bar, theme.faint)]
        if !sample.remark.isEmpty { spans.append(Span("  " + sample.remark, theme.faint)) }
        return named(sample.name, spans)
    }

    // MARK: Pictures

    private static func hills(width: Int, height: Int) -> Picture {
        Picture(
            width: width, height: height,
            values: (0..<width * height).map { pixel in
                let x = (Float(pixel % width) + 0.5) / Float(width) * 2 - 1
                let y = (Float(pixel / width) + 0.5) / Float(height) * 2 - 1
                let (near, far) = ((x + 0.4) * (x + 0.4) + y * y, (x - 0.5) * (x - 0.5) + (y - 0.2) * (y - 0.2))
                return min(1, 1 / (1 + 9 * near) + 0.6 / (1 + 20 * far))
            })
    }

    /// A map as views draw it.
    private var map: [[Span]] {
        var canvas = Canvas(Size(columns: Self.width, rows: 8))
        HeatMap(Preferences(palette: palette), on: theme.profile)
            .draw(Self.hills(width: Self.width, height: 16), into: &canvas, rect: Rect(canvas.size))
        return (0..<canvas.size.rows).map { named($0 == 0 ? "heat map" : "", spans(canvas, row: $0)) }
    }

    /// What a digit would cost.
    var picture: Canvas {
        var canvas = Canvas(Size(columns: 28, rows: 14))
        Shader(mode: nil, palette: palette, profile: theme.profile)
            .draw(Self.hills(width: 28, height: 28), into: &canvas, rect: Rect(canvas.size))
        return canvas
    }
}
