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

    private var given: Version?
    /// The files of the last look: one that is being written looks different every time.
    private var seen = Set<Version>()
    private var failed: Version?
    /// What is wrong with the newest file.
    private(set) var problem: String?

    /// - Parameter paths: the files that may hold models.
    /// - Returns: the newest model, if it wasn't given before; nil also while it is being written.
    mutating func look(_ paths: [String]) -> FollowedModel? {
        let versions = paths.compactMap(Version.init)
        let settled = versions.filter(seen.contains).max { $0.time < $1.time }
        seen = Set(versions)
        guard let latest = versions.max(by: { $0.time < $1.time }), latest != given else {
            problem = nil
            return nil
        }
        // Where files come faster than looks, the newest of those that stay is as good as the latest.
        guard let newest = settled, newest == latest || given.map({ $0.time < newest.time }) ?? true else {
            return nil
        }
        // Once is enough for a file that stays as it is.
        guard newest != failed else { return nil }
        do {
            let model = try ModelFile.read(newest.path, access: .copied)
            guard Version(newest.path) == newest else { return nil }
            given = newest
            problem = nil
            return FollowedModel(model: model, path: newest.path)
        } catch {
            failed = newest
            problem = "\(error)"
            return nil
        }
    }
}
