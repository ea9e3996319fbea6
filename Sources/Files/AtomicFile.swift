import Platform

/// Files that are whole or not there: the bytes go to a temporary file beside the target, are brought to the disk, and
/// take the target's name in one step. A reader of the target meanwhile sees the old file or the new one. On Linux the
/// temporary file has no name until it is whole, where the file system can do that, so that a program that is ended
/// meanwhile leaves nothing behind.
///
/// A symbolic link stays one: what it points to is replaced. A target that is no regular file (`/dev/stdout`, a named
/// pipe) cannot be replaced and is written directly.
public enum AtomicFile {
    /// Writes all bytes of a file.
    ///
    /// - Throws: ``FileError``; the target is then as it was, and the temporary file is gone.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try write(to: path) { (file: borrowing FileWriter) throws(FileError) in
            try file.write(bytes)
        }
    }

    /// Looks whether a file could be made or replaced, before the work that makes its bytes; nothing is written.
    ///
    /// - Throws: ``FileError/cannotCreate(path:reason:)``
    public static func check(_ path: String) throws(FileError) {
        let target = try Target(path)
        guard target.canBeReplaced else { return }
        guard access(target.folder, W_OK | X_OK) == 0 else {
            throw .cannotCreate(path: path, reason: lastErrorReason())
        }
    }

    /// Writes a file piece by piece, for what is too large to be put together in memory.
    ///
    /// - Parameter body: writes the pieces in turn; the error that it throws leaves the target as it was.
    /// - Throws: ``FileError``; the target is then as it was, and the temporary file is gone.
    public static func write(
        to path: String, _ body: (borrowing FileWriter) throws(FileError) -> Void
    ) throws(FileError) {
        let target = try Target(path)
        guard target.canBeReplaced else {
            let file = try FileWriter(opening: target.path, O_WRONLY, shownAs: path)
            try body(file)
            try file.close()
            return
        }
        // Hidden, and with a name of its own, so that two writers of one file do not meet.
        let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let temporary = "\(target.folder)/.\(target.name.prefix(64)).\(suffix).tmp"
        do {
            let file = try FileWriter(making: temporary, in: target.folder, shownAs: path)
            if let mode = target.mode { file.setMode(mode) }
            try body(file)
            try file.synchronize()
            try file.takeName(temporary)
            try file.close()
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, target.path) == 0 else {
            let error = FileError.cannotCreate(path: path, reason: lastErrorReason())
            unlink(temporary)
            throw error
        }
        Folder.synchronize(target.folder)
    }
}

/// What a path means before it is written.
private struct Target {
    /// Where symbolic links lead, if there is something already.
    let path: String
    let folder: String
    let name: String
    /// The permissions of the file that is replaced.
    let mode: mode_t?
    let canBeReplaced: Bool

    init(_ path: String) throws(FileError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .cannotCreate(path: path, reason: "this is no file name")
        }
        self.path = resolvedPath(path) ?? path
        var status = stat()
        if stat(self.path, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            guard kind != S_IFDIR else { throw .cannotCreate(path: path, reason: "it is a folder") }
            canBeReplaced = kind == S_IFREG
            mode = status.st_mode & 0o7777
        } else {
            canBeReplaced = true
            mode = nil
        }
        if let slash = self.path.lastIndex(of: "/") {
            let parent = String(self.path[..<slash])
            folder = parent.isEmpty ? "/" : parent
            name = String(self.path[self.path.index(after: slash)...])
        } else {
            folder = "."
            name = self.path
        }
        guard !name.isEmpty else { throw .cannotCreate(path: path, reason: "there is no such folder") }
    }
}

/// Takes the bytes of a file that is being written; only ``AtomicFile`` makes one.
public struct FileWriter: ~Copyable {
    private let descriptor: Descriptor
    /// The name that errors tell: the one that the caller knows.
    private let shownPath: String
    private let isNameless: Bool

    #if os(Linux)
        /// `O_TMPFILE`, which is no simple constant and so not imported.
        private static let nameless: Int32 = 0o20_000_000 | O_DIRECTORY
    #endif

    /// Makes a temporary file, without a name where that can be done.
    fileprivate init(making temporary: String, in folder: String, shownAs path: String) throws(FileError) {
        #if os(Linux)
            let number = open(folder, O_WRONLY | O_CLOEXEC | FileWriter.nameless, 0o666)
            if number >= 0 {
                // Its name will be made from this one.
                if access(FileWriter.link(to: number), F_OK) == 0 {
                    self.init(number, shownAs: path, isNameless: true)
                    return
                }
                _ = systemClose(number)
            }
        #endif
        try self.init(opening: temporary, O_WRONLY | O_CREAT | O_EXCL, shownAs: path)
    }

    private static func link(to descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

    /// Gives a file without a name its name; one that has it keeps it.
    fileprivate borrowing func takeName(_ name: String) throws(FileError) {
        guard isNameless else { return }
        guard linkat(AT_FDCWD, FileWriter.link(to: descriptor.number), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
            throw .cannotCreate(path: shownPath, reason: lastErrorReason())
        }
    }

    fileprivate init(opening path: String, _ flags: Int32, shownAs shownPath: String) throws(FileError) {
        let number = open(path, flags | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw .cannotCreate(path: shownPath, reason: lastErrorReason()) }
        self.init(number, shownAs: shownPath, isNameless: false)
    }

    private init(_ number: Int32, shownAs shownPath: String, isNameless: Bool) {
        descriptor = Descriptor(number: number)
        self.shownPath = shownPath
        self.isNameless = isNameless
    }

    /// Appends bytes.
    public borrowing func write(_ bytes: [UInt8]) throws(FileError) {
        var failure: FileError?
        bytes.withUnsafeBytes { failure = writeAll($0) }
        if let failure { throw failure }
    }

    /// Appends bytes.
    public borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        if let failure = writeAll(bytes) { throw failure }
    }

    private borrowing func writeAll(_ bytes: UnsafeRawBufferPointer) -> FileError? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = systemWrite(descriptor.number, UnsafeRawBufferPointer(rebasing: rest))
            if count < 0 {
                if errno == EINTR { continue }
                return .cannotWrite(path: shownPath, reason: lastErrorReason())
            }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    fileprivate borrowing func setMode(_ mode: mode_t) {
        // Permissions that cannot be kept are no reason to lose the file.
        _ = fchmod(descriptor.number, mode)
    }

    fileprivate borrowing func synchronize() throws(FileError) {
        guard fsync(descriptor.number) == 0 else { throw .cannotWrite(path: shownPath, reason: lastErrorReason()) }
    }

    /// Closes the file and says what only closing it brings to light, such as a full disk behind a network.
    fileprivate consuming func close() throws(FileError) {
        let path = shownPath
        guard descriptor.close() == 0 else { throw .cannotWrite(path: path, reason: lastErrorReason()) }
    }
}

/// An open file, closed exactly once.
private struct Descriptor: ~Copyable {
    let number: Int32

    consuming func close() -> Int32 {
        let number = number
        discard self
        return systemClose(number)
    }

    deinit { _ = systemClose(number) }
}

// `write` and `close` are methods above; these are the system's.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
