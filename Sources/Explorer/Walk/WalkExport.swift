import Cells
import Pictures
import Shading

extension Shared {
    /// The walk that is seen, for a file: a film of its frames, or all of them in one row.
    func walkExhibit(as format: ExportFormat) -> Result<Exhibit, Sentence> {
        let own = self[WalkView.self]
        guard let path = shownWalkPath, path.kind == own.kind else {
            let missing = missingWalk ?? (own.kind == .geodesic ? own.walk?.missingGeodesic : nil)
            return .failure(Sentence(missing ?? "The \(own.kind.rawValue) path is not found yet: wait a moment."))
        }
        let playback = self[WalkView.self].playback
        switch format {
        case .film:
            // A film that is shown again and again from its start goes back as the view does.
            let back = playback.turn == .pingPong ? path.pictures.dropFirst().dropLast().reversed() : []
            return .success(
                .film(path.pictures + back, frameDuration: .seconds(1) / playback.framesPerSecond))
        case .picture: return .success(.picture(.sheet(of: path.pictures, columns: path.pictures.count)))
        case .text: return .success(.text(text(of: path.pictures)))
        }
    }
}
