/// A canvas as text with SGR sequences (ECMA-48): for printing where no screen is held.
public enum ANSIText {
    /// One line for each row, without a line feed; blanks at the ends of lines that would show nothing are left out.
    ///
    /// Styles are told apart from what came before them in the line, each line starts and ends plain, and a canvas
    /// without styles gives plain text.
    public static func lines(of canvas: Canvas) -> [String] {
        (0..<canvas.size.rows).map { row in
            var end = canvas.size.columns
            while end > 0, canvas[end - 1, row] == .blank { end -= 1 }
            var line = ""
            var current = Style.plain
            for column in 0..<end {
                let cell = canvas[column, row]
                line += transition(from: current, to: visible(cell, after: current))
                current = visible(cell, after: current)
                line.unicodeScalars.append(cell.glyph)
            }
            return line + transition(from: current, to: .plain)
        }
    }

    /// A space has no foreground to show: it keeps the one before it, unless it is underlined or reversed.
    private static func visible(_ cell: Cell, after previous: Style) -> Style {
        guard cell.glyph == " ", cell.style.attributes.isDisjoint(with: [.underline, .reverse]) else {
            return cell.style
        }
        return Style(previous.foreground, on: cell.style.background, cell.style.attributes)
    }

    /// The sequence that changes one style into another; empty where they are equal.
    private static func transition(from old: Style, to new: Style) -> String {
        guard old != new else { return "" }
        if new == .plain { return "\u{1B}[0m" }
        var codes: [String] = []
        // Attributes are only ever switched off all together, and colors with them.
        let isReset = !old.attributes.isSubset(of: new.attributes)
        let base = isReset ? Style.plain : old
        if isReset { codes.append("0") }
        for (attribute, code) in attributeCodes
        where new.attributes.contains(attribute) && !base.attributes.contains(attribute) {
            codes.append(code)
        }
        if new.foreground != base.foreground { codes.append(code(of: new.foreground, offset: 30)) }
        if new.background != base.background { codes.append(code(of: new.background, offset: 40)) }
        return "\u{1B}[\(codes.joined(separator: ";"))m"
    }

    private static let attributeCodes: [(Attributes, String)] = [
        (.bold, "1"), (.dim, "2"), (.underline, "4"), (.reverse, "7"),
    ]

    /// - Parameter offset: 30 for the foreground, 40 for the background.
    private static func code(of color: Color, offset: Int) -> String {
        switch color {
        case .standard: "\(offset + 9)"
        case .indexed(let index) where index < 8: "\(offset + Int(index))"
        case .indexed(let index) where index < 16: "\(offset + 60 + Int(index) - 8)"
        case .indexed(let index): "\(offset + 8);5;\(index)"
        case .rgb(let red, let green, let blue): "\(offset + 8);2;\(red);\(green);\(blue)"
        }
    }
}
