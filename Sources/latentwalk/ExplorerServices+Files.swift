import Datasets
import Files
import Pictures
import Session

extension ExplorerServices {
    /// What a session opens is its own affair; what it writes goes where that of all sessions goes.
    init(
        openModel: @escaping @Sendable (String) throws -> OpenModel,
        openData: @escaping @Sendable (String) throws -> Dataset
    ) {
        self.init(
            openModel: openModel, openData: openData,
            export: { order in
                guard order.overwrites || !Folder.hasEntry(order.path) else { return false }
                try order.exhibit.write(to: order.path, PictureShowing(scale: order.scale))
                return true
            },
            completeFile: { FileNames.completing($0) }, keepHistory: { HistoryFile.write($0) },
            remember: { PreferencesFile.write($0) }, keepDirections: { DirectionsFile.write($0, forgetting: $1) })
    }

    /// Beside a run no other model is opened: the run's own comes again with its next weights.
    static let besideRun = ExplorerServices(
        openModel: { _ in throw BesideRunError.model },
        openData: { _ in throw BesideRunError.data })
}

/// What cannot be done while a run is shown. Each case prints one sentence.
enum BesideRunError: Error, CustomStringConvertible {
    case model, data

    var description: String {
        switch self {
        case .model: "a run is shown here: open another model in a second terminal, with latentwalk explore"
        case .data: "the plane shows the run's validation images: other data go with latentwalk explore"
        }
    }
}
