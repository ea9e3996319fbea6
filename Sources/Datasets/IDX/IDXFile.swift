import Numbers

/// The bytes of an IDX file: the format of MNIST and of the data sets that took its place.
///
/// Two zero bytes, the element type, the number of dimensions; then each extent as a big-endian 32-bit number; then the
/// elements, the last dimension innermost. Described by LeCun, Cortes and Burges with the MNIST database.
struct IDXFile {
    /// All extents as the header has them, also when only the first elements were read.
    let shape: [Int]
    /// The elements of the first `limit` entries of the first dimension.
    let bytes: [UInt8]

    /// No data set of bytes comes near; what says more is damaged or wants to do damage.
    static let maximumSize = 2 << 30

    private static let unsignedByte: UInt8 = 0x08
    /// What gzip can pack into one byte at the very best.
    private static let maximumInflation = 1032

    /// Reads a file of bytes, gzipped or not.
    ///
    /// - Parameters:
    ///   - rank: the number of dimensions it should have.
    ///   - limit: reads only this many entries of the first dimension, and leaves the rest unchecked.
    /// - Throws: ``DatasetError`` if the file cannot be read, or is not exactly what its header says.
    init(_ path: String, rank: Int, limit: Int? = nil) throws(DatasetError) {
        let reader = try InflatingReader(path)
        shape = try IDXFile.readShape(reader, rank: rank)
        try IDXFile.check(shape, in: reader)
        let entries = min(limit ?? shape[0], shape[0])
        let wanted = shape.dropFirst().reduce(entries, *)
        bytes = try reader.bytes(wanted)
        guard bytes.count == wanted else {
            throw .malformed(path: path, .truncated(expected: wanted, found: bytes.count))
        }
        if entries == shape[0], try !reader.isExhausted() {
            throw .malformed(path: path, .trailingBytes(expected: wanted))
        }
    }

    private static func readShape(_ reader: InflatingReader, rank: Int) throws(DatasetError) -> [Int] {
        func wrong(_ problem: IDXProblem) -> DatasetError { .malformed(path: reader.path, problem) }
        let magic = try reader.bytes(4)
        guard magic.count == 4, magic[0] == 0, magic[1] == 0, (1...8).contains(magic[3]) else { throw wrong(.notIDX) }
        guard magic[2] == unsignedByte else { throw wrong(.elementType(magic[2])) }
        guard magic[3] == rank else { throw wrong(.rank(found: Int(magic[3]), expected: rank)) }
        let extents = try reader.bytes(4 * rank)
        guard extents.count == 4 * rank else { throw wrong(.truncated(expected: 4 * rank, found: extents.count)) }
        return (0..<rank).map { index in
            extents[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) }
        }
    }

    /// Whether so many elements can be there at all, before memory is taken for them.
    private static func check(_ shape: [Int], in reader: InflatingReader) throws(DatasetError) {
        func wrong(_ problem: IDXProblem) -> DatasetError { .malformed(path: reader.path, problem) }
        guard shape.allSatisfy({ $0 > 0 }) else { throw wrong(.emptyExtent(shape)) }
        guard let size = product(of: shape, atMost: maximumSize) else { throw wrong(.tooLarge(shape)) }
        let header = 4 + 4 * shape.count
        if reader.isGzipped {
            guard size <= reader.fileSize * maximumInflation else {
                throw wrong(.impossible(shape, fileSize: reader.fileSize))
            }
        } else {
            guard size >= reader.fileSize - header else { throw wrong(.trailingBytes(expected: size)) }
            guard size <= reader.fileSize - header else {
                throw wrong(.truncated(expected: size, found: reader.fileSize - header))
            }
        }
    }
}
