import Files
import Platform

/// What a command gives: data for people and pipes, and nothing else.
///
/// Every text goes out at once, so that the reader of a pipe sees progress as it comes, and a full disk is an error.
enum StandardOutput {
    /// - Throws: ``FileError/cannotWrite(path:reason:)``
    static func write(_ text: String) throws(FileError) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(STDOUT_FILENO, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .cannotWrite(path: "to standard output", reason: lastErrorReason())
            }
            rest = rest.dropFirst(count)
        }
    }
}
