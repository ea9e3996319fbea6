import Files
import Platform

/// Opens HDF5 files, in a process of its own (``HDF5Child``).
public enum HDF5File {
    /// What a file of the format begins with; user blocks of other bytes in front are not looked for.
    public static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads a file.
    ///
    /// - Parameter executable: a program that calls ``HDF5Child/run(_:)`` first; this one where it is left out.
    public static func read(_ path: String, executable: String = runningProgram()) throws(HDF5Problem) -> HDF5Tree {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .cannotOpen("no such file") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(lastErrorReason()) }
        defer { close(descriptor) }
        return try read(descriptor, executable)
    }

    /// Reads a file that is in memory, as one in an archive.
    ///
    /// - Parameter archiveSize: bytes of the archive, which what is in it may exceed so many times and no more.
    public static func read(
        bytes: [UInt8], archiveSize: Int? = nil, executable: String = runningProgram()
    ) throws(HDF5Problem) -> HDF5Tree {
        var name = Array("\(temporaryFolder)/latentwalk-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw .cannotOpen(lastErrorReason()) }
        // The library wants a file with a name for as long as it reads.
        defer {
            close(descriptor)
            unlink(name)
        }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .cannotOpen(lastErrorReason()) }
            done += count
        }
        lseek(descriptor, 0, SEEK_SET)
        return try read(descriptor, executable, archiveSize: archiveSize)
    }

    /// The path of the program that runs.
    public static func runningProgram() -> String {
        #if os(Linux)
            return "/proc/self/exe"
        #else
            var room = UInt32(4096)
            var path = [CChar](repeating: 0, count: Int(room))
            guard _NSGetExecutablePath(&path, &room) == 0 else { return CommandLine.arguments[0] }
            return String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #endif
    }

    private static func read(
        _ file: Int32, _ executable: String, archiveSize: Int? = nil
    ) throws(HDF5Problem) -> HDF5Tree {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .cannotOpen("it is not an ordinary file")
        }
        try checkSignature(file)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotStart(lastErrorReason()) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child: pid_t
        do throws(HDF5Problem) {
            child = try HDF5Spawn.start(executable, input: file, output: ends[1])
        } catch {
            for end in ends { close(end) }
            throw error
        }
        close(ends[1])
        let deadline = ContinuousClock.now + .seconds(HDF5Limits.seconds(ofFile: Int(status.st_size)))
        var reader = RecordReader(
            ends[0], bytes: HDF5Limits.bytes(ofFile: archiveSize ?? Int(status.st_size)), deadline: deadline)
        let result: Result<HDF5Tree, HDF5Problem>
        do throws(RecordReader.Failure) {
            result = try reader.tree()
        } catch .ended {
            // A child without room or time ends, or is ended by the system.
            result = .failure(.crashed)
        } catch .late {
            result = .failure(.tookTooLong)
        } catch .tooMuch {
            result = .failure(.tooMuch("its datasets are far larger than the file"))
        } catch {
            result = .failure(.crashed)
        }
        close(ends[0])
        kill(child, SIGKILL)
        let signal = HDF5Spawn.wait(for: child)
        if case .failure(.crashed) = result, signal == SIGXCPU { throw .tookTooLong }
        return try result.get()
    }

    /// The signature has line ends of both kinds, so that whoever converts them is found out.
    private static func checkSignature(_ file: Int32) throws(HDF5Problem) {
        var start = [UInt8](repeating: 0, count: signature.count)
        let count = pread(file, &start, start.count, 0)
        guard count == start.count, start.prefix(4).elementsEqual(signature.prefix(4)), start != signature else {
            return
        }
        throw .damaged("\(TextConversion.lineEnds)")
    }
}
