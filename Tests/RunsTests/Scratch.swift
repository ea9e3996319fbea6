import Foundation

/// A folder of a test's own, gone afterwards.
final class Scratch {
    let path = NSTemporaryDirectory() + "runs-\(UUID().uuidString)"

    init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func / (folder: Scratch, name: String) -> String { "\(folder.path)/\(name)" }

    func append(_ text: String, to name: String) throws {
        let path = self / name
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    func folder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: self / name, withIntermediateDirectories: true)
        return self / name
    }
}
