import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a fetch tells about its progress.
public enum FetchEvent: Hashable, Sendable {
    /// The file is in the folder and is what it should be.
    case present(RemoteFile)
    /// A mirror is asked; `size` bytes are there already.
    case asking(RemoteFile, Mirror, size: Int)
    /// So many bytes have come, of as many as the mirror has promised, if it has.
    case received(RemoteFile, size: Int, expected: Int?)
    /// A mirror did not send the file; the next one is asked.
    case failed(RemoteFile, FetchError.MirrorFailure)
    /// The file has come and is what it should be.
    case finished(RemoteFile)
}

/// Fetches files from mirrors into a folder. A file has its name there only when its contents have been checked; until
/// then it is a ``PartialFile``, with which a later fetch goes on.
public struct DatasetFetcher: Sendable {
    /// Asked in this order, except that one whose part of a file is there already is asked first.
    public let mirrors: [Mirror]
    /// The longest silence of a mirror, in seconds.
    public let timeout: Double

    /// How often one mirror may break a connection that had brought something, for one file.
    private static let maximumBreaks = 8

    public init(mirrors: [Mirror], timeout: Double = 30) {
        self.mirrors = mirrors
        self.timeout = timeout
    }

    /// Fetches those of `files` that are missing or damaged.
    ///
    /// - Parameters:
    ///   - folder: is made if it is not there.
    ///   - listener: is told what happens, on any thread.
    /// - Throws: ``FetchError``; files that were complete stay, and parts do.
    public func fetch(
        _ files: [RemoteFile], into folder: String, listener: @escaping @Sendable (FetchEvent) -> Void = { _ in }
    ) async throws(FetchError) {
        let lock = try DatasetFetcher.hold(folder)
        defer { lock.release() }
        for file in files {
            let target = "\(folder)/\(file.name)"
            if FileManager.default.fileExists(atPath: target), file.isContained(in: target) {
                listener(.present(file))
            } else {
                try await fetch(file, to: target, listener)
            }
        }
    }

    private func fetch(
        _ file: RemoteFile, to target: String, _ listener: @escaping @Sendable (FetchEvent) -> Void
    ) async throws(FetchError) {
        let part = try PartialFile(of: target)
        // All may have come before the last run was stopped.
        if part.size > 0, file.isContained(in: part.path) {
            try part.finish(as: target)
            listener(.finished(file))
            return
        }
        var failures: [FetchError.MirrorFailure] = []
        let begun = part.origin?.url
        let order =
            mirrors.filter { $0.url(of: file).absoluteString == begun }
            + mirrors.filter { $0.url(of: file).absoluteString != begun }
        for mirror in order {
            guard let reason = try await fetch(file, from: mirror, into: part, listener) else {
                try part.finish(as: target)
                listener(.finished(file))
                return
            }
            let failure = FetchError.MirrorFailure(mirror: mirror, reason: reason)
            listener(.failed(file, failure))
            failures.append(failure)
        }
        if part.size == 0 { part.remove() }
        throw .unavailable(file: file.name, failures: failures)
    }

    /// Fetches a file from one mirror, going on after breaks.
    ///
    /// - Returns: nil if the part is now the whole file, or else what the mirror did.
    private func fetch(
        _ file: RemoteFile, from mirror: Mirror, into part: PartialFile,
        _ listener: @escaping @Sendable (FetchEvent) -> Void
    ) async throws(FetchError) -> String? {
        let url = mirror.url(of: file)
        var breaks = 0
        while true {
            let resumed = part.origin?.url == url.absoluteString ? part.size : 0
            listener(.asking(file, mirror, size: resumed))
            do throws(Transfer.Failure) {
                try await Transfer.run(url, into: part, maximumSize: file.maximumSize, timeout: timeout) {
                    listener(.received(file, size: $0, expected: $1))
                }
            } catch {
                switch error {
                case .disk(let error): throw error
                case .cancelled: throw .cancelled
                case .network where part.size > resumed && breaks < DatasetFetcher.maximumBreaks:
                    breaks += 1
                    try await pause(breaks)
                    continue
                case .status(416) where resumed > 0, .wrongRange where resumed > 0, .tooLarge where resumed > 0:
                    // The server cannot go on with this part: without it, all is asked for.
                    try part.clear()
                    continue
                case .tooLarge, .wrongRange:
                    try part.clear()
                    return error.reason
                case .network, .status, .redirect:
                    return error.reason
                }
            }
            if file.isContained(in: part.path) { return nil }
            try part.clear()
            // A part from an earlier day may not have fitted; once more from the start.
            guard resumed > 0 else { return "sends something else (its SHA-256 is wrong)" }
        }
    }
}

extension DatasetFetcher {
    /// Gives a server time that has broken a connection; longer each time.
    private func pause(_ breaks: Int) async throws(FetchError) {
        do { try await Task.sleep(for: .milliseconds(200 * breaks)) } catch { throw .cancelled }
    }

    /// Makes a folder that isn't there, and keeps other processes from fetching into it.
    private static func hold(_ folder: String) throws(FetchError) -> FileLock {
        do throws(FileLockError) {
            do { try Folder.make(folder) } catch { throw .file(error) }
            return try FileLock("\(folder)/.lock")
        } catch {
            switch error {
            case .held: throw .busy(folder: folder)
            case .file(let error): throw FetchError(error, path: folder)
            }
        }
    }
}

extension Transfer.Failure {
    /// What the mirror did, as the rest of a sentence.
    fileprivate var reason: String {
        switch self {
        case .network(let reason): reason
        case .status(404), .status(410): "does not have it"
        case .status(let code): "answers with HTTP status \(code)"
        case .redirect(let target): "leads to an address that is not trusted (\(target.printable))"
        case .tooLarge: "sends more than the file has"
        case .wrongRange: "sends another part than was asked for"
        case .disk(let error): error.description
        case .cancelled: "was not asked to the end"
        }
    }
}

// MARK: - Checking

extension RemoteFile {
    /// Whether the contents of the file at `path`, unpacked, are these.
    func isContained(in path: String) -> Bool {
        guard let reader = try? InflatingReader(path) else { return false }
        let digest = SHA256()
        var size = 0
        // More than there should be is as wrong as too little, and is not unpacked to its end.
        while size <= contentSize {
            guard let bytes = try? reader.bytes(1 << 20) else { return false }
            if bytes.isEmpty { break }
            bytes.withUnsafeBytes { digest.update($0) }
            size += bytes.count
        }
        return size == contentSize && digest.hexDigest() == contentDigest
    }
}
