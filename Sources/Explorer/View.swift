import Cells
import Latent
import Pictures

/// One of the explorer's screens.
///
/// To add one: a file with its keys, its own state and how it is drawn, and a line in ``Views/all``.
protocol View: Sendable {
    /// What belongs to this view alone; ``State/subscript(_:)`` keeps it.
    associatedtype Own: Sendable = Nothing

    /// The key that opens it, 1…9.
    static var digit: Int { get }
    static var title: String { get }
    /// Its own keys, the most useful first.
    static var bindings: [Binding] { get }
    /// What it owns when the explorer starts.
    static var initial: Own { get }
    /// Draws between the top line and the bottom line.
    static func draw(_ state: State, into canvas: inout Canvas)
    /// What an event means to it, whether it is seen or not; keys and the mouse come by other ways.
    static func take(_ event: Event, _ state: inout State) -> [Effect]
    /// What the mouse does while it is seen.
    static func mouse(_ action: MouseAction, at position: Position, _ state: inout State) -> [Effect]
    /// Brings up to date what follows from the rest of the state; called after every event while it is seen.
    static func refresh(_ state: inout State) -> [Effect]
    /// It is seen from now on.
    static func enter(_ state: inout State) -> [Effect]
    /// It is no longer seen.
    static func leave(_ state: inout State) -> [Effect]
    /// The point that Tab goes to in Explore; nil: there is none.
    static func pointUnderCursor(_ state: State) -> LatentPoint?
    /// When it wants to be drawn again at the latest, while it is seen; nil: it depends on no time.
    static func wakeTime(_ state: State) -> Duration?
    /// What stands before the keys in the bottom line.
    static func status(_ state: State) -> [Span]
    /// What stands at the right of the top line where there is room.
    static func facts(_ state: State) -> String
    /// What `:export` writes to a file while it is seen.
    static func exhibit(_ state: State, as format: ExportFormat) -> Result<Exhibit, Sentence>
}

/// What a view owns that owns nothing.
struct Nothing: Sendable {}

extension View where Own == Nothing {
    static var initial: Nothing { Nothing() }
}

extension View {
    static func take(_ event: Event, _ state: inout State) -> [Effect] { [] }
    static func mouse(_ action: MouseAction, at position: Position, _ state: inout State) -> [Effect] { [] }
    static func refresh(_ state: inout State) -> [Effect] { [] }
    static func enter(_ state: inout State) -> [Effect] { [] }
    static func leave(_ state: inout State) -> [Effect] { [] }
    static func pointUnderCursor(_ state: State) -> LatentPoint? { nil }
    static func wakeTime(_ state: State) -> Duration? { nil }
    static func status(_ state: State) -> [Span] { [] }
    static func facts(_ state: State) -> String { "" }
    static func exhibit(_ state: State, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        state.pointExhibit(as: format)
    }
}

/// The views that there are.
enum Views {
    /// In the order of their digits.
    static let all: [any View.Type] = [
        ExploreView.self, ManifoldView.self, WalkView.self, ImagesView.self, TrainView.self,
    ]

    static func of(digit: Int) -> (any View.Type)? { all.first { $0.digit == digit } }

    /// "1 Explore, 5 Train", for a sentence.
    static var list: String { all.map { "\($0.digit) \($0.title)" }.joined(separator: ", ") }
}

/// What the views own, each under its own type.
struct OwnedStates: Sendable {
    private var states: [ObjectIdentifier: any Sendable] = [:]

    subscript<V: View>(_ view: V.Type) -> V.Own {
        get { states[ObjectIdentifier(view)] as? V.Own ?? V.initial }
        set { states[ObjectIdentifier(view)] = newValue }
    }

    /// Changes a state in place: taken out for the time, so that nothing large is copied.
    mutating func update<V: View, Result>(_ view: V.Type, _ change: (inout V.Own) -> Result) -> Result {
        var own = states.removeValue(forKey: ObjectIdentifier(view)) as? V.Own ?? V.initial
        defer { states[ObjectIdentifier(view)] = own }
        return change(&own)
    }
}
