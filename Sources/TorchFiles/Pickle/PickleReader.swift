/// A pickle's bytes, read from their beginning: what is asked for is there, or the reading fails.
struct PickleReader {
    /// The longest piece: a storage within a pickle.
    private static let longest = 1 << 30
    private static let longestLine = 1 << 20
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func byte() throws(PickleProblem) -> UInt8 { try take(1)[0] }

    /// A little-endian number of so many bytes without sign; the last of eight must leave room for a sign.
    mutating func count(_ size: Int) throws(PickleProblem) -> Int {
        let number = try take(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // What is larger is longer than any file.
        guard let count = Int(exactly: number) else { throw .endsEarly }
        return count
    }

    mutating func signed32() throws(PickleProblem) -> Int {
        Int(Int32(truncatingIfNeeded: try count(4)))
    }

    /// A double, its most significant byte first.
    mutating func double() throws(PickleProblem) -> Double {
        Double(bitPattern: try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    mutating func take(_ count: Int) throws(PickleProblem) -> [UInt8] {
        guard count >= 0, count <= bytes.count - offset else { throw .endsEarly }
        guard count <= Self.longest else { throw .tooLong(at: offset, limit: Self.longest) }
        defer { offset += count }
        return Array(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }

    mutating func text(_ count: Int) throws(PickleProblem) -> String {
        let start = offset
        guard let text = String(validating: try take(count), as: UTF8.self) else { throw .badText(at: start) }
        return text
    }

    /// The bytes up to a line feed, which is taken too.
    mutating func line() throws(PickleProblem) -> [UInt8] {
        guard let end = bytes[offset...].prefix(Self.longestLine).firstIndex(of: 0x0A) else {
            guard bytes.count - offset < Self.longestLine else { throw .tooLong(at: offset, limit: Self.longestLine) }
            throw .endsEarly
        }
        let line = try take(end - offset)
        offset += 1
        return line
    }

    mutating func textLine() throws(PickleProblem) -> String {
        let start = offset
        guard let text = String(validating: try line(), as: UTF8.self) else { throw .badText(at: start) }
        return text
    }
}
