import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C, or SIGTERM: the first one asks for an orderly end, the second ends the program as usual.
final class Interrupt {
    private let flag = Flag()
    private let sources: [any DispatchSourceSignal]

    var isAsked: Bool { flag.isRaised.load(ordering: .relaxed) }

    init() {
        sources = [SIGINT, SIGTERM].map { [flag] number in
            // The default action would end the program before the source hears of it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                flag.isRaised.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }

    private final class Flag: Sendable {
        let isRaised = Atomic<Bool>(false)
    }
}
