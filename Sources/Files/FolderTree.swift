import Platform

/// Folders with all that is in them.
extension Folder {
    /// A new folder that no one else has, in the system's place for temporary files.
    ///
    /// - Throws: ``FileError/cannotCreate(path:reason:)``
    public static func makeTemporary(named name: String) throws(FileError) -> String {
        var template = Array("\(temporaryFolder)/\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .cannotCreate(path: "\(temporaryFolder)/\(name)", reason: lastErrorReason())
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Moves a folder to a new name, on another disk too; where that fails, it stays where it was.
    ///
    /// - Throws: ``FileError``
    public static func move(_ path: String, to target: String) throws(FileError) {
        if rename(path, target) == 0 { return }
        guard errno == EXDEV else { throw .cannotCreate(path: target, reason: lastErrorReason()) }
        do throws(FileError) {
            try copy(path, to: target)
        } catch {
            removeAll(target)
            throw error
        }
        removeAll(path)
    }

    private static func copy(_ path: String, to target: String) throws(FileError) {
        try make(target)
        for name in try names(in: path) {
            let (from, to) = ("\(path)/\(name)", "\(target)/\(name)")
            if exists(from) {
                try copy(from, to: to)
            } else {
                let file = try MappedFile(from)
                try AtomicFile.write(try file.read(file.size, at: 0), to: to)
            }
        }
    }

    /// Removes a folder and all that is in it, as far as that is possible; a link in it, but not where it leads to.
    public static func removeAll(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in (try? names(in: path)) ?? [] { removeAll("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
