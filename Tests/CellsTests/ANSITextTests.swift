import Cells
import Testing

@Suite("ANSI text")
struct ANSITextTests {
    private func line(_ cells: [Cell]) -> String {
        var canvas = Canvas(Size(columns: cells.count, rows: 1))
        for (column, cell) in cells.enumerated() { canvas[column, 0] = cell }
        return ANSIText.lines(of: canvas)[0]
    }

    @Test("Cells without styles are plain text, without blanks at the ends")
    func plain() {
        var canvas = Canvas(Size(columns: 4, rows: 2))
        canvas.write("░▒", column: 1, row: 0)
        #expect(ANSIText.lines(of: canvas) == [" ░▒", ""])
    }

    @Test("Colors of each depth have their codes, and only changes are written")
    func colors() {
        let direct = Style(.rgb(1, 2, 3), on: .rgb(4, 5, 6))
        #expect(line([Cell("▄", direct), Cell("▄", direct)]) == "\u{1B}[38;2;1;2;3;48;2;4;5;6m▄▄\u{1B}[0m")
        #expect(
            line([Cell("a", Style(.indexed(7), on: .indexed(8))), Cell("b", Style(.indexed(200), on: .indexed(8)))])
                == "\u{1B}[37;100ma\u{1B}[38;5;200mb\u{1B}[0m")
    }

    @Test("A space needs no foreground of its own, and one with a background is kept at the end of a line")
    func spaces() {
        #expect(
            line([Cell("▄", Style(.indexed(7), on: .indexed(0))), Cell(" ", Style(.indexed(3), on: .indexed(0)))])
                == "\u{1B}[37;40m▄ \u{1B}[0m")
    }

    @Test("An attribute that ends takes a reset, after which colors are set again")
    func attributes() {
        #expect(
            line([
                Cell("a", Style(.indexed(1), on: .standard, .bold)), Cell("b", Style(.indexed(1))), Cell("c"),
            ]) == "\u{1B}[1;31ma\u{1B}[0;31mb\u{1B}[0mc")
    }
}
