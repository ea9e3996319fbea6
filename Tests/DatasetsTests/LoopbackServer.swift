import Foundation
import Synchronization

/// A small HTTP server on 127.0.0.1 that answers as it is told, one connection after the other.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        let path: String
        /// By lower-case name.
        let headers: [String: String]

        /// The first byte of `Range: bytes=N-`.
        var rangeStart: Int? {
            headers["range"].flatMap { Int($0.replacingOccurrences(of: "bytes=", with: "").dropLast()) }
        }
    }

    struct Response: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        /// Closes the connection after so many bytes of the body.
        var cutAfter: Int?
        /// Says nothing for so long, in seconds.
        var silence: Double = 0
    }

    let port: Int
    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    var address: String { "http://127.0.0.1:\(port)/" }
    /// All requests so far.
    var requests: [Request] { seen.withLock { $0 } }

    /// - Parameter answer: gets the request and how many there were before it.
    init(_ answer: @escaping @Sendable (Request, Int) -> Response) throws {
        let (listener, port) = try LoopbackServer.listen()
        (self.listener, self.port) = (listener, port)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                if let request = LoopbackServer.readRequest(connection), let self {
                    let number = self.seen.withLock { seen in
                        seen.append(request)
                        return seen.count - 1
                    }
                    LoopbackServer.send(answer(request, number), to: connection)
                }
                close(connection)
            }
        }
    }

    deinit {
        // Wakes the thread that waits in accept.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// A port on this computer where nobody listens.
    static func deadAddress() throws -> String {
        let (listener, port) = try listen()
        close(listener)
        return "http://127.0.0.1:\(port)/"
    }

    private static func listen() throws -> (listener: Int32, port: Int) {
        #if canImport(Darwin)
            let listener = socket(AF_INET, SOCK_STREAM, 0)
        #else
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutableBytes(of: &address) { bytes in
            let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return bind(listener, address, length) != 0 || Foundation.listen(listener, 16) != 0
                || getsockname(listener, address, &length) != 0
        }
        guard listener >= 0, !failed else { throw POSIXError(.EADDRNOTAVAIL) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func readRequest(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8), bytes.count < 1 << 16 {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            bytes += piece[..<count]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        return Request(path: String(words[1]), headers: Dictionary(headers) { $1 })
    }

    private static func send(_ response: Response, to connection: Int32) {
        var headers = response.headers
        if headers["Content-Length"] == nil { headers["Content-Length"] = String(response.body.count) }
        headers["Connection"] = "close"
        let head = "HTTP/1.1 \(response.status) x\r\n" + headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
        if response.silence > 0 { Thread.sleep(forTimeInterval: response.silence) }
        var rest = Array(head.utf8)[...] + response.body.prefix(response.cutAfter ?? .max)
        #if canImport(Darwin)
            var on: Int32 = 1
            setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(connection, $0.baseAddress, $0.count, flags) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

extension LoopbackServer.Response {
    /// What a good server says to a request for a file: all of it, or the part that was asked for.
    static func file(
        _ bytes: [UInt8], for request: LoopbackServer.Request, tag: String = "\"v1\"", cutAfter: Int? = nil
    ) -> LoopbackServer.Response {
        var headers = ["ETag": tag]
        guard let start = request.rangeStart, request.headers["if-range"] ?? tag == tag else {
            return LoopbackServer.Response(headers: headers, body: bytes, cutAfter: cutAfter)
        }
        guard start < bytes.count else { return LoopbackServer.Response(status: 416) }
        headers["Content-Range"] = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
        return LoopbackServer.Response(
            status: 206, headers: headers, body: Array(bytes[start...]), cutAfter: cutAfter)
    }
}
