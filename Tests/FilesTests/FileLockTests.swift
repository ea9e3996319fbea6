import Files
import Foundation
import Testing

@Suite("Locks")
struct FileLockTests {
    private let folder = Scratch()

    @Test("A lock is held once, says by whom, and leaves nothing when it is given back")
    func once() throws {
        let path = folder / "lock"
        var lock: FileLock? = try FileLock(path)
        #expect(lock != nil)
        let error = #expect(throws: FileLockError.self) { try FileLock(path) }
        let process = Int(ProcessInfo.processInfo.processIdentifier)
        #expect(error == .held(path: path, process: process, host: FileLock.hostName))
        #expect(error?.description.contains("process \(process) on ") == true)
        lock = nil
        #expect(!FileManager.default.fileExists(atPath: path))
        lock = try FileLock(path)
    }

    @Test("What a process left that was ended is no lock")
    func leftBehind() throws {
        try Data("123456 elsewhere\n".utf8).write(to: URL(fileURLWithPath: folder / "lock"))
        let lock = try FileLock(folder / "lock")
        withExtendedLifetime(lock) {}
    }

    @Test("A holder that is killed has given the lock back")
    func killed() throws {
        let path = folder / "lock"
        try Data().write(to: URL(fileURLWithPath: path))
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = """
            from fcntl import flock, LOCK_EX
            from sys import argv
            from time import sleep
            file = open(argv[1], "r+")
            flock(file, LOCK_EX)
            print("held", flush=True)
            sleep(60)
            """
        holder.arguments = ["python3", "-c", script, path]
        let output = Pipe()
        holder.standardOutput = output
        try holder.run()
        #expect(output.fileHandleForReading.availableData.first == UInt8(ascii: "h"))
        #expect(throws: FileLockError.held(path: path, process: nil, host: nil)) { try FileLock(path) }
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        let lock = try FileLock(path)
        withExtendedLifetime(lock) {}
    }

    @Test("A place where no lock can be made is refused with its reason")
    func noPlace() {
        let error = #expect(throws: FileLockError.self) { try FileLock(folder / "no/lock") }
        #expect(error?.description.hasPrefix("cannot create") == true)
    }
}
