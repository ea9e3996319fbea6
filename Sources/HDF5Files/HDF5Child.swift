import CHDF5
import Platform

/// The process in which the HDF5 library runs, so that a file on which it crashes, hangs or eats memory ends in a sentence.
///
/// It is the program itself, started with a hidden first argument: the file is its standard input, and what it finds goes to
/// its standard output as ``HDF5Record``s. Before it looks at the file it gives up memory, time and files by `setrlimit`.
public enum HDF5Child {
    /// The first argument that makes a program the child.
    public static let argument = "--read-hdf5-from-standard-input"

    /// Does the child's work and ends the process where the arguments ask for it; else does nothing.
    ///
    /// - Parameter arguments: the program's, with its name in front. To be called first in `main`.
    public static func run(_ arguments: [String]) {
        guard arguments.count == 2, arguments[1] == argument else { return }
        var status = stat()
        guard fstat(STDIN_FILENO, &status) == 0 else { exit(1) }
        let size = Int(status.st_size)
        giveUpResources(fileSize: size)
        var writer = RecordWriter(STDOUT_FILENO)
        do throws(HDF5Problem) {
            var walk = try HDF5Walk(fileSize: size)
            try walk.run(&writer)
            writer.begin(.end, "")
        } catch {
            switch error {
            case .tooMuch(let reason):
                writer.begin(.tooMuch, "")
                writer.write(text: Array(reason.utf8))
            case .damaged(let reason):
                writer.begin(.damaged, "")
                writer.write(text: Array(reason.utf8))
            default: exit(1)
            }
        }
        writer.flush()
        // Without the library's own ending, which would look at the file once more.
        _exit(0)
    }

    private static func giveUpResources(fileSize: Int) {
        for descriptor in STDERR_FILENO + 1..<256 { close(descriptor) }
        limit(RLIMIT_CORE, 0)
        limit(RLIMIT_FSIZE, 0)
        limit(RLIMIT_NOFILE, 16)
        limit(RLIMIT_CPU, HDF5Limits.processorSeconds(ofFile: fileSize))
        #if os(Linux)
            limit(RLIMIT_AS, addressSpace() + HDF5Limits.memory(ofFile: fileSize))
        #else
            limit(RLIMIT_DATA, HDF5Limits.memory(ofFile: fileSize))
        #endif
    }

    #if canImport(Glibc)
        private typealias Resource = __rlimit_resource
    #else
        private typealias Resource = Int32
    #endif

    private static func limit(_ resource: Resource, _ most: Int) {
        var limit = rlimit(rlim_cur: rlim_t(most), rlim_max: rlim_t(most))
        #if canImport(Glibc)
            setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
        #else
            setrlimit(resource, &limit)
        #endif
    }

    #if os(Linux)
        /// Bytes of address space that the process has already: other libraries reserve much and use little.
        private static func addressSpace() -> Int {
            var text = [UInt8](repeating: 0, count: 64)
            let descriptor = open("/proc/self/statm", O_RDONLY)
            guard descriptor >= 0 else { return 1 << 34 }
            defer { close(descriptor) }
            let count = read(descriptor, &text, text.count)
            let pages = Int(String(decoding: text[..<max(0, count)].prefix { $0 != 0x20 }, as: UTF8.self))
            return (pages ?? 1 << 22) * sysconf(Int32(_SC_PAGESIZE))
        }
    #endif
}
