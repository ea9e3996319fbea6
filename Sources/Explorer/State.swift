import Cells
import Latent
import Pictures

/// All that the explorer knows: a value, changed by ``apply(_:at:)`` alone.
///
/// What all views share is read as if it were the state's own.
@dynamicMemberLookup
public struct State: Sendable {
    var shared: Shared
    /// In the order of their digits.
    var views: [any View]
    /// What was found out about the terminal, while it is shown.
    var terminalPage: TerminalPage?

    public init(model: ModelFacts, size: Size, profile: TerminalProfile, options: Options = Options()) {
        shared = Shared(model: model, size: size, profile: profile, options: options)
        views = Views.all.map { $0.init() }
    }

    public subscript<Value>(dynamicMember member: KeyPath<Shared, Value>) -> Value { shared[keyPath: member] }

    /// The view that is seen.
    var view: any View { views[place] }

    private var place: Int { views.firstIndex { $0.card == shared.view } ?? 0 }

    /// Takes note of what happened, and says what is to be done about it.
    ///
    /// - Parameter time: monotonic time since the start; never earlier than in the call before.
    public mutating func apply(_ event: Event, at time: Duration) -> [Effect] {
        var effects = shared.advance(to: time)
        effects += respond(to: event)
        effects += follow()
        effects += shared.refreshClasses()
        for place in views.indices { effects += views[place].take(event, &shared) }
        effects += views[place].refresh(&shared)
        shared.pointUnderCursor = view.pointUnderCursor(shared)
        refreshTerminalPage()
        return effects
    }

    /// Whether a training goes on in this process.
    public var isTraining: Bool { shared[TrainView.self].isLive }

    /// When a ``Event/tick`` is due at the latest; nil: nothing on the screen depends on the time.
    public var wakeTime: Duration? { [shared.wakeTime, view.wakeTime(shared)].compactMap { $0 }.min() }

    private mutating func respond(to event: Event) -> [Effect] {
        switch event {
        case .input(.key(let key)): return press(key)
        case .input(.mouse(let action, let position)):
            return use(action, at: position)
        case .inspected(let findings):
            terminalPage = TerminalPage(TerminalReport(findings, remembered: shared.preferences.background))
            return []
        default: return shared.respond(to: event)
        }
    }

    // MARK: From view to view

    /// Goes where the event asked to go.
    private mutating func follow() -> [Effect] {
        defer { shared.turn = nil }
        switch shared.turn {
        case .view(let card): return open(card)
        case .sides: return changeSides()
        case nil: return []
        }
    }

    private mutating func open(_ card: ViewCard) -> [Effect] {
        guard card != shared.view else { return [] }
        let effects = views[place].leave(&shared)
        shared.forgetNote()
        shared.view = card
        return effects + views[place].enter(&shared)
    }

    private mutating func changeSides() -> [Effect] {
        guard shared.view == ExploreView.card else {
            let (before, point) = (shared.view, view.pointUnderCursor(shared))
            let effects = open(ExploreView.card)
            guard let point else { return effects }
            shared.origin = before
            return effects + shared.jump(to: point)
        }
        guard let origin = shared.origin else {
            shared.note("Tab goes back to the view that one came from: \(Views.list)")
            return []
        }
        return open(origin)
    }

    // MARK: What a view does

    /// Does what a key of the view does that is seen; nil: it has none.
    mutating func pressOwn(_ key: Key) -> [Effect]? { views[place].press(key, &shared) }

    /// What the mouse does: names and keys on the first and the last line are pressed, the rest is the view's.
    private mutating func use(_ action: MouseAction, at position: Position) -> [Effect] {
        if action == .press, shared.prompt == nil, let key = Screen.key(at: position, self) { return press(key) }
        guard shared.help == nil, terminalPage == nil else { return [] }
        let effects = action == .press || action == .wheelUp || action == .wheelDown ? shared.noteHand() : []
        return effects + views[place].mouse(action, at: position, &shared)
    }

    /// Hands a typed line to the view that asked for it.
    mutating func take(line: String, typedFor purpose: Prompt.Purpose) -> [Effect] {
        views[place].take(line: line, typedFor: purpose, &shared)
    }
}
