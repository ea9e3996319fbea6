import Foundation
import Platform

/// A file system of a test's own that is soon full; it goes when the value does. Only root can make one, on Linux.
public final class SmallDisk {
    public let path: String

    public static var canBeMade: Bool {
        #if os(Linux)
            // Containers may have a root that may not mount.
            geteuid() == 0 && SmallDisk(bytes: 4096) != nil
        #else
            false
        #endif
    }

    /// - Returns: nil where it cannot be made.
    public init?(bytes: Int) {
        path = NSTemporaryDirectory() + "disk-\(UUID().uuidString)"
        guard (try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)) != nil,
            SmallDisk.run("mount", "-t", "tmpfs", "-o", "size=\(bytes)", "latentwalk-test", path)
        else {
            rmdir(path)
            return nil
        }
    }

    deinit {
        _ = SmallDisk.run("umount", "-l", path)
        rmdir(path)
    }

    /// - Returns: whether nothing can be written any more.
    public func makeReadOnly() -> Bool { SmallDisk.run("mount", "-o", "remount,ro", path) }

    public static func / (disk: SmallDisk, name: String) -> String { "\(disk.path)/\(name)" }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
