import Cells
import Testing

@testable import Shading

@Suite("Inks")
struct InksTests {
    @Test("Of few colors the best pair is the best of all pairs", arguments: [3, 8, 13, 16])
    func pairs(count: Int) throws {
        var noise = Noise(seed: 3)
        func color() -> SIMD4<Float> { SIMD4(noise.next(), noise.next(), noise.next(), noise.next()) }
        let colors = (0..<count).map { _ in color() }
        let few = FewInks(colors)
        for weights in GlyphSet.colored(.sextants).weights {
            let (inked, paper) = (color() * 3, color() * 3)
            func error(_ foreground: SIMD4<Float>, _ background: SIMD4<Float>) -> Float {
                weights.inkSquares * foreground.squaredLength + weights.paperSquares * background.squaredLength
                    + 2
                    * (weights.products * foreground.dot(background) - foreground.dot(inked) - background.dot(paper))
            }
            let least = colors.flatMap { first in colors.map { error(first, $0) } }.min()!
            let found = try #require(few.best(weights, inked, paper, below: .infinity))
            #expect(abs(error(found.foreground, found.background) - least) < 1e-4)
            #expect(few.best(weights, inked, paper, below: least - 1e-3) == nil)
        }
    }

    @Test("The 256 colors are found by a table, within a step of it, lightness before hue")
    func lookup() {
        let inks = PaletteInks()
        let entries = TerminalPalette.cubeAndGrays.map { $0.weighed(luma: PaletteInks.lumaWeight) }
        var noise = Noise(seed: 9)
        for _ in 0..<500 {
            let color = SIMD4(noise.next(), noise.next(), noise.next(), 0).weighed(luma: PaletteInks.lumaWeight)
            let best = entries.map { ($0 - color).squaredLength }.min()!
            let found = inks.nearest(color)
            #expect((found - color).squaredLength.squareRoot() < best.squareRoot() + 0.05)
            #expect(entries.contains(found))
        }
        #expect(inks.color(of: SIMD4(1, 1, 1, 0)) == .indexed(231))
        #expect(inks.color(of: SIMD4(0, 0, 0, 0)) == .indexed(16))
    }

    @Test("In the terminal's own colors fields are mixed of neighbors that are about as light", arguments: [8, 16])
    func lightness(count: Int) {
        let inks = SystemInks(depth: count == 8 ? .palette8 : .palette16, glyphs: .quadrants)
        var noise = Noise(seed: 17)
        var (weighed, unweighed) = (Float.zero, Float.zero)
        for _ in 0..<12 {
            let wanted = SIMD4<Float>(noise.next(), noise.next(), noise.next(), 0)
            weighed += roughness(of: wanted.weighed(luma: inks.lumaWeight), in: inks)
            unweighed += roughness(of: wanted, in: Unweighed(count: count))
        }
        #expect(weighed < 0.85 * unweighed)
    }

    /// How much lightness varies from cell to cell in a field of one color.
    private func roughness<Colors: Inks>(of color: SIMD4<Float>, in inks: Colors) -> Float
    where Colors.Value == SIMD4<Float> {
        let set = GlyphSet.colored(.quadrants, in: .palette16)
        let size = Size(columns: 20, rows: 10)
        var canvas = Canvas(size)
        SeenFit(chooser: ColorChooser(set: set, inks: inks)).draw(
            Array(repeating: color, count: set.count * 200), into: &canvas, rect: Rect(size))
        func lightness(_ color: Color) -> Float {
            guard case .indexed(let index) = color else { return 0 }
            return TerminalPalette.system[Int(index)].lightness
        }
        let shown = canvas.cells.map { cell -> Float in
            let ink = (set.glyphs.first { $0.glyph == cell.glyph }?.ink.sum() ?? 0) / 4
            return lightness(cell.style.foreground) * ink + lightness(cell.style.background) * (1 - ink)
        }
        let mean = shown.reduce(0, +) / Float(shown.count)
        return shown.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Float(shown.count)
    }
}

/// The terminal's colors with all channels alike.
private struct Unweighed: Inks {
    let few: FewInks<SIMD4<Float>>?
    let isFine = false
    private let colors: [SIMD4<Float>]

    init(count: Int) {
        colors = Array(TerminalPalette.system.prefix(count))
        few = FewInks(colors)
    }

    func nearest(_ value: SIMD4<Float>) -> SIMD4<Float> {
        colors.min { ($0 - value).squaredLength < ($1 - value).squaredLength }!
    }
    func color(of value: SIMD4<Float>) -> Color { .indexed(UInt8(colors.firstIndex(of: nearest(value))!)) }
}
