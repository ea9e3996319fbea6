import Foundation
import Synchronization
import Testing

@testable import Datasets

@Suite("Fetching a data set", .timeLimit(.minutes(1)))
struct DatasetFetcherTests {
    private let folder: TemporaryFolder
    /// Bytes that gzip cannot make much smaller.
    private let contents: [UInt8]
    private let packed: [UInt8]
    private let file: RemoteFile

    init() throws {
        folder = try TemporaryFolder()
        var state: UInt32 = 1
        contents = (0..<300_000).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        packed = gzip(contents)
        file = RemoteFile(
            name: "tiny.gz", contentSize: contents.count, contentDigest: SHA256.hexDigest(of: contents))
    }

    /// Fetches the file into the folder `cache`; gives all that was told.
    @discardableResult
    private func fetch(_ mirrors: [String], timeout: Double = 10) async throws -> [FetchEvent] {
        let events = Mutex<[FetchEvent]>([])
        let fetcher = DatasetFetcher(mirrors: try mirrors.map { try Mirror($0) }, timeout: timeout)
        try await fetcher.fetch([file], into: folder.path + "/cache") { event in
            events.withLock { $0.append(event) }
        }
        return events.withLock { $0 }
    }

    /// What is in the folder; once nothing is fetched any more, no lock is among it.
    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/cache")) ?? []).sorted()
    }

    private var fetched: [UInt8]? {
        FileManager.default.contents(atPath: folder.path + "/cache/tiny.gz").map { [UInt8]($0) }
    }

    /// The reasons of the mirrors in turn.
    private func reasons(_ mirrors: [String], timeout: Double = 10) async throws -> [String] {
        let error = await #expect(throws: FetchError.self) { try await fetch(mirrors, timeout: timeout) }
        guard case .unavailable(_, let failures) = error else { return ["\(String(describing: error))"] }
        return failures.map(\.reason)
    }

    @Test("A file comes whole, has its name, and is not fetched twice")
    func whole() async throws {
        let server = try LoopbackServer { [packed] request, _ in .file(packed, for: request) }
        let events = try await fetch([server.address])
        #expect(fetched == packed)
        #expect(names == ["tiny.gz"])
        #expect(events.first == .asking(file, try Mirror(server.address), size: 0))
        #expect(events.contains(.received(file, size: packed.count, expected: packed.count)))
        #expect(events.last == .finished(file))
        #expect(try await fetch([server.address]) == [.present(file)])
        #expect(server.requests.map(\.path) == ["/tiny.gz"])
        #expect(server.requests[0].headers["accept-encoding"] == "identity")
    }

    @Test("A connection that is cut is gone on with where it ended")
    func cut() async throws {
        let server = try LoopbackServer { [packed] request, number in
            .file(packed, for: request, cutAfter: number < 2 ? 100_000 : nil)
        }
        try await fetch([server.address])
        #expect(fetched == packed)
        #expect(server.requests.map(\.rangeStart) == [nil, 100_000, 200_000])
        #expect(server.requests[1].headers["if-range"] == "\"v1\"")
    }

    @Test("A later run goes on with what an earlier one left, and asks its mirror first")
    func laterRun() async throws {
        let isBack = Mutex(false)
        let server = try LoopbackServer { [packed] request, number in
            number == 0
                ? .file(packed, for: request, cutAfter: 123_456)
                : isBack.withLock { $0 } ? .file(packed, for: request) : .init(status: 503)
        }
        #expect(try await reasons([server.address]) == ["answers with HTTP status 503"])
        #expect(names == ["tiny.gz.part", "tiny.gz.part.from"])
        isBack.withLock { $0 = true }
        let other = try LoopbackServer { [packed] request, _ in .file(packed, for: request) }
        try await fetch([other.address, server.address])
        #expect(fetched == packed)
        #expect(names == ["tiny.gz"])
        #expect(server.requests.last?.rangeStart == 123_456)
        #expect(other.requests.isEmpty)
    }

    @Test("A file that changed on the server meanwhile comes anew")
    func changed() async throws {
        let older = gzip(Array(contents.reversed()))
        let server = try LoopbackServer { [packed] request, number in
            number == 0 ? .file(older, for: request, tag: "\"old\"", cutAfter: 1000) : .file(packed, for: request)
        }
        try await fetch([server.address])
        #expect(fetched == packed)
        #expect(server.requests[1].headers["if-range"] == "\"old\"")
        #expect(server.requests.count == 2)
    }

    @Test("A server that knows no ranges sends the file anew")
    func noRanges() async throws {
        let server = try LoopbackServer { [packed] _, number in
            .init(body: packed, cutAfter: number == 0 ? 100_000 : nil)
        }
        try await fetch([server.address])
        #expect(fetched == packed)
        #expect(server.requests.map(\.rangeStart) == [nil, 100_000])
    }

    @Test("A part that does not fit is dropped, and the file fetched once more from the start")
    func wrongPart() async throws {
        let server = try LoopbackServer { [packed] request, _ in .file(packed, for: request) }
        try folder.write([UInt8](repeating: 7, count: 5000), to: "cache/tiny.gz.part")
        try folder.write(Array("\(server.address)tiny.gz\n\"v1\"\n".utf8), to: "cache/tiny.gz.part.from")
        try await fetch([server.address])
        #expect(fetched == packed)
        #expect(server.requests.map(\.rangeStart) == [5000, nil])
    }

    @Test("A part that is longer than the file is dropped")
    func longPart() async throws {
        let server = try LoopbackServer { [packed] request, _ in .file(packed, for: request) }
        try folder.write([UInt8](repeating: 7, count: packed.count), to: "cache/tiny.gz.part")
        try folder.write(Array("\(server.address)tiny.gz\n\n".utf8), to: "cache/tiny.gz.part.from")
        try await fetch([server.address])
        #expect(fetched == packed)
        #expect(server.requests.map(\.rangeStart) == [packed.count, nil])
    }

    @Test("A part that is whole needs no mirror")
    func wholePart() async throws {
        try folder.write(packed, to: "cache/tiny.gz.part")
        #expect(try await fetch([LoopbackServer.deadAddress()]) == [.finished(file)])
        #expect(names == ["tiny.gz"])
    }

    @Test("The same contents in another packing are as good")
    func otherPacking() async throws {
        let members = gzip(Array(contents[..<1000])) + gzip(Array(contents[1000...]))
        let server = try LoopbackServer { request, _ in .file(members, for: request) }
        try await fetch([server.address])
        #expect(fetched == members)
    }

    @Test("Wrong contents are not kept, and the next mirror is asked")
    func wrongContents() async throws {
        let damaged = gzip(contents.dropLast() + [contents[contents.count - 1] ^ 1])
        let wrong = try LoopbackServer { request, _ in .file(damaged, for: request) }
        #expect(try await reasons([wrong.address]) == ["sends something else (its SHA-256 is wrong)"])
        #expect(names.isEmpty)
        let right = try LoopbackServer { [packed] request, _ in .file(packed, for: request) }
        try await fetch([wrong.address, right.address])
        #expect(fetched == packed)
    }

    @Test("A damaged file in the folder is replaced")
    func damagedTarget() async throws {
        try folder.write(Array("<html>".utf8), to: "cache/tiny.gz")
        let server = try LoopbackServer { [packed] request, _ in .file(packed, for: request) }
        try await fetch([server.address])
        #expect(fetched == packed)
    }

    @Test("A mirror that is away, one without the file and one that is silent are passed over")
    func passedOver() async throws {
        let dead = try LoopbackServer.deadAddress()
        let without = try LoopbackServer { _, _ in .init(status: 404, body: Array("<html>".utf8)) }
        let silent = try LoopbackServer { _, _ in .init(silence: 3) }
        let mirrors = [dead, without.address, silent.address]
        #expect(
            try await reasons(mirrors, timeout: 1) == [
                "does not answer", "does not have it", "does not answer in time",
            ])
        #expect(names.isEmpty)
        let good = try LoopbackServer { [packed] request, _ in .file(packed, for: request) }
        try await fetch([dead, without.address, good.address])
        #expect(fetched == packed)
    }

    @Test("An answer longer than the file can be is broken off, whether it says so or not")
    func tooLong() async throws {
        let long = [UInt8](repeating: 1, count: file.maximumSize + 1)
        let server = try LoopbackServer { _, number in
            number == 0 ? .init(headers: ["Content-Length": "99999999999"]) : .init(body: long)
        }
        #expect(
            try await reasons([server.address, server.address])
                == Array(repeating: "sends more than the file has", count: 2))
        #expect(names.isEmpty)
    }

    @Test("A redirect is followed with its range, but not to where it could be listened to")
    func redirects() async throws {
        let target = try LoopbackServer { [packed] request, number in
            .file(packed, for: request, cutAfter: number == 0 ? 100_000 : nil)
        }
        let server = try LoopbackServer { [address = target.address] request, _ in
            .init(status: 302, headers: ["Location": "\(address)elsewhere\(request.path)"])
        }
        try await fetch([server.address])
        #expect(fetched == packed)
        #expect(target.requests.map(\.path) == ["/elsewhere/tiny.gz", "/elsewhere/tiny.gz"])
        #expect(target.requests.map(\.rangeStart) == [nil, 100_000])

        try FileManager.default.removeItem(atPath: folder.path + "/cache/tiny.gz")
        let leak = try LoopbackServer { _, _ in .init(status: 302, headers: ["Location": "http://192.0.2.1/tiny.gz"]) }
        #expect(
            try await reasons([leak.address])
                == ["leads to an address that is not trusted (http://192.0.2.1/tiny.gz)"])
        let circle = try LoopbackServer { request, _ in .init(status: 302, headers: ["Location": request.path]) }
        #expect(try await reasons([circle.address]).count == 1)
        #expect(circle.requests.count < 20)
    }

    @Test("A folder that cannot be written is said at once")
    func notWritable() async throws {
        try folder.write([], to: "cache")
        let error = FetchError.cannotWrite(path: folder.path + "/cache", reason: "a file has this name")
        await #expect(throws: error) { try await fetch([LoopbackServer.deadAddress()]) }
        let fetcher = DatasetFetcher(mirrors: [])
        await #expect(throws: error) {
            try await fetcher.fetch([file], into: folder.path + "/cache/in")
        }
    }

    @Test("Two fetches into one folder do not meet")
    func busy() async throws {
        let inner = Mutex<(any Error)?>(nil)
        let (path, file) = (folder.path + "/cache", file)
        let server = try LoopbackServer { [packed] request, _ in .file(packed, for: request, cutAfter: 10) }
        let fetcher = DatasetFetcher(mirrors: [try Mirror(server.address)])
        let first = Task { try await fetcher.fetch([file], into: path) }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        do { try await fetcher.fetch([file], into: path) } catch { inner.withLock { $0 = error } }
        #expect(inner.withLock { $0 as? FetchError } == .busy(folder: path))
        first.cancel()
        await #expect(throws: FetchError.cancelled) { try await first.value }
        #expect(names == ["tiny.gz.part", "tiny.gz.part.from"])
    }
}

