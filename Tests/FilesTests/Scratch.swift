import Foundation
import Platform

/// A folder of a test's own, gone afterwards.
final class Scratch {
    let path = NSTemporaryDirectory() + "files-\(UUID().uuidString)"

    init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func / (folder: Scratch, name: String) -> String { "\(folder.path)/\(name)" }
}
