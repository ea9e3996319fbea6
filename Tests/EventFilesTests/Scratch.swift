import Foundation

/// A folder of a test's own, gone afterwards.
final class Scratch {
    let path = NSTemporaryDirectory() + "events-\(UUID().uuidString)"

    init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func / (folder: Scratch, name: String) -> String { "\(folder.path)/\(name)" }

    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: self / name))
        return self / name
    }
}

/// A file that another program wrote; make_event_files.py made it.
func fixture(_ name: String) throws -> String {
    guard let path = Bundle.module.path(forResource: "Fixtures/\(name)", ofType: nil) else {
        throw CocoaError(.fileNoSuchFile)
    }
    return path
}

func contents(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map(Array.init) ?? [] }
