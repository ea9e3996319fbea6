import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request for one file, whose bytes go to a ``PartialFile`` as they come.
final class Transfer: NSObject, URLSessionDataDelegate {
    /// Why the file did not come; each reads as the rest of a sentence that begins with the mirror's name.
    enum Failure: Error {
        /// The network failed, before or in the midst of the answer.
        case network(String)
        case status(Int)
        case redirect(to: String)
        case tooLarge
        /// The server sent another part than the one that was asked for.
        case wrongRange
        case disk(FetchError)
        case cancelled
    }

    private struct State {
        var continuation: CheckedContinuation<Failure?, Never>?
        var failure: Failure?
        /// The size of the part when it is whole, if the server has said it.
        var expected: Int?
        var redirects = 0
        var task: URLSessionDataTask?
        var isCancelled = false
    }

    private static let maximumRedirects = 10

    private let url: URL
    private let part: PartialFile
    private let offset: Int
    private let maximumSize: Int
    private let onProgress: @Sendable (_ size: Int, _ expected: Int?) -> Void
    private let state = Mutex(State())

    private init(
        _ url: URL, into part: PartialFile, offset: Int, maximumSize: Int,
        onProgress: @escaping @Sendable (_ size: Int, _ expected: Int?) -> Void
    ) {
        self.url = url
        self.part = part
        self.offset = offset
        self.maximumSize = maximumSize
        self.onProgress = onProgress
    }

    /// Brings the file from `url` to the end of the part. If the part's bytes are from the same address, asks for what
    /// is missing only; the server decides whether they still belong together.
    ///
    /// - Parameters:
    ///   - maximumSize: more bytes than this are refused.
    ///   - timeout: the longest silence, in seconds.
    ///   - onProgress: is told the size of the part as it grows, and what it will be if the server says so; on a thread
    ///     of the network's.
    static func run(
        _ url: URL, into part: PartialFile, maximumSize: Int, timeout: Double,
        onProgress: @escaping @Sendable (_ size: Int, _ expected: Int?) -> Void
    ) async throws(Failure) {
        let origin = part.origin
        let resumes = origin?.url == url.absoluteString
        let offset = resumes ? part.size : 0
        var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: timeout)
        // The bytes as they are: an offset into them means nothing if they are packed on the way.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        request.setValue("latentwalk", forHTTPHeaderField: "User-Agent")
        if offset > 0 {
            request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range")
            if let validator = origin?.validator { request.setValue(validator, forHTTPHeaderField: "If-Range") }
        }
        let transfer = Transfer(url, into: part, offset: offset, maximumSize: maximumSize, onProgress: onProgress)
        if let failure = await transfer.perform(request, timeout: timeout) { throw failure }
    }

    private func perform(_ request: URLRequest, timeout: Double) async -> Failure? {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeout
        configuration.httpCookieStorage = nil
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
        // The session holds its delegate until it is told to end.
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    state.continuation = continuation
                    state.task = task
                    return state.isCancelled
                }
                task.resume()
                if isCancelled { task.cancel() }
            }
        } onCancel: {
            state.withLock { state in
                state.isCancelled = true
                return state.task
            }?.cancel()
        }
    }

    /// Ends the transfer; the first reason is the one that counts.
    private func fail(_ failure: Failure) {
        state.withLock { state in
            if state.failure == nil { state.failure = failure }
        }
    }
}

// MARK: - What the session tells

extension Transfer {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        let count = state.withLock { state in
            state.redirects += 1
            return state.redirects
        }
        guard let target = request.url, Mirror.isTrusted(target), count <= Transfer.maximumRedirects else {
            fail(.redirect(to: request.url?.absoluteString ?? ""))
            return completionHandler(nil)
        }
        completionHandler(request)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        do throws(Failure) {
            try begin(response)
            completionHandler(.allow)
        } catch {
            fail(error)
            completionHandler(.cancel)
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard state.withLock({ $0.failure == nil }) else { return }
        do throws(Failure) {
            try append(data)
        } catch {
            fail(error)
            dataTask.cancel()
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let (continuation, failure) = state.withLock { state in
            defer { state.continuation = nil }
            return (state.continuation, state.isCancelled ? .cancelled : state.failure)
        }
        continuation?.resume(returning: failure ?? error.map { .network(Transfer.describe($0)) })
    }

    private func begin(_ response: URLResponse) throws(Failure) {
        guard let response = response as? HTTPURLResponse else { throw .network("does not speak HTTP") }
        switch response.statusCode {
        case 206 where offset > 0:
            let range = response.value(forHTTPHeaderField: "Content-Range") ?? ""
            guard range.hasPrefix("bytes \(offset)-") else { throw .wrongRange }
        case 200:
            let origin = PartialFile.Origin(url: url.absoluteString, validator: Transfer.validator(of: response))
            do throws(FetchError) { try part.restart(from: origin) } catch { throw .disk(error) }
        default:
            throw .status(response.statusCode)
        }
        guard response.expectedContentLength >= 0 else { return }
        let (expected, overflow) = part.size.addingReportingOverflow(Int(clamping: response.expectedContentLength))
        guard !overflow, expected <= maximumSize else { throw .tooLarge }
        state.withLock { $0.expected = expected }
    }

    private func append(_ data: Data) throws(Failure) {
        let size = part.size
        guard data.count <= maximumSize - size else { throw .tooLarge }
        var failure: FetchError?
        data.withUnsafeBytes { bytes in
            do throws(FetchError) { try part.append(bytes) } catch { failure = error }
        }
        if let failure { throw .disk(failure) }
        onProgress(size + data.count, state.withLock { $0.expected })
    }

    /// What tells this version of the file from others. A weak ETag does not: equal ones may differ in bytes.
    private static func validator(of response: HTTPURLResponse) -> String? {
        let tag = response.value(forHTTPHeaderField: "ETag").flatMap { $0.hasPrefix("\"") ? $0 : nil }
        let validator = tag ?? response.value(forHTTPHeaderField: "Last-Modified")
        return validator.flatMap { text in
            text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && text.utf8.count < 1024 ? text : nil
        }
    }

    private static func describe(_ error: any Error) -> String {
        guard let error = error as? URLError else { return "fails: \(error.localizedDescription)" }
        return switch error.code {
        case .cannotFindHost, .dnsLookupFailed: "is not found (no such host, or no network)"
        case .cannotConnectToHost: "does not answer"
        case .timedOut: "does not answer in time"
        case .networkConnectionLost: "breaks the connection"
        case .notConnectedToInternet: "cannot be reached: there is no network"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateNotYetValid, .serverCertificateHasUnknownRoot:
            "cannot prove who it is (TLS)"
        default: "fails: \(error.localizedDescription)"
        }
    }
}
