import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder of a training run.
enum RunFolder {
    /// Makes the folder, and refuses one that holds a model already: nothing is overwritten.
    ///
    /// All of this happens before the training: whoever trained for an hour shall not hear then that nothing can be saved.
    ///
    /// - Throws: ``RunFolderError``.
    static func prepare(_ folder: String, model: String) throws(RunFolderError) {
        guard access(model, F_OK) != 0 else { throw .taken(folder) }
        if mkdir(folder, 0o777) != 0, errno != EEXIST {
            throw .cannotMake(folder, reason: lastErrorReason())
        }
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw .notFolder(folder) }
        guard access(folder, W_OK) == 0 else { throw .cannotMake(folder, reason: lastErrorReason()) }
    }
}

/// Why a run has no folder. Each case prints one sentence.
enum RunFolderError: CommandError, Equatable {
    case taken(String)
    case notFolder(String)
    case cannotMake(String, reason: String)

    var description: String {
        switch self {
        case .taken(let folder):
            "\(folder.printable) holds a model already: name another folder with --out, or move that one away"
        case .notFolder(let folder):
            "\(folder.printable) is a file, not a folder: name another with --out"
        case .cannotMake(let folder, let reason):
            "cannot write to the folder \(folder.printable) (\(reason)): name another with --out"
        }
    }

    var exit: SystemExit { .cannotCreate }
}
