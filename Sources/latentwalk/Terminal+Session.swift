import Session
import Terminal

extension Terminal {
    /// Shows a session until it is left, and gives the terminal back. Where a signal asked for the end the process ends by
    /// it, as whoever sent it expects.
    ///
    /// - Parameter close: ends what the session showed.
    /// - Returns: how it was left.
    @discardableResult
    func run(_ session: ExplorerSession, close: () -> Void = {}) -> ExplorerSession.Ending {
        let ending = session.run()
        close()
        let signal = terminationSignal
        end()
        session.close()
        if let signal { Terminal.endProcess(by: signal) }
        return ending
    }
}
