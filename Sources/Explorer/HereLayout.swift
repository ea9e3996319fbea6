import Cells
import Shading

/// How the lines of "here", the sliders of a model of more than two latents, and the nearest image's picture share their
/// rectangle.
struct HereLayout: Hashable, Sendable {
    /// The lines of text.
    let text: Rect
    /// Above them the sliders: all, or of more than there is room for some; empty where there is no room even for those.
    let sliders: Rect
    /// How many sliders stand side by side.
    let sliderColumns: Int
    /// The picture of the nearest image, at the right; nil: there is no room.
    let thumbnail: Rect?

    /// Lines of text that sliders leave.
    private static let leastLines = 3
    private static let leastSliderColumns = 26
    /// Rows of sliders that are worth having where there is no room for all.
    private static let leastSliderRows = 3
    private static let leastSize = Size(columns: 56, rows: 6)

    /// - Parameters:
    ///   - rect: of "here", from the screen's ``Layout``.
    ///   - hasSliders: whether they may stand here; they stand elsewhere in place of the plane.
    init(in rect: Rect, model: ModelFacts, cellRatio: Double, hasSliders: Bool = true) {
        let thumbnail = Self.thumbnail(in: rect, model: model, cellRatio: cellRatio)
        let beside = thumbnail.map {
            Rect(column: rect.column, row: rect.row, columns: $0.column - 1 - rect.column, rows: rect.rows)
        }
        guard model.latentCount > 2, hasSliders else {
            self.init(text: beside ?? rect, sliders: 0, columns: 1, thumbnail)
            return
        }
        for (room, picture) in [(beside ?? rect, thumbnail), (rect, nil)] {
            for columns in stride(from: 1, through: room.columns / Self.leastSliderColumns, by: 1) {
                let rows = (model.latentCount + columns - 1) / columns
                guard rows + Self.leastLines <= room.rows else { continue }
                self.init(text: room, sliders: rows, columns: columns, picture)
                return
            }
        }
        let rows = rect.rows - Self.leastLines
        guard rows >= Self.leastSliderRows, rect.columns >= Self.leastSliderColumns else {
            self.init(text: beside ?? rect, sliders: 0, columns: 1, thumbnail)
            return
        }
        self.init(text: rect, sliders: rows, columns: rect.columns / Self.leastSliderColumns, nil)
    }

    private init(text: Rect, sliders rows: Int, columns: Int, _ thumbnail: Rect?) {
        sliders = Rect(column: text.column, row: text.row, columns: text.columns, rows: rows)
        self.text = Rect(
            column: text.column, row: text.row + rows, columns: text.columns, rows: text.rows - rows)
        sliderColumns = columns
        self.thumbnail = thumbnail
    }

    private static func thumbnail(in rect: Rect, model: ModelFacts, cellRatio: Double) -> Rect? {
        guard rect.columns >= leastSize.columns, rect.rows >= leastSize.rows else { return nil }
        let size = Shader.fittingSize(
            of: (model.width, model.height), in: Size(columns: rect.columns / 3, rows: rect.rows),
            cellRatio: cellRatio)
        guard !Rect(size).isEmpty else { return nil }
        return Rect(
            column: rect.column + rect.columns - size.columns, row: rect.row, columns: size.columns, rows: size.rows)
    }
}

extension Shared {
    /// Where what is known of the point lies; nil: the screen is too small.
    var hereLayout: HereLayout? {
        layout.map {
            HereLayout(
                in: $0.here, model: model, cellRatio: theme.profile.cellRatio, hasSliders: openSliderGrid == nil)
        }
    }
}
