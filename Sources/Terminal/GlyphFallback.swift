import CNCurses

/// The last word on a glyph before it goes to the screen, whatever the views have drawn.
struct GlyphFallback {
    /// Nothing beyond ASCII reaches the screen.
    var isASCII: Bool
    /// Box drawing characters become `+`, `-` and `|`.
    var drawsASCIIBorders: Bool
    private var widths: [Unicode.Scalar: Bool] = [:]

    init(isASCII: Bool, drawsASCIIBorders: Bool) {
        self.isASCII = isASCII
        self.drawsASCIIBorders = drawsASCIIBorders
    }

    /// A glyph that is one column wide here and does nothing but show itself.
    mutating func glyph(for scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x20...0x7E: return scalar
        case ..<0xA0: return " "
        case 0x2500...0x257F where drawsASCIIBorders || isASCII: return Self.border(scalar)
        case _ where isASCII: return Self.ascii(scalar)
        case 0x2500...0x259F: return scalar
        default: return isOneColumnWide(scalar) ? scalar : "?"
        }
    }

    private mutating func isOneColumnWide(_ scalar: Unicode.Scalar) -> Bool {
        if let known = widths[scalar] { return known }
        let isNarrow = curses_character_width(scalar.value) == 1
        widths[scalar] = isNarrow
        return isNarrow
    }

    private static func border(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        // Straight and dashed, light and heavy, double, and halves of lines.
        case 0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2550: "-"
        case 0x2574, 0x2576, 0x2578, 0x257A, 0x257C, 0x257E: "-"
        case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551: "|"
        case 0x2575, 0x2577, 0x2579, 0x257B, 0x257D, 0x257F: "|"
        case 0x2571: "/"
        case 0x2572: "\\"
        case 0x2573: "X"
        default: "+"
        }
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "−", "–", "—": "-"
        case "·", "∙", "•": "."
        case "×": "x"
        case "÷": "/"
        case "±": "~"
        case "μ", "µ": "u"
        case "σ": "s"
        case "β": "b"
        case "²": "2"
        case "³": "3"
        case "₀"..."₉": Unicode.Scalar(scalar.value - 0x2080 + 0x30) ?? "?"
        case "…": "."
        case "“", "”": "\""
        case "‘", "’": "'"
        case "←": "<"
        case "→": ">"
        case "↑": "^"
        case "↓": "v"
        case "█", "▓", "▀", "▄": "#"
        case "▒": "+"
        case "░": "."
        case "▏", "▎", "▍", "▌": "|"
        case "▋", "▊", "▉": "#"
        default: "?"
        }
    }
}
