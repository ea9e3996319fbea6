/// A set of glyphs that divide a cell into equal parts, each part inked or not.
struct SubcellGlyphs: Hashable, Sendable {
    let columns: Int
    let rows: Int
    /// For each mask of inked parts (bit `row · columns + column`), its glyph.
    let glyphs: [Unicode.Scalar]

    var count: Int { columns * rows }

    static let halves = SubcellGlyphs(columns: 1, rows: 2, glyphs: [" ", "▀", "▄", "█"])

    static let quadrants = SubcellGlyphs(
        columns: 2, rows: 2,
        glyphs: [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"])

    /// U+1FB00 onwards in the order of the masks; Unicode leaves out those that exist as blocks: none, the left half,
    /// the right half, all.
    static let sextants = SubcellGlyphs(
        columns: 2, rows: 3,
        glyphs: (0..<64).map { mask in
            switch mask {
            case 0: return " "
            case 0b010101: return "▌"
            case 0b101010: return "▐"
            case 0b111111: return "█"
            default:
                let skipped = 1 + (mask > 0b010101 ? 1 : 0) + (mask > 0b101010 ? 1 : 0)
                return Unicode.Scalar(UInt32(0x1FB00 + mask - skipped))!
            }
        })
}
