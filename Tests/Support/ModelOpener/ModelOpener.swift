import HDF5Files
import Platform
import ReaderTargets

/// Opens files for tests that want to know whether a process survives them, and what it takes.
///
///     model-opener TARGET FILE…     the files' bytes, as this target reads them; `path`: the paths themselves
///
/// A line for each: seconds, the most kilobytes of memory that the process has had so far, `model` or `refused`, and what
/// was said, with tabs between.
@main
enum ModelOpener {
    /// What a process may take for a file before the system ends it.
    private static let secondsEach: UInt32 = 300

    static func main() {
        HDF5Child.run(CommandLine.arguments)
        let (kind, paths) = (CommandLine.arguments.dropFirst().first ?? "", CommandLine.arguments.dropFirst(2))
        let folder = MemoryFolder()
        for path in paths {
            alarm(secondsEach)
            let start = ContinuousClock.now
            let opening = ReaderTarget(rawValue: kind).map { $0.open(bytes(of: path), in: folder) } ?? Opening(of: path)
            let milliseconds = start.duration(to: .now) / .milliseconds(1)
            let word = if case .model = opening { "model" } else { "refused" }
            print("\(Int(milliseconds))\t\(peak())\t\(word)\t\(opening.text)")
            // A test that sees the process die wants to know at which file.
            fflush(nil)
        }
        folder.remove()
    }

    private static func bytes(of path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Kilobytes.
    private static func peak() -> Int {
        #if os(Linux)
            // What `getrusage` says counts from before `exec`, when the memory was that of whoever started this.
            let descriptor = open("/proc/self/status", O_RDONLY)
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 8192)
            let count = read(descriptor, &bytes, bytes.count)
            let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
            let peak = lines.first { $0.hasPrefix("VmHWM:") }?.split { $0 == " " || $0 == "\t" }.dropFirst().first
            return peak.flatMap { Int($0) } ?? .max
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss / 1024
        #endif
    }
}
