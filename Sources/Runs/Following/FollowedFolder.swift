import Checkpoints
import EventFiles
import Files
import ModelFiles

/// What there is to be followed in a run's folder, and in folders within it.
struct FollowedFolder {
    /// Logs and models lie not deeper than this.
    private static let depth = 4
    /// Folders that are looked into.
    private static let largestFolderCount = 100
    /// Files that are followed.
    private static let largestFileCount = 1000

    struct Log: Hashable {
        var path: String
        /// The folder within the run, with a slash: `validation/`; empty for the run's own.
        var prefix: String
    }

    var logs: [Log] = []
    var models: [String] = []

    /// - Parameter path: a folder; or a log's or a model's file, which is then all that there is.
    /// - Throws: ``FileError`` where there is nothing.
    init(_ path: String) throws(FileError) {
        guard Folder.exists(path) else {
            guard GrowingFile.identity(of: path) != nil else { throw .notFound(path: path) }
            add(path, name: Folder.name(of: path), prefix: "")
            return
        }
        var waiting = [(path: path, prefix: "", depth: 1)]
        var seen = 0
        while let (folder, prefix, depth) = waiting.popLast(), seen < FollowedFolder.largestFolderCount {
            // Only the run's own folder must be readable.
            guard let names = seen == 0 ? try Folder.names(in: folder) : try? Folder.names(in: folder) else { continue }
            seen += 1
            for name in names where !name.hasPrefix(".") {
                let path = "\(folder)/\(name)"
                if add(path, name: name, prefix: prefix) { continue }
                guard depth < FollowedFolder.depth, !name.contains("."), Folder.exists(path) else { continue }
                waiting.append((path, "\(prefix)\(name)/", depth + 1))
            }
        }
        logs.sort { $0.path < $1.path }
    }

    @discardableResult
    private mutating func add(_ path: String, name: String, prefix: String) -> Bool {
        guard logs.count + models.count < FollowedFolder.largestFileCount else { return false }
        if ModelFile.isNamedLikeCheckpoint(name) {
            models.append(path)
        } else if name.contains(EventFileWriter.nameMark) || FollowedFolder.form(path) != nil {
            logs.append(Log(path: path, prefix: prefix))
        } else {
            return false
        }
        return true
    }

    private static func form(_ path: String) -> CurveCollector.Origin.Form? {
        let suffix = path.lowercased().split(separator: ".").last
        switch suffix {
        case "csv", "tsv": return .table
        // As Keras's documentation calls what its CSVLogger writes; most logs are no tables.
        case "log": return TableSource.hasEpochs(path) ? .table : nil
        case "jsonl", "ndjson": return .lines
        default: return nil
        }
    }

    static func open(_ log: Log) throws -> any LogSource {
        switch form(log.path) {
        case .table: try TableSource(log.path)
        case .lines: try JSONLinesSource(log.path)
        default: try EventSource(log.path, prefix: log.prefix)
        }
    }
}
