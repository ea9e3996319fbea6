import Archives
import Files

/// Bytes that are read from their beginning to their end.
protocol ByteStream: AnyObject {
    /// Fills `destination` with the next bytes and returns how many there were: fewer than asked only at the end.
    func read(into destination: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int
}

extension ByteStream {
    /// The next bytes: `count` of them, or fewer at the end.
    func next(_ count: Int) throws(DatasetError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: DatasetError?
        var filled = 0
        bytes.withUnsafeMutableBytes { buffer in
            do throws(DatasetError) { filled = try read(into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return Array(bytes.prefix(filled))
    }
}

extension InflatingReader: ByteStream {}

/// An entry of an archive, as `numpy.savez` writes it.
final class ZipEntryStream: ByteStream {
    private let reader: ZipEntryReader
    private let path: String

    init(_ entry: ZipArchive.Entry, of path: String) throws(DatasetError) {
        self.path = path
        do {
            reader = try ZipEntryReader(ZipArchive(path: path), entry)
        } catch {
            throw .array(path: path, .archive(error.reason))
        }
    }

    func read(into destination: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
        do {
            return try reader.read(into: destination)
        } catch {
            throw .array(path: path, .archive(error.reason))
        }
    }
}
