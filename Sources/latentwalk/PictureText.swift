import Cells
import Pictures
import Shading
import Terminal

/// Pictures as lines of shaded text, for where no screen is held.
struct PictureText {
    private let shader: Shader
    private let cellRatio: Double

    /// - Parameter toFile: whether the text goes into a file, and not to wherever standard output leads.
    init(_ drawing: DrawingOptions, toFile: Bool = false) {
        let options = TerminalOptions(
            color: drawing.color, background: drawing.background, cellRatio: drawing.cellRatio,
            asciiGlyphs: drawing.shading == .ascii)
        let profile =
            toFile
            ? PlainOutput.profile(options, environment: Terminal.environment, isTerminal: false)
            : PlainOutput.profile(options)
        shader = Shader(mode: drawing.shading, palette: drawing.palette ?? .gray, profile: profile)
        cellRatio = drawing.cellRatio ?? 2
    }

    /// One picture.
    ///
    /// - Parameter columns: as many as it has pixels if not given.
    func text(of picture: Picture, columns: Int? = nil) -> String {
        text(of: [picture], inRow: 1, columns: columns ?? picture.width)
    }

    /// Pictures in rows without gaps, in reading order.
    ///
    /// - Parameters:
    ///   - inRow: how many pictures stand in a row.
    ///   - columns: of each picture.
    func text(of pictures: [Picture], inRow: Int, columns: Int) -> String {
        guard let first = pictures.first else { return "" }
        let height = Double(columns * first.height) / Double(first.width) / cellRatio
        let tile = Size(columns: columns, rows: max(1, Int(height.rounded())))
        return stride(from: 0, to: pictures.count, by: inRow).map { start in
            let row = pictures[start..<min(pictures.count, start + inRow)]
            var canvas = Canvas(Size(columns: tile.columns * row.count, rows: tile.rows))
            for (place, picture) in row.enumerated() {
                let rect = Rect(column: place * tile.columns, row: 0, columns: tile.columns, rows: tile.rows)
                shader.draw(picture, into: &canvas, rect: rect)
            }
            return ANSIText.lines(of: canvas).map { $0 + "\n" }.joined()
        }.joined()
    }
}