@Suite("The table of mirrors")
struct MirrorTests {
    @Test("Every listed mirror is an HTTPS address, and every file has a digest", arguments: KnownDataset.allCases)
    func table(_ known: KnownDataset) {
        #expect(known.mirrors.count >= 2)
        #expect(
            known.mirrors.allSatisfy {
                $0.url.scheme == "https" && $0.url.path.hasSuffix("/") || $0.url.hasDirectoryPath
            })
        #expect(known.files.count == 4)
        #expect(Set(known.files.map(\.contentDigest)).count == 4)
        #expect(known.files.allSatisfy { $0.contentDigest.count == 64 && $0.contentDigest.allSatisfy(\.isHexDigit) })
    }

    @Test(
        "The table's sizes and digests are those of the installed files",
        .enabled(if: !KnownDataset.allCases.compactMap(installed).isEmpty, "no data set is installed"),
        arguments: KnownDataset.allCases)
    func digests(_ known: KnownDataset) {
        guard let folder = installed(known) else { return }
        for file in known.files {
            let path = "\(folder.path)/\(file.name)"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            #expect(file.isContained(in: path))
        }
    }

    @Test(
        "Plain HTTP, other schemes and no address at all are refused",
        arguments: [
            "http://example.org/", "ftp://127.0.0.1/", "file:///tmp", "mnist", "", "https://",
            "http://127.0.0.1.example.org",
        ])
    func refused(_ text: String) {
        #expect(throws: FetchError.badMirror(text)) { try Mirror(text) }
    }

    @Test(
        "HTTPS, and plain HTTP on this computer, are taken",
        arguments: ["https://example.org/a", "http://localhost:8000", "http://[::1]:80/"])
    func taken(_ text: String) throws {
        #expect(try Mirror(text).url.hasDirectoryPath)
    }

    @Test("A digest is the one that FIPS 180-2 gives for “abc”")
    func digest() {
        #expect(
            SHA256.hexDigest(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
