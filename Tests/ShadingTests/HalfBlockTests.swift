import Cells
import Pictures
import Shading
import Testing

/// A picture of gray bytes.
func gray(_ rows: [[UInt8]]) -> Picture {
    Picture(width: rows[0].count, height: rows.count, values: rows.flatMap { $0 }.map { Float($0) / 255 })
}

/// What a shader draws into a canvas of its own.
func drawn(
    _ picture: Picture, _ columns: Int, _ rows: Int, mode: ShadingMode? = .half, palette: Palette = .gray,
    depth: ColorDepth = .direct, glyphs: GlyphRepertoire = .blocks, hasLightBackground: Bool = false
) -> Canvas {
    let profile = TerminalProfile(depth: depth, glyphs: glyphs, background: hasLightBackground ? .light : .dark)
    var canvas = Canvas(Size(columns: columns, rows: rows))
    Shader(mode: mode, palette: palette, profile: profile).draw(picture, into: &canvas, rect: Rect(canvas.size))
    return canvas
}

@Suite("Half blocks")
struct HalfBlockTests {
    @Test("One to one, the upper pixel is the background and the lower one the foreground of ▄")
    func oneToOne() {
        let canvas = drawn(gray([[0, 255], [255, 51]]), 2, 1)
        #expect(canvas[0, 0] == Cell("▄", Style(.rgb(255, 255, 255), on: .rgb(0, 0, 0))))
        #expect(canvas[1, 0] == Cell("▄", Style(.rgb(51, 51, 51), on: .rgb(255, 255, 255))))
    }

    @Test("Equal halves are a space with a background")
    func equalHalves() {
        let canvas = drawn(gray([[255], [255]]), 1, 1)
        #expect(canvas[0, 0] == Cell(" ", Style(.standard, on: .rgb(255, 255, 255))))
    }
}
