import CZlib
import Foundation

@testable import Datasets

/// A folder that is there for one test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("latentwalk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, and the folders that lead to it; returns its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }
}

/// The bytes of an IDX file of unsigned bytes.
func idx(_ shape: [Int], _ elements: [UInt8], type: UInt8 = 8) -> [UInt8] {
    let extents = shape.flatMap { extent in (0..<4).reversed().map { UInt8(truncatingIfNeeded: extent >> (8 * $0)) } }
    return [0, 0, type, UInt8(shape.count)] + extents + elements
}

/// Images whose pixels count up from `first`, wrapping around.
func idxImages(count: Int, height: Int = 2, width: Int = 3, first: Int = 0) -> [UInt8] {
    idx([count, height, width], (0..<count * height * width).map { UInt8(truncatingIfNeeded: first + $0) })
}

/// The labels 0, 1, … `classes` - 1, 0, …
func idxLabels(count: Int, classes: Int = 3) -> [UInt8] { idx([count], (0..<count).map { UInt8($0 % classes) }) }

/// The bytes packed by gzip's method, as one member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let room = output.count
    let rest = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(room)
            deflate(&stream, Z_FINISH)
            return Int(stream.avail_out)
        }
    }
    return Array(output.prefix(room - rest))
}

/// What full data tests run on, if it is on this computer.
func installed(_ known: KnownDataset) -> IDXFolder? { try? DatasetLibrary.current.find(known) }
