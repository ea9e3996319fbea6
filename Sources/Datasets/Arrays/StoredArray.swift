import Archives
import Files
import Numbers
import Pictures

/// An array of NumPy's in a file: an .npy file, gzipped or not, or an entry of an .npz archive.
struct StoredArray: Sendable {
    enum Place: Sendable {
        case file(String)
        /// An entry of the archive at a path.
        case entry(ZipArchive.Entry, of: String)

        /// As sentences call it.
        var path: String {
            switch self {
            case .file(let path): path
            case .entry(let entry, let path): "\(path) (\(entry.name))"
            }
        }

        func open() throws(DatasetError) -> any ByteStream {
            switch self {
            case .file(let path): try InflatingReader(path)
            case .entry(let entry, let path): try ZipEntryStream(entry, of: path)
            }
        }
    }

    let place: Place
    let shape: [Int]
    let element: ArrayElement
    /// Where the numbers begin.
    private let offset: Int

    /// No data set comes near; what says more is damaged or wants to do damage.
    static let maximumSize = 64 << 30
    /// What deflate can pack into one byte at the very best.
    private static let maximumInflation = 1032

    /// Reads the header, and checks that as many numbers can be there as it says.
    ///
    /// - Throws: ``DatasetError/array(path:_:)``
    init(_ place: Place) throws(DatasetError) {
        func wrong(_ problem: ArrayProblem) -> DatasetError { .array(path: place.path, problem) }
        let stream = try place.open()
        let preamble = try stream.next(NPYHeader.preambleLength)
        let (start, length) = try StoredArray.checked(place) { () throws(NPYProblem) in
            try NPYHeader.dictionary(preamble: preamble)
        }
        var dictionary = Array(preamble[start...])
        dictionary += try stream.next(max(0, length - dictionary.count))
        guard dictionary.count >= length else { throw wrong(.header(.header)) }
        let header = try StoredArray.checked(place) { () throws(NPYProblem) in
            try NPYHeader(dictionary: Array(dictionary.prefix(length)))
        }
        offset = start + length
        guard !header.isFortranOrder || header.shape.count < 2 else { throw wrong(.fortranOrder) }
        guard let element = ArrayElement(header.descriptor) else { throw wrong(.elementType(header.descriptor)) }
        self.place = place
        self.element = element
        shape = header.shape
        try checkSize(stream)
    }

    private static func checked<Value>(
        _ place: Place, _ body: () throws(NPYProblem) -> Value
    ) throws(DatasetError) -> Value {
        do throws(NPYProblem) {
            return try body()
        } catch {
            throw .array(path: place.path, .header(error))
        }
    }

    /// The bytes of the numbers.
    private var size: Int { shape.reduce(element.type.size, *) }

    private func checkSize(_ stream: any ByteStream) throws(DatasetError) {
        func wrong(_ problem: ArrayProblem) -> DatasetError { .array(path: place.path, problem) }
        guard let size = product(of: [element.type.size] + shape, atMost: StoredArray.maximumSize) else {
            throw wrong(.tooLarge(shape))
        }
        let stored: Int
        switch place {
        case .entry(let entry, _): stored = entry.size
        case .file:
            guard let reader = stream as? InflatingReader else { return }
            guard !reader.isGzipped else {
                guard size <= reader.fileSize * StoredArray.maximumInflation else {
                    throw wrong(.truncated(expected: size, found: reader.fileSize))
                }
                return
            }
            stored = reader.fileSize
        }
        guard stored - offset >= size else { throw wrong(.truncated(expected: size, found: max(0, stored - offset))) }
        guard stored - offset == size else { throw wrong(.trailingBytes(expected: size)) }
    }

    /// Reads the first entries of the first dimension, one after the other.
    ///
    /// - Parameter body: gets the number of an entry and its bytes.
    /// - Throws: ``DatasetError``, also what `body` throws.
    func forEachEntry(
        _ count: Int, _ body: (Int, UnsafeRawBufferPointer) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        let entrySize = shape.dropFirst().reduce(element.type.size, *)
        let stream = try place.open()
        _ = try stream.next(offset)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: entrySize, alignment: 8)
        defer { buffer.deallocate() }
        for index in 0..<count {
            let filled = try stream.read(into: buffer)
            guard filled == entrySize else {
                throw .array(
                    path: place.path, .truncated(expected: size, found: index * entrySize + filled))
            }
            try body(index, UnsafeRawBufferPointer(buffer))
        }
    }

    /// The same, with the entry's numbers.
    func forEachEntry(
        _ count: Int, numbers body: (Int, UnsafeBufferPointer<Double>) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        let length = shape.dropFirst().reduce(1, *)
        let numbers = UnsafeMutablePointer<Double>.allocate(capacity: length)
        defer { numbers.deallocate() }
        try forEachEntry(count) { (index, bytes) throws(DatasetError) in
            element.decode(bytes, into: numbers)
            try body(index, UnsafeBufferPointer(start: numbers, count: length))
        }
    }
}
