import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A folder on the web that has a data set's files. HTTPS only; plain HTTP is for servers on this computer.
public struct Mirror: Hashable, Sendable, CustomStringConvertible {
    public let url: URL

    /// - Throws: ``FetchError/badMirror(_:)`` if the text is no such address.
    public init(_ text: String) throws(FetchError) {
        guard let url = URL(string: text.hasSuffix("/") ? text : text + "/"), Mirror.isTrusted(url) else {
            throw .badMirror(text)
        }
        self.url = url
    }

    /// A mirror of the table in `RemoteFile.swift`; nil if its address is wrong, which a test rules out.
    init?(listed text: String) {
        guard let mirror = try? Mirror(text) else { return nil }
        self = mirror
    }

    /// Whether files may come from this address: nobody on the way can read or change what HTTPS carries, and what a
    /// server on this computer says does not leave it.
    static func isTrusted(_ url: URL) -> Bool {
        guard let host = url.host?.lowercased(), !host.isEmpty else { return false }
        switch url.scheme?.lowercased() {
        case "https": return true
        case "http": return ["127.0.0.1", "::1", "[::1]", "localhost"].contains(host)
        default: return false
        }
    }

    func url(of file: RemoteFile) -> URL { url.appendingPathComponent(file.name) }

    public var description: String { url.absoluteString.printable }
}
