/// The part of the latent plane that should be seen: a centre and the least extent along each axis.
public struct PlaneWindow: Hashable, Sendable {
    public var center: LatentPoint
    /// Extent of z₀ and z₁ that must be visible, both above zero.
    public var span: (Float, Float) {
        get { (spanX, spanY) }
        set { (spanX, spanY) = newValue }
    }
    private var spanX: Float
    private var spanY: Float

    public init(center: LatentPoint, span: (Float, Float)) {
        self.center = center
        (spanX, spanY) = span
    }

    public init(_ horizontal: ClosedRange<Float>, _ vertical: ClosedRange<Float>) {
        self.init(
            center: LatentPoint(
                (horizontal.lowerBound + horizontal.upperBound) / 2, (vertical.lowerBound + vertical.upperBound) / 2),
            span: (horizontal.upperBound - horizontal.lowerBound, vertical.upperBound - vertical.lowerBound))
    }

    /// The prior's bulk: ±3 on both axes.
    public static let prior = PlaneWindow(-3...3, -3...3)

    public var horizontal: ClosedRange<Float> { center[0] - spanX / 2...center[0] + spanX / 2 }
    public var vertical: ClosedRange<Float> { center[1] - spanY / 2...center[1] + spanY / 2 }

    /// The same window with its extents multiplied, `fixed` staying where it is in it.
    public func zoomed(by factor: Float, around fixed: LatentPoint) -> PlaneWindow {
        PlaneWindow(center: fixed.interpolated(to: center, share: factor), span: (spanX * factor, spanY * factor))
    }
}

/// A window laid on a rectangle of cells, one unit as long on z₀ as on z₁: the longer side shows more of the space.
public struct PlaneGrid: Hashable, Sendable {
    public let columns: Int
    public let rows: Int
    /// Extent of a cell along z₀.
    public let columnExtent: Float
    /// Extent of a cell along z₁.
    public let rowExtent: Float
    public let center: LatentPoint

    /// - Parameter cellRatio: height of a cell divided by its width.
    public init(_ window: PlaneWindow, columns: Int, rows: Int, cellRatio: Double) {
        self.columns = max(1, columns)
        self.rows = max(1, rows)
        let ratio = Float(cellRatio)
        columnExtent = max(window.span.0 / Float(self.columns), window.span.1 / (Float(self.rows) * ratio))
        rowExtent = columnExtent * ratio
        center = window.center
    }

    /// By how many cells another grid's upper left corner lies left of and above this one's: what is (column, row) here
    /// is (column + columns, row + rows) there.
    ///
    /// - Returns: nil where cells are of another size, or do not lie on this grid's cells.
    public func offset(to other: PlaneGrid) -> (columns: Int, rows: Int)? {
        let most = Float(max(columns, rows, other.columns, other.rows))
        // Over the whole grid the cells' sizes may not add up to a part of a cell that could be seen.
        guard abs(columnExtent - other.columnExtent) * most < Self.alignment * columnExtent,
            abs(rowExtent - other.rowExtent) * most < Self.alignment * rowExtent
        else { return nil }
        let across = (horizontal.lowerBound - other.horizontal.lowerBound) / columnExtent
        let down = (other.vertical.upperBound - vertical.upperBound) / rowExtent
        guard let columns = Self.whole(across), let rows = Self.whole(down) else { return nil }
        return (columns, rows)
    }

    /// The share of a cell by which grids may miss each other and count as aligned.
    private static let alignment: Float = 0.02

    private static func whole(_ value: Float) -> Int? {
        guard value.isFinite, abs(value) < 1e6, abs(value - value.rounded()) < alignment else { return nil }
        return Int(value.rounded())
    }

    /// What is visible of z₀.
    public var horizontal: ClosedRange<Float> {
        let half = columnExtent * Float(columns) / 2
        return center[0] - half...center[0] + half
    }

    /// What is visible of z₁.
    public var vertical: ClosedRange<Float> {
        let half = rowExtent * Float(rows) / 2
        return center[1] - half...center[1] + half
    }

    /// The column of a z₀, which may lie outside the grid.
    public func column(of z0: Float) -> Int { Self.cell((z0 - horizontal.lowerBound) / columnExtent) }

    /// The row of a z₁, counted from the top, which may lie outside the grid.
    public func row(of z1: Float) -> Int { Self.cell((vertical.upperBound - z1) / rowExtent) }

    /// The nudge keeps points on a boundary between cells in one of them in spite of rounding.
    private static func cell(_ value: Float) -> Int {
        value.isFinite ? Int(max(-1e6, min(1e6, (value + 1e-3).rounded(.down)))) : -1_000_000
    }

    /// The point in the middle of a cell.
    public func point(column: Int, row: Int) -> LatentPoint {
        point(column: Float(column) + 0.5, row: Float(row) + 0.5)
    }

    /// The point at a place in cells, counted from the upper left corner of the grid.
    public func point(column: Float, row: Float) -> LatentPoint {
        LatentPoint(horizontal.lowerBound + column * columnExtent, vertical.upperBound - row * rowExtent)
    }
}

/// Round numbers within a range, for the marks of an axis.
///
/// - Parameter least: the least distance between two of them.
/// - Returns: multiples of 1, 2 or 5 times a power of ten, in order; none where the range holds none.
public func roundTicks(in range: ClosedRange<Float>, apart least: Float) -> [Float] {
    let step = roundStep(atLeast: least)
    guard step.isFinite, step > 0 else { return [] }
    let first = (Double(range.lowerBound) / step).rounded(.up)
    let last = (Double(range.upperBound) / step).rounded(.down)
    guard first <= last, last - first < 1_000 else { return [] }
    // Adding zero turns −0 into 0.
    return (Int(first)...Int(last)).map { Float(Double($0) * step + 0) }
}

/// The least of 1, 2 and 5 times a power of ten that is not below `least`.
public func roundStep(atLeast least: Float) -> Double {
    guard least.isFinite, least > 0 else { return .nan }
    var power = 1.0
    while power > Double(least) { power /= 10 }
    while power * 10 <= Double(least) { power *= 10 }
    // Multiples are compared with a margin, so that 0.1 counts as 0.1 whatever its last bit.
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= Double(least) * 0.999_999 } ?? 10 * power
}
