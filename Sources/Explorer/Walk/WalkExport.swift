import Cells
import Pictures
import Shading

extension WalkView {
    /// The walk that is seen, for a file: a film of its frames, or all of them in one row.
    func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        guard let path = shownPath, path.kind == kind else {
            let missing = missingWalk(shared) ?? (kind == .geodesic ? walk?.missingGeodesic : nil)
            return .failure(Sentence(missing ?? "The \(kind.rawValue) path is not found yet: wait a moment."))
        }
        switch format {
        case .film:
            // A film that is shown again and again from its start goes back as the view does.
            let back = playback.turn == .pingPong ? path.pictures.dropFirst().dropLast().reversed() : []
            return .success(
                .film(path.pictures + back, frameDuration: .seconds(1) / playback.framesPerSecond))
        case .picture: return .success(.picture(.sheet(of: path.pictures, columns: path.pictures.count)))
        case .text: return .success(.text(shared.text(of: path.pictures)))
        }
    }
}
