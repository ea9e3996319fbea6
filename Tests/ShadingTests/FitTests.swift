import Cells
import Testing

@testable import Shading

/// Numbers in 0…1 that are the same in every run (a linear congruential generator).
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24)
    }
}

@Suite("Fits against brute force")
struct FitTests {
    private static let grays = ToneInks(palette: .gray, depth: .palette16)

    /// The error of one cell, straight from its definition: what an eye sees of it, and what each part shows amiss.
    private func error(
        _ set: GlyphSet, _ samples: [Float], _ glyph: GlyphSet.Glyph?, _ foreground: Float, _ background: Float
    ) -> Float {
        let common = set.eye.common(columns: set.columns, rows: set.rows)
        let contrast = foreground - background
        let amiss = samples.indices.map { background + contrast * (glyph?.ink[$0] ?? 0) - samples[$0] }
        var sum = set.sharpness * Float(set.count) * contrast * contrast * (glyph?.unevenness ?? 0)
        for (row, left) in amiss.enumerated() {
            sum += set.sharpness * left * left
            for (column, right) in amiss.enumerated() { sum += left * common[row * set.count + column] * right }
        }
        return sum
    }

    /// What a chooser shows in a canvas of one cell.
    private func drawn<Chooser: CellChooser>(_ samples: [Chooser.Value], _ chooser: Chooser) -> Cell {
        var canvas = Canvas(Size(columns: 1, rows: 1))
        SeenFit(chooser: chooser).draw(samples, into: &canvas, rect: Rect(canvas.size))
        return canvas[0, 0]
    }

    /// The error of a cell as drawn in tones.
    private func error(_ set: GlyphSet, _ samples: [Float], _ cell: Cell, _ inks: ToneInks) -> Float {
        func tone(_ color: Color) -> Float { inks.inks.first { $0.color == color }?.value ?? .nan }
        let background = tone(cell.style.background)
        let glyph = set.glyphs.first { $0.glyph == cell.glyph }
        return error(set, samples, glyph, glyph == nil ? background : tone(cell.style.foreground), background)
    }

    @Test(
        "Glyph and colors are the best of all glyphs and pairs of inks",
        arguments: [Glyphs.halves, .quadrants, .sextants, .blocks, .ascii])
    func fewColors(glyphs: Glyphs) {
        var noise = Noise(seed: 7)
        let set = GlyphSet.colored(glyphs)
        for _ in 0..<60 {
            let samples = (0..<set.count).map { _ in noise.next() }
            let found = error(set, samples, drawn(samples, ColorChooser(set: set, inks: Self.grays)), Self.grays)
            var best = Float.infinity
            for glyph in [nil] + set.glyphs.map(Optional.some) {
                for first in Self.grays.inks {
                    for second in Self.grays.inks {
                        best = min(best, error(set, samples, glyph, first.value, second.value))
                    }
                }
            }
            #expect(found < best + 1e-4)
        }
    }

    @Test(
        "With colors enough, glyph and colors are as good as the best of a fine search",
        arguments: [Glyphs.quadrants, .sextants, .blocks, .ascii, .dots])
    func manyColors(glyphs: Glyphs) {
        var noise = Noise(seed: 23)
        let set = GlyphSet.colored(glyphs)
        let inks = ToneInks(palette: .gray, depth: .direct)
        let steps = (0...20).map { Float($0) / 20 }
        for _ in 0..<5 {
            let samples = (0..<set.count).map { _ in noise.next() }
            let found = error(set, samples, drawn(samples, ColorChooser(set: set, inks: inks)), inks)
            var best = Float.infinity
            for glyph in set.glyphs {
                for first in steps {
                    for second in steps { best = min(best, error(set, samples, glyph, first, second)) }
                }
            }
            #expect(found < best + 2e-3)
        }
    }

    @Test("Two halves in direct color show both colors as they are")
    func exactHalves() {
        let set = GlyphSet.colored(.halves)
        let samples = [SIMD4<Float>(1, 0, 0, 0), SIMD4<Float>(0, 0, 1, 0)]
        let cell = drawn(samples, ColorChooser(set: set, inks: DirectInks()))
        #expect(cell == Cell("▄", Style(.rgb(0, 0, 255), on: .rgb(255, 0, 0))))
    }

    @Test("A pen's glyph is the best of all", arguments: [Glyphs.halves, .quadrants, .sextants, .blocks, .dots])
    func pens(glyphs: Glyphs) {
        var noise = Noise(seed: 11)
        let set = GlyphSet.inked(glyphs)
        let pen = Pen(profile: TerminalProfile(depth: .none, glyphs: .full))
        for _ in 0..<40 {
            let samples = (0..<set.count).map { _ in noise.next() }
            let cell = drawn(samples, PenChooser(set: set, pen: pen, gain: 1))
            let found = error(set, samples, set.glyphs.first { $0.glyph == cell.glyph }, 1, 0)
            let best = ([nil] + set.glyphs.map(Optional.some)).map { error(set, samples, $0, 1, 0) }.min()!
            #expect(found < best + 1e-4)
        }
    }

    @Test("What one cell shows amiss its neighbors make up for: a field of gray is nearly as light as it should be")
    func diffusion() {
        let inks = ToneInks(palette: .gray, depth: .palette8)
        let set = GlyphSet.colored(.halves)
        let size = Size(columns: 30, rows: 20)
        // Alone, every cell would be black, half or white, 0, 0.45 or 0.9, and 0.2 from what it should be.
        for tone in [Float(0.2), 0.65] {
            var canvas = Canvas(size)
            SeenFit(chooser: ColorChooser(set: set, inks: inks)).draw(
                Array(repeating: tone, count: 2 * canvas.cells.count), into: &canvas, rect: Rect(size))
            let shown = canvas.cells.map { cell -> Float in
                func value(_ color: Color) -> Float { color == .indexed(7) ? 229.0 / 255 : 0 }
                let ink = set.glyphs.first { $0.glyph == cell.glyph }?.ink.sum() ?? 0
                return (value(cell.style.foreground) * ink + value(cell.style.background) * (2 - ink)) / 2
            }
            #expect(abs(shown.reduce(0, +) / Float(shown.count) - tone) < 0.16)
        }
    }
}
