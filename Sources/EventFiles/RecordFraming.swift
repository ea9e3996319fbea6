/// How records lie in an event file, one after the other: the length of the data (8 bytes, little-endian), a check of
/// these 8 bytes, the data, a check of the data. The format is TFRecord's, without compression.
enum RecordFraming {
    /// Bytes before the data: the length and its check.
    static let headSize = 12
    /// Bytes behind the data: their check.
    static let tailSize = 4

    /// A record around some data.
    static func record(around data: [UInt8]) -> [UInt8] {
        let length = littleEndian(UInt64(data.count))
        return length + littleEndian(CRC32C.masked(length)) + data + littleEndian(CRC32C.masked(data))
    }

    /// The length of the data that a record's first 12 bytes announce; nil where their check is wrong.
    static func length(head: ArraySlice<UInt8>) -> UInt64? {
        let length = head.prefix(8)
        guard number(head.dropFirst(8).prefix(4)) == UInt64(CRC32C.masked(length)) else { return nil }
        return number(length)
    }

    /// Whether the four bytes behind the data are their check.
    static func isIntact(data: ArraySlice<UInt8>, tail: ArraySlice<UInt8>) -> Bool {
        number(tail) == UInt64(CRC32C.masked(data))
    }

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
