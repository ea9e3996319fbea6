import Cells
import Pictures
import Shading

/// How a decoded picture differs from its original, with signs: where the decoder put too much light, and where too
/// little.
struct Difference: Hashable, Sendable {
    let width: Int
    let height: Int
    /// Decoded − original, −1…1, the mean over the channels, `[height, width]`.
    let values: [Float]

    /// - Parameter background: what pictures with opacity lie on, 0 black to 1 white.
    /// - Returns: nil for pictures of different extents.
    init?(of decoded: Picture, from original: Picture, over background: Float = 0) {
        let (decoded, original) = (decoded.over(background), original.over(background))
        guard decoded.width == original.width, decoded.height == original.height,
            decoded.channels == original.channels
        else { return nil }
        (width, height) = (decoded.width, decoded.height)
        let channels = decoded.channels
        values = (0..<decoded.width * decoded.height).map { pixel in
            (pixel * channels..<(pixel + 1) * channels)
                .reduce(0) { $0 + decoded.values[$1] - original.values[$1] } / Float(channels)
        }
    }

    // Orange and blue are told apart by color-blind people.
    private static let tooBright: [Float] = [1, 0.55, 0.1]
    private static let tooDark: [Float] = [0.2, 0.55, 1]

    /// Orange where it is too bright, blue where it is too dark; where there is no difference, the background.
    func picture(onLight isLight: Bool) -> Picture {
        let colors = values.flatMap { value in
            (value < 0 ? Self.tooDark : Self.tooBright).map { part in
                isLight ? 1 - abs(value) * (1 - part) : abs(value) * part
            }
        }
        return Picture(width: width, height: height, channels: 3, values: colors)
    }

    /// Where colors are few or none, `+` and `−` with more or less weight.
    func drawSigns(into canvas: inout Canvas, rect: Rect, theme: Theme) {
        for row in 0..<rect.rows {
            for column in 0..<rect.columns {
                let value = mean(column, row, of: rect.size)
                guard abs(value) >= 0.08 else { continue }
                let style = abs(value) < 0.25 ? theme.faint : abs(value) < 0.5 ? theme.text : theme.strong
                canvas[rect.column + column, rect.row + row] = Cell(value > 0 ? "+" : theme.typography.minus, style)
            }
        }
    }

    /// Over the pixels that lie in one of the cells that the picture is divided into.
    private func mean(_ column: Int, _ row: Int, of cells: Size) -> Float {
        func pixels(_ place: Int, _ count: Int, _ extent: Int) -> Range<Int> {
            let first = place * extent / count
            return first..<max(first + 1, (place + 1) * extent / count)
        }
        let (columns, rows) = (pixels(column, cells.columns, width), pixels(row, cells.rows, height))
        let sum = rows.reduce(Float(0)) { sum, row in columns.reduce(sum) { $0 + values[row * width + $1] } }
        return sum / Float(columns.count * rows.count)
    }
}

extension Shared {
    func drawDifference(_ difference: Difference, into canvas: inout Canvas, rect: Rect) {
        switch theme.profile.depth {
        case .none, .palette8: difference.drawSigns(into: &canvas, rect: rect, theme: theme)
        case .palette16, .palette256, .direct:
            // The person's color map is for pictures; here colors say which way it differs.
            Shader(mode: preferences.shading, palette: .gray, profile: theme.profile).draw(
                difference.picture(onLight: theme.profile.hasLightBackground), into: &canvas, rect: rect)
        }
    }
}
