import Cells

/// What curves are drawn with: the parts of cells.
enum DotGlyphs: Hashable, Sendable {
    /// 2×4 dots a cell.
    case braille
    /// Halves of a cell by `.` and `'`.
    case ascii

    var columns: Int { self == .ascii ? 1 : 2 }
    var rows: Int { self == .braille ? 4 : 2 }

    /// - Parameters:
    ///   - mask: bit `row · columns + column` says whether a part is inked.
    ///   - isShared: whether several curves meet in the cell.
    func glyph(_ mask: UInt8, isShared: Bool) -> Unicode.Scalar {
        switch self {
        case .braille:
            // Unicode numbers the upper three rows down the columns, and the lowest row after them.
            let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
            let pattern = (0..<8).reduce(UInt32(0)) { $0 | (mask & (1 << $1) != 0 ? bits[$1] : 0) }
            return Unicode.Scalar(0x2800 + pattern) ?? "?"
        case .ascii: return isShared ? "*" : ["'", ".", ":"][Int((mask & 3) - 1)]
        }
    }
}

/// A rectangle of cells as dots. Where curves meet in a cell their dots are joined, so that no line has gaps; the cell's
/// color is that of the curve of the highest rank, whatever the order of drawing, so that colors do not flicker.
struct DotGrid {
    let glyphs: DotGlyphs
    let columns: Int
    let rows: Int
    private var masks: [UInt8]
    private var ranks: [UInt8]
    private var shared: [Bool]

    private static let unranked = UInt8.max

    /// - Parameter size: in cells.
    init(_ size: Size, glyphs: DotGlyphs) {
        self.glyphs = glyphs
        columns = size.columns * glyphs.columns
        rows = size.rows * glyphs.rows
        masks = Array(repeating: 0, count: size.columns * size.rows)
        ranks = Array(repeating: Self.unranked, count: masks.count)
        shared = Array(repeating: false, count: masks.count)
    }

    /// - Parameter rank: 0 for the curve that gives the color before all others.
    mutating func set(column: Int, row: Int, rank: UInt8) {
        guard column >= 0, column < columns, row >= 0, row < rows else { return }
        let cell = row / glyphs.rows * (columns / glyphs.columns) + column / glyphs.columns
        masks[cell] |= 1 << UInt8(row % glyphs.rows * glyphs.columns + column % glyphs.columns)
        if ranks[cell] != Self.unranked, ranks[cell] != rank { shared[cell] = true }
        ranks[cell] = min(ranks[cell], rank)
    }

    /// Draws the cells that have dots.
    ///
    /// - Parameter styles: by rank.
    func draw(into canvas: inout Canvas, column: Int, row: Int, styles: [Style]) {
        let width = columns / glyphs.columns
        for cell in masks.indices where masks[cell] != 0 {
            let style = Int(ranks[cell]) < styles.count ? styles[Int(ranks[cell])] : .plain
            canvas[column + cell % width, row + cell / width] = Cell(
                glyphs.glyph(masks[cell], isShared: shared[cell]), style)
        }
    }
}
