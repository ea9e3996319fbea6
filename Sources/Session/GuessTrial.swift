/// The trial of what was guessed about the open model: begun when its first picture is there, so that nobody waits for it.
struct GuessTrial {
    private let thread: EngineThread
    private var waiting: ModelTrial?
    /// Counts the models: the trial of an earlier one is of no use.
    private let opening = Generation()

    init(of model: OpenModel, on thread: EngineThread) {
        self.thread = thread
        waiting = model.trial
    }

    /// Another model is open.
    mutating func replace(by model: OpenModel) {
        opening.advance()
        waiting = model.trial
    }

    /// Nobody wants to know any more.
    mutating func end() {
        opening.advance()
        waiting = nil
    }

    /// A picture is there: begins what has not begun yet.
    mutating func begin() {
        guard let trial = waiting.take() else { return }
        let (thread, opening, ours) = (thread, opening, opening.current)
        thread.tryOut {
            let tried = trial { opening.current != ours || thread.isClosed }
            if let tried { thread.order { $0.tried = (tried, ours) } }
        }
    }

    /// Whether an answer belongs to the model that is open.
    func accepts(_ answer: Int) -> Bool { answer == opening.current }
}
