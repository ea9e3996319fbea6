import Cells
import Latent
import Pictures

/// A view whose own state still lies in ``Shared/owned``: its functions change that, and the value is empty.
protocol StaticView: View {
    associatedtype Own: Sendable

    /// What it owns when the explorer starts.
    static var initial: Own { get }

    static func take(_ event: Event, _ shared: inout Shared) -> [Effect]
    static func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect]
    static func take(line: String, typedFor purpose: Prompt.Purpose, _ shared: inout Shared) -> [Effect]
    static func refresh(_ shared: inout Shared) -> [Effect]
    static func enter(_ shared: inout Shared) -> [Effect]
    static func leave(_ shared: inout Shared) -> [Effect]
    static func draw(_ shared: Shared, into canvas: inout Canvas)
    static func pointUnderCursor(_ shared: Shared) -> LatentPoint?
    static func wakeTime(_ shared: Shared) -> Duration?
    static func status(_ shared: Shared) -> [Span]
    static func facts(_ shared: Shared) -> String
    static func progress(_ shared: Shared) -> Progress?
    static func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence>
}

extension StaticView {
    static func take(_ event: Event, _ shared: inout Shared) -> [Effect] { [] }
    static func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] { [] }
    static func take(line: String, typedFor purpose: Prompt.Purpose, _ shared: inout Shared) -> [Effect] { [] }
    static func refresh(_ shared: inout Shared) -> [Effect] { [] }
    static func enter(_ shared: inout Shared) -> [Effect] { [] }
    static func leave(_ shared: inout Shared) -> [Effect] { [] }
    static func pointUnderCursor(_ shared: Shared) -> LatentPoint? { nil }
    static func wakeTime(_ shared: Shared) -> Duration? { nil }
    static func status(_ shared: Shared) -> [Span] { [] }
    static func facts(_ shared: Shared) -> String { "" }
    static func progress(_ shared: Shared) -> Progress? { nil }
    static func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        shared.pointExhibit(as: format)
    }

    mutating func take(_ event: Event, _ shared: inout Shared) -> [Effect] { Self.take(event, &shared) }
    mutating func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] {
        Self.mouse(action, at: position, &shared)
    }
    mutating func take(line: String, typedFor purpose: Prompt.Purpose, _ shared: inout Shared) -> [Effect] {
        Self.take(line: line, typedFor: purpose, &shared)
    }
    mutating func refresh(_ shared: inout Shared) -> [Effect] { Self.refresh(&shared) }
    mutating func enter(_ shared: inout Shared) -> [Effect] { Self.enter(&shared) }
    mutating func leave(_ shared: inout Shared) -> [Effect] { Self.leave(&shared) }
    func draw(_ shared: Shared, into canvas: inout Canvas) { Self.draw(shared, into: &canvas) }
    func pointUnderCursor(_ shared: Shared) -> LatentPoint? { Self.pointUnderCursor(shared) }
    func wakeTime(_ shared: Shared) -> Duration? { Self.wakeTime(shared) }
    func status(_ shared: Shared) -> [Span] { Self.status(shared) }
    func facts(_ shared: Shared) -> String { Self.facts(shared) }
    func progress(_ shared: Shared) -> Progress? { Self.progress(shared) }
    func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        Self.exhibit(shared, as: format)
    }
}

/// What the views own, each under its own type.
struct OwnedStates: Sendable {
    private var states: [ObjectIdentifier: any Sendable] = [:]

    subscript<V: StaticView>(_ view: V.Type) -> V.Own {
        get { states[ObjectIdentifier(view)] as? V.Own ?? V.initial }
        set { states[ObjectIdentifier(view)] = newValue }
    }

    /// Changes a state in place: taken out for the time, so that nothing large is copied.
    mutating func update<V: StaticView, Result>(_ view: V.Type, _ change: (inout V.Own) -> Result) -> Result {
        var own = states.removeValue(forKey: ObjectIdentifier(view)) as? V.Own ?? V.initial
        defer { states[ObjectIdentifier(view)] = own }
        return change(&own)
    }
}
