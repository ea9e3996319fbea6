import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C, or SIGTERM: the first one asks for an orderly end, the second ends the program as usual.
final class Interrupt {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter ask: called at the first signal, on a thread of its own.
    init(ask: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            // The default action would end the program before the source hears of it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                ask()
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }
}
