import Cells
import Testing

@Suite("A canvas as SVG")
struct SVGTextTests {
    @Test("Text of one look is one element, and signs of markup are escaped")
    func text() {
        var canvas = Canvas(Size(columns: 8, rows: 2))
        canvas.write("a<b & c", column: 1, row: 1, style: .bold)
        let lines = SVGText.document(of: canvas).split(separator: "\n")
        #expect(lines.count == 4)
        #expect(
            lines[2] == "<text xml:space=\"preserve\" x=\"8\" y=\"28.48\" textLength=\"56\" fill=\"#e5e5e5\" "
                + "font-weight=\"bold\">a&lt;b &amp; c</text>")
    }

    @Test("Block glyphs are rectangles: a half block has both its colors")
    func blocks() {
        var canvas = Canvas(Size(columns: 2, rows: 1))
        canvas[0, 0] = Cell("▀", Style(.rgb(255, 0, 0), on: .indexed(21)))
        canvas[1, 0] = Cell("▚", Style(.rgb(0, 255, 0)))
        let text = SVGText.document(of: canvas, cellRatio: 2)
        #expect(text.contains("<rect x=\"0\" y=\"0\" width=\"8\" height=\"16\" fill=\"#0000ff\"/>"))
        #expect(text.contains("<rect x=\"0\" y=\"0\" width=\"8\" height=\"8\" fill=\"#ff0000\"/>"))
        #expect(text.contains("<rect x=\"8\" y=\"0\" width=\"4\" height=\"8\" fill=\"#00ff00\"/>"))
        #expect(text.contains("<rect x=\"12\" y=\"8\" width=\"4\" height=\"8\" fill=\"#00ff00\"/>"))
        #expect(!text.contains("▀"))
    }

    @Test("On a light terminal the page is white, and reversed cells have the page's color as theirs")
    func light() {
        var canvas = Canvas(Size(columns: 1, rows: 1))
        canvas[0, 0] = Cell("x", Style(.standard, on: .standard, .reverse))
        let text = SVGText.document(of: canvas, isLight: true)
        #expect(text.contains("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"))
        #expect(text.contains("fill=\"#000000\"/>") && text.contains("fill=\"#ffffff\">x</text>"))
    }
}
