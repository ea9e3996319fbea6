import Checkpoints
import Files
import ModelFiles
import Platform
import VAE

/// Looks for the newest model among files that another process writes, and reads it when it is whole.
struct ModelWatch {
    /// What a file is at a moment.
    private struct Version: Hashable {
        var path: String
        var size: Int
        var seconds: Int
        var nanoseconds: Int
        var node: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            self.path = path
            (size, seconds, nanoseconds) = (Int(status.st_size), time.tv_sec, time.tv_nsec)
            node = UInt64(truncatingIfNeeded: status.st_ino)
        }

        var time: (Int, Int) { (seconds, nanoseconds) }
    }

    private let open: ModelOpener
    private var given: Version?
    /// The files of the last look: one that is being written looks different every time.
    private var seen = Set<Version>()
    /// Files that could not be read as they are: no models, or not whole. Once is enough for one that stays so.
    private var failed = Set<Version>()
    /// What is wrong with the newest file.
    private(set) var problem: String?

    /// Files that one look tries: beside a model others may lie that are none.
    private static let mostTries = 3

    init(_ open: @escaping ModelOpener) { self.open = open }

    /// - Parameter paths: the files that may hold models.
    /// - Returns: the newest model, if it wasn't given before; nil also while it is being written.
    mutating func look(_ paths: [String]) -> FollowedModel? {
        let versions = paths.compactMap(Version.init)
        let settled = versions.filter(seen.contains)
        seen = Set(versions)
        failed.formIntersection(seen)
        guard let latest = versions.max(by: { $0.time < $1.time }), latest != given else {
            problem = nil
            return nil
        }
        // Where files come faster than looks, the newest of those that stay is as good as the latest.
        let candidates = settled.filter { version in
            !failed.contains(version) && (version == latest || given.map { $0.time < version.time } ?? true)
        }
        var sentences: [String] = []
        for version in candidates.sorted(by: { $0.time > $1.time }).prefix(ModelWatch.mostTries) {
            do {
                let opened = try open(version.path)
                guard Version(version.path) == version else { return nil }
                given = version
                problem = nil
                return FollowedModel(model: opened.model, path: version.path, guessed: opened.guessed)
            } catch {
                failed.insert(version)
                sentences.append("\(error)")
            }
        }
        if let sentence = sentences.first { problem = sentence }
        return nil
    }
}
