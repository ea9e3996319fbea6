/// A canvas as a drawing in SVG: what stood on the screen, for a page or a paper.
public enum SVGText {
    /// Units that a cell is wide.
    private static let cellWidth = 8.0

    /// - Parameters:
    ///   - cellRatio: height of a cell divided by its width.
    ///   - isLight: whether the terminal's own background is light.
    public static func document(of canvas: Canvas, cellRatio: Double = 2, isLight: Bool = false) -> String {
        let page = Page(height: cellWidth * cellRatio, isLight: isLight)
        let (width, height) = (cellWidth * Double(canvas.size.columns), page.height * Double(canvas.size.rows))
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(width)) \(number(height))\" "
                + "width=\"\(number(width))\" height=\"\(number(height))\" shape-rendering=\"crispEdges\" "
                + "font-family=\"monospace\" font-size=\"\(number(page.height * 0.8))\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"\(page.background)\"/>",
        ]
        for row in 0..<canvas.size.rows { lines += page.row(row, of: canvas) }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// What a page is drawn with.
    private struct Page {
        let height: Double
        let isLight: Bool

        var background: String { isLight ? "#ffffff" : "#000000" }
        private var foreground: String { isLight ? "#000000" : "#e5e5e5" }

        func row(_ row: Int, of canvas: Canvas) -> [String] {
            var (blocks, texts) = ([String](), [String]())
            var column = 0
            while column < canvas.size.columns {
                // Cells of one look make one element.
                let cell = canvas[column, row]
                var end = column + 1
                let isText = BlockGlyph(cell.glyph) == nil
                while end < canvas.size.columns, canvas[end, row].style == cell.style,
                    isText ? BlockGlyph(canvas[end, row].glyph) == nil : canvas[end, row].glyph == cell.glyph
                { end += 1 }
                let (front, back) = colors(of: cell.style)
                let place = (
                    x: cellWidth * Double(column), y: height * Double(row), width: cellWidth * Double(end - column)
                )
                if back != background { blocks.append(rect(place.x, place.y, place.width, height, back)) }
                if let block = BlockGlyph(cell.glyph) {
                    for number in column..<end {
                        blocks += block.parts.map { part in
                            rect(
                                cellWidth * (Double(number) + part.x), place.y + height * part.y,
                                cellWidth * part.width,
                                height * part.height, front, opacity: block.opacity)
                        }
                    }
                } else {
                    texts += text(row, column..<end, canvas, front)
                }
                column = end
            }
            return blocks + texts
        }

        private func text(_ row: Int, _ columns: Range<Int>, _ canvas: Canvas, _ color: String) -> [String] {
            let scalars = columns.map { canvas[$0, row].glyph }
            guard let first = scalars.firstIndex(where: { $0 != " " }),
                let last = scalars.lastIndex(where: { $0 != " " })
            else { return [] }
            let shown = String(String.UnicodeScalarView(scalars[first...last]))
            let attributes = canvas[columns.lowerBound, row].style.attributes
            let weight = attributes.contains(.bold) ? " font-weight=\"bold\"" : ""
            let opacity = attributes.contains(.dim) ? " opacity=\"0.6\"" : ""
            return [
                "<text xml:space=\"preserve\" x=\"\(number(cellWidth * Double(columns.lowerBound + first)))\" "
                    + "y=\"\(number(height * (Double(row) + 0.78)))\" "
                    + "textLength=\"\(number(cellWidth * Double(last - first + 1)))\" fill=\"\(color)\"\(weight)\(opacity)>"
                    + escaped(shown) + "</text>"
            ]
        }

        private func rect(
            _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: String, opacity: Double = 1
        ) -> String {
            "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" "
                + "fill=\"\(color)\"" + (opacity < 1 ? " opacity=\"\(opacity)\"" : "") + "/>"
        }

        private func colors(of style: Style) -> (front: String, back: String) {
            let (front, back) = (
                hexadecimal(style.foreground) ?? foreground, hexadecimal(style.background) ?? background
            )
            return style.attributes.contains(.reverse) ? (back, front) : (front, back)
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Without the zeros behind the point.
    private static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        guard hundredths % 100 != 0 else { return "\(hundredths / 100)" }
        let rest = hundredths % 100
        return "\(hundredths / 100)." + (rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)")
    }

    /// `#rrggbb`; nil for the terminal's own color. The sixteen are xterm's.
    private static func hexadecimal(_ color: Color) -> String? {
        func text(_ red: Int, _ green: Int, _ blue: Int) -> String {
            "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        switch color {
        case .standard: return nil
        case .rgb(let red, let green, let blue): return text(Int(red), Int(green), Int(blue))
        case .indexed(let index) where index < 16:
            let sixteen: [(Int, Int, Int)] = [
                (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
                (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255),
                (0, 255, 255), (255, 255, 255),
            ]
            let entry = sixteen[Int(index)]
            return text(entry.0, entry.1, entry.2)
        case .indexed(let index) where index < 232:
            let levels = [0, 95, 135, 175, 215, 255]
            let cube = Int(index) - 16
            return text(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
        case .indexed(let index):
            let gray = 8 + 10 * (Int(index) - 232)
            return text(gray, gray, gray)
        }
    }
}

/// A glyph that fills parts of its cell, drawn as rectangles so that there are no seams.
private struct BlockGlyph {
    struct Part {
        let x, y, width, height: Double

        init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
            (self.x, self.y, self.width, self.height) = (x, y, width, height)
        }
    }

    /// In shares of the cell, from its upper left corner.
    let parts: [Part]
    var opacity = 1.0

    init?(_ glyph: Unicode.Scalar) {
        switch glyph.value {
        case 0x2580: parts = [Part(0, 0, 1, 0.5)]
        case 0x2581...0x2588:
            let share = Double(glyph.value - 0x2580) / 8
            parts = [Part(0, 1 - share, 1, share)]
        case 0x2589...0x258F: parts = [Part(0, 0, Double(0x2590 - glyph.value) / 8, 1)]
        case 0x2590: parts = [Part(0.5, 0, 0.5, 1)]
        case 0x2591...0x2593:
            parts = [Part(0, 0, 1, 1)]
            opacity = Double(glyph.value - 0x2590) / 4
        case 0x2594: parts = [Part(0, 0, 1, 0.125)]
        case 0x2595: parts = [Part(0.875, 0, 0.125, 1)]
        case 0x2596...0x259F:
            // Upper left 1, upper right 2, lower left 4, lower right 8.
            let masks = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14]
            let mask = masks[Int(glyph.value - 0x2596)]
            parts = (0..<4).filter { mask & 1 << $0 != 0 }
                .map { (quarter: Int) in Part(Double(quarter % 2) / 2, Double(quarter / 2) / 2, 0.5, 0.5) }
        default: return nil
        }
    }
}
