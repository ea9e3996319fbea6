import Cells
import Testing

@Suite("Canvas")
struct CanvasTests {
    @Test("Text is written a scalar a cell, and clipped at the edge")
    func textIsClipped() {
        var canvas = Canvas(Size(columns: 5, rows: 2))
        canvas.write("latent", column: 1, row: 1)
        #expect(canvas.text == "\n late")
    }

    @Test("Drawing outside does nothing, reading outside is blank")
    func outside() {
        var canvas = Canvas(Size(columns: 2, rows: 2))
        canvas[-1, 0] = Cell("x")
        canvas[0, 2] = Cell("x")
        #expect(canvas == Canvas(Size(columns: 2, rows: 2)))
        #expect(canvas[7, 7] == .blank)
    }
}
