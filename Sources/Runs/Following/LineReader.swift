import Files

/// Reads whole lines of a text that someone else may be writing; what isn't ended yet is left for the next call.
final class LineReader {
    /// Bytes of a line from which on it is passed over.
    static let longestLine = 1 << 16
    private static let chunk = 1 << 16

    let file: GrowingFile
    /// Where the first line that was not given yet begins.
    private(set) var offset = 0
    /// A line is passed over: its end is still to come.
    private var isSkipping = false

    init(_ path: String) throws(FileError) { file = try GrowingFile(path) }

    /// Whether the file was replaced or cut off since: it has to be read from its start.
    var isStale: Bool { file.isStale(readTo: offset) }

    /// What comes of the next lines that something comes of; empty where there are none by now.
    func rows(_ row: (String) -> LogRow?) throws(FileError) -> [LogRow] {
        while true {
            let lines = try lines()
            let rows = lines.compactMap(row)
            if lines.isEmpty || !rows.isEmpty { return rows }
        }
    }

    /// The next whole lines, without their ends; empty where there are none by now.
    func lines() throws(FileError) -> [String] {
        while true {
            let bytes = try file.read(LineReader.chunk + 1, at: offset)
            guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
                guard bytes.count > LineReader.longestLine else { return [] }
                offset += bytes.count
                isSkipping = true
                continue
            }
            offset += end + 1
            // By bytes: to Swift a carriage return and a line feed are one character.
            var lines = bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
            if isSkipping { lines = lines.dropFirst() }
            isSkipping = false
            if !lines.isEmpty {
                return lines.map { line in
                    String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
                }
            }
        }
    }
}
