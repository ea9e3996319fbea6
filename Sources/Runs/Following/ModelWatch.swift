import Checkpoints
import Files
import VAE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

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
    /// The newest file of the last look: one that is being written looks different every time.
    private var seen: Version?
    private var failed: Version?
    /// What is wrong with the newest file.
    private(set) var problem: String?

    /// - Parameter paths: the files that may hold models.
    /// - Returns: the newest model, if it wasn't given before; nil also while it is being written.
    mutating func look(_ paths: [String]) -> FollowedModel? {
        let newest = paths.compactMap(Version.init).max { $0.time < $1.time }
        guard let newest, newest != given else {
            problem = nil
            return nil
        }
        guard newest == seen else {
            seen = newest
            return nil
        }
        // Once is enough for a file that stays as it is.
        guard newest != failed else { return nil }
        do {
            let model = try Checkpoint.model(of: SafetensorsFile(newest.path, access: .copied))
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
