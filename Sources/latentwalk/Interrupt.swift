import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ctrl-C, SIGTERM, or the end of the terminal: the first one asks for an orderly end, the second ends the program as
/// usual.
final class Interrupt {
    private let sources: [any DispatchSourceSignal]
    private let first = First()

    private final class First: Sendable {
        let number = Atomic<Int32>(0)
    }

    /// The signal that came; nil if none did.
    var signal: Int32? {
        let number = first.number.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    /// - Parameter ask: called at the first signal, on a thread of its own.
    init(ask: @escaping @Sendable () -> Void) {
        let caught = [SIGINT, SIGTERM, SIGHUP].filter { number in
            // The default action would end the program before the source hears of it.
            let before = systemSignal(number, SIG_IGN)
            // `nohup` wants the end of the terminal to be passed over.
            return number != SIGHUP || !Interrupt.isIgnored(before)
        }
        sources = caught.map { [first] number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                first.number.store(number, ordering: .releasing)
                ask()
                _ = systemSignal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }

    private static func isIgnored(_ handler: sig_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN as sig_t?, to: Int.self)
    }
}

// `signal` is a property above; this is the system's.
private func systemSignal(_ number: Int32, _ handler: sig_t?) -> sig_t? { signal(number, handler) }
