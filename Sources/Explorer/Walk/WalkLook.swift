import Cells

/// What tells the kinds of path apart, the same on the plane, in the chart and in the table: a color and, without any, a
/// pattern.
extension WalkPathKind {
    var pattern: LinePattern {
        switch self {
        case .straight: .dashed
        case .spherical: .dotted
        case .geodesic: .solid
        }
    }
}

extension Theme {
    /// - Parameter isSeen: whether the path's frames are those that are seen: it is bold.
    func path(_ kind: WalkPathKind, isSeen: Bool) -> Style {
        let color =
            switch kind {
            case .straight: Color.standard
            case .spherical: color(many: Self.brown256, few: Self.brown8)
            case .geodesic: accentColor
            }
        return Style(color, on: .standard, isSeen ? .bold : [])
    }
}

extension Canvas {
    /// A path's line in one row of cells.
    mutating func draw(
        _ kind: WalkPathKind, isSeen: Bool, column: Int, row: Int, width: Int, theme: Theme
    ) {
        var dots = DotGrid(Size(columns: width, rows: 1), glyphs: theme.dotGlyphs)
        let height = Float(dots.rows / 2)
        dots.draw(through: [SIMD2(0, height), SIMD2(Float(dots.columns) - 0.5, height)], kind.pattern, rank: 0)
        // However it is inked, it is seen where it ends.
        dots.set(column: dots.columns - 1, row: Int(height), rank: 0)
        dots.draw(into: &self, column: column, row: row, styles: [theme.path(kind, isSeen: isSeen)])
    }
}
