import Platform

/// Folders: making them, and what is in them.
public enum Folder {
    /// Makes a folder and those above it, as far as they are missing.
    ///
    /// - Throws: ``FileError/cannotCreate(path:reason:)``, naming the folder that could not be made.
    public static func make(_ path: String) throws(FileError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .cannotCreate(path: path, reason: "this is no folder's name")
        }
        guard !exists(path) else { return }
        if let parent = parent(of: path) { try make(parent) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw .cannotCreate(path: path, reason: lastErrorReason())
        }
        guard exists(path) else { throw .cannotCreate(path: path, reason: "a file has this name") }
        synchronize(parent(of: path) ?? ".")
    }

    /// Whether there is a folder of this name.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return !path.utf8.contains(0) && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether anything has this name: a file, a folder, or a link that leads nowhere.
    public static func hasEntry(_ path: String) -> Bool {
        var status = stat()
        return !path.utf8.contains(0) && lstat(path, &status) == 0
    }

    /// The folder that a path lies in; nil for one name, and for the root.
    public static func parent(of path: String) -> String? {
        let trimmed = trimmed(path)
        guard trimmed != "/", let slash = trimmed.lastIndex(of: "/") else { return nil }
        let parent = trimmed[..<slash]
        return parent.isEmpty ? "/" : String(parent)
    }

    /// The last name of a path.
    public static func name(of path: String) -> String {
        trimmed(path).split(separator: "/").last.map(String.init) ?? path
    }

    private static func trimmed(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    /// The names of what is in a folder, sorted; not more than so many.
    ///
    /// - Throws: ``FileError``, where it isn't a folder or cannot be read.
    public static func names(in path: String, limit: Int = 100_000) throws(FileError) -> [String] {
        guard !path.utf8.contains(0), let stream = opendir(path) else {
            throw errno == ENOENT ? .notFound(path: path) : .cannotRead(path: path, reason: lastErrorReason())
        }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file; that it isn't there is no error.
    ///
    /// - Throws: ``FileError/cannotWrite(path:reason:)``.
    public static func remove(file path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .cannotWrite(path: path, reason: lastErrorReason())
        }
    }

    /// Brings new names in a folder to the disk. Some file systems refuse this for folders, hence no error.
    public static func synchronize(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
