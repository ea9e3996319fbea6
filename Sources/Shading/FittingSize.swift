import Cells

extension Shader {
    /// How far a whole multiple may be from the picture's true proportions: terminals whose cells are nearly twice as
    /// high as wide are the rule, and showing every pixel is worth more than a tenth of the height.
    private static let toleratedDistortion = 1.125

    /// The largest size in cells that fits into a room: a whole multiple of the picture's pixels in half blocks where
    /// one fits, else the largest with the picture's proportions.
    ///
    /// - Parameters:
    ///   - picture: its extents in pixels.
    ///   - room: the columns and rows there are.
    ///   - cellRatio: the height of a cell divided by its width.
    /// - Returns: a size of at least one cell, unless the picture or the room is empty.
    public static func fittingSize(
        of picture: (width: Int, height: Int), in room: Size, cellRatio: Double
    ) -> Size {
        guard picture.width > 0, picture.height > 0, room.columns > 0, room.rows > 0 else {
            return Size(columns: 0, rows: 0)
        }
        let ratio = cellRatio.isFinite && cellRatio > 0 ? cellRatio : 2
        for across in stride(from: room.columns / picture.width, through: 1, by: -1) {
            // Half cells a pixel is high, if it is `across` cells wide.
            let exact = 2 * Double(across) / ratio
            let down = max(1, exact.rounded())
            let distortion = max(exact / down, down / exact)
            guard distortion <= toleratedDistortion, down <= Double(2 * room.rows) else { continue }
            let rows = (Int(down) * picture.height + 1) / 2
            if rows <= room.rows { return Size(columns: across * picture.width, rows: rows) }
        }
        let (width, height) = (Double(picture.width), Double(picture.height) / ratio)
        let scale = min(Double(room.columns) / width, Double(room.rows) / height)
        func cells(_ length: Double, limit: Int) -> Int { min(limit, max(1, Int((scale * length).rounded()))) }
        return Size(columns: cells(width, limit: room.columns), rows: cells(height, limit: room.rows))
    }
}
