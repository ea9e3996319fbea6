import Cells
import Pictures
import Shading

/// What kind of file a name asks for.
enum ExportFormat: Hashable {
    case picture
    case film
    case text

    /// - Returns: nil for a suffix that says none.
    init?(path: String) {
        let name = path.lowercased()
        if name.hasSuffix(".gif") {
            self = .film
        } else if name.hasSuffix(".txt") {
            self = .text
        } else if [".png", ".npy", ".csv"].contains(where: name.hasSuffix) {
            self = .picture
        } else {
            return nil
        }
    }

    static let unknown = Sentence(
        "The file's suffix says the format: .png, .gif, .txt, .npy or .csv; .svg and .ans for the whole screen.")
}

/// How the whole screen is written to a file.
enum ScreenFormat: String, CaseIterable {
    /// A drawing.
    case svg
    /// Text with its colors as control sequences.
    case ans

    /// - Returns: nil for the name of another kind of file.
    init?(path: String) {
        guard let format = Self.allCases.first(where: { path.lowercased().hasSuffix("." + $0.rawValue) }) else {
            return nil
        }
        self = format
    }
}

extension State {
    /// Writes what the view shows to a file, or the whole screen.
    mutating func export(to path: String, scale: Int? = nil) -> [Effect] {
        let exhibit: Result<Exhibit, Sentence> =
            if let format = ScreenFormat(path: path) {
                .success(.screen(screen(as: format)))
            } else if let format = ExportFormat(path: path) {
                view.exhibit(shared, as: format)
            } else {
                .failure(ExportFormat.unknown)
            }
        switch exhibit {
        case .success(let exhibit): return [.export(ExportOrder(exhibit, path: path, scale: scale))]
        case .failure(let sentence): shared.fail(sentence.text)
        }
        return []
    }

    private func screen(as format: ScreenFormat) -> String {
        let canvas = Screen.canvas(of: self)
        switch format {
        case .ans: return ANSIText.lines(of: canvas).map { $0 + "\n" }.joined()
        case .svg:
            let profile = shared.theme.profile
            return SVGText.document(of: canvas, cellRatio: profile.cellRatio, isLight: profile.hasLightBackground)
        }
    }
}

extension Shared {

    /// The picture of the point, which is what a view exports that has nothing else to show.
    func pointExhibit(as format: ExportFormat) -> Result<Exhibit, Sentence> {
        sheetExhibit(of: [picture?.picture].compactMap { $0 }, columns: 1, as: format)
    }

    /// Pictures side by side.
    func sheetExhibit(
        of pictures: [Picture], columns: Int, as format: ExportFormat
    ) -> Result<Exhibit, Sentence> {
        guard let first = pictures.first else { return .failure(Sentence("There is no picture yet: wait a moment.")) }
        let sheet = Picture.sheet(of: pictures, columns: columns)
        return switch format {
        case .picture: .success(.picture(sheet))
        case .film: .success(.film([sheet], frameDuration: .seconds(1)))
        case .text:
            .success(.text(text(of: pictures, room: Size(columns: first.width, rows: first.height))))
        }
    }

    /// Pictures as they look here, in rows as wide as the screen, with their colors as ANSI sequences.
    ///
    /// - Parameter room: the most that one of them takes.
    func text(of pictures: [Picture], room: Size = Size(columns: 14, rows: 14)) -> String {
        guard let first = pictures.first else { return "" }
        let tile = Shader.fittingSize(
            of: (first.width, first.height), in: room, cellRatio: theme.profile.cellRatio)
        let across = max(1, min(pictures.count, size.columns / max(1, tile.columns)))
        let down = (pictures.count + across - 1) / across
        var canvas = Canvas(Size(columns: across * tile.columns, rows: down * tile.rows))
        for (picture, place) in zip(pictures, TileGrid(tile: tile, in: Rect(canvas.size)).places) {
            shader.draw(picture, into: &canvas, rect: place)
        }
        return ANSIText.lines(of: canvas).map { $0 + "\n" }.joined()
    }
}
