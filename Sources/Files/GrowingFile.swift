import Platform

/// A file that someone else may be writing: read by system calls at offsets, never mapped, so that it may grow, shrink
/// or be replaced meanwhile.
public final class GrowingFile {
    /// What makes a file another one, though it has the same name.
    public struct Identity: Hashable, Sendable {
        let device: UInt64
        let node: UInt64
    }

    public let identity: Identity
    private let file: OpenFile

    public var path: String { file.path }

    /// - Throws: ``FileError`` for what isn't there, isn't a file, or may not be read.
    public init(_ path: String) throws(FileError) {
        file = try OpenFile(path)
        identity = Identity(try file.status())
    }

    /// The file that now has a name; nil where there is none.
    public static func identity(of path: String) -> Identity? {
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0 else { return nil }
        return Identity(status)
    }

    /// Whether the name belongs to another file by now, or to none.
    public var isReplaced: Bool { GrowingFile.identity(of: path) != identity }

    /// Whether what was read up to an offset is no longer its beginning: it was replaced, removed or cut off.
    public func isStale(readTo offset: Int) -> Bool { isReplaced || ((try? size()) ?? 0) < offset }

    /// Bytes that the file has now.
    public func size() throws(FileError) -> Int { try file.size() }

    /// Reads up to so many bytes; fewer where the file ends.
    ///
    /// - Precondition: neither number is negative.
    public func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        precondition(count >= 0 && offset >= 0, "a place in a file")
        // No more memory than the file can fill.
        return try file.read(min(count, max(0, try size() - offset)), at: offset)
    }

    /// All of a small file.
    ///
    /// - Parameter most: bytes of a file that is read at all.
    /// - Throws: ``FileError``, also for a larger file.
    public static func contents(of path: String, atMost most: Int) throws(FileError) -> [UInt8] {
        let file = try GrowingFile(path)
        guard try file.size() <= most else {
            throw .cannotRead(path: path, reason: "it is larger than any such file")
        }
        return try file.read(most, at: 0)
    }
}

extension GrowingFile.Identity {
    fileprivate init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        node = UInt64(truncatingIfNeeded: status.st_ino)
    }
}
