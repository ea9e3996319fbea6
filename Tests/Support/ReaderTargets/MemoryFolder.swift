import Platform

/// A folder for files that are written again and again: in memory, where the system has such a place.
public final class MemoryFolder {
    private let folder: String
    private var names: Set<String> = []

    public init() {
        let place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : environmentVariable("TMPDIR") ?? "/tmp"
        var name = Array("\(place)/latentwalk-XXXXXX".utf8CString)
        precondition(mkdtemp(&name) != nil, "a folder can be made in \(place)")
        folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove() }

    public func path(_ name: String) -> String { "\(folder)/\(name)" }

    public func holds(_ name: String) -> Bool { names.contains(name) }

    public func write(_ bytes: some Collection<UInt8>, to name: String) {
        names.insert(name)
        let descriptor = open(path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0, "\(path(name)) can be written")
        defer { close(descriptor) }
        Array(bytes).withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Platform.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
                precondition(count > 0, "there is room for \(path(name))")
                done += count
            }
        }
    }

    /// Takes everything away; also for a process that ends without ending its objects.
    public func remove() {
        for name in names { unlink(path(name)) }
        names = []
        rmdir(folder)
    }
}
