import Cells
import Latent
import Pictures

/// One of the explorer's screens: a value that holds its own state, says what events do to it, and draws itself.
///
/// To add one: a file with its keys, its state and how it is drawn, and a line in ``Views/all``.
protocol View: Sendable {
    /// What it is called, and the key that opens it.
    static var card: ViewCard { get }
    /// Its own keys, the most useful first.
    static var bindings: [Binding<Self>] { get }
    /// What the words and numbers on its screen mean, for the help's second page.
    static var terms: [Term] { get }
    /// As it is when the explorer starts.
    init()

    /// What an event means to it, whether it is seen or not; keys and the mouse come by other ways.
    mutating func take(_ event: Event, _ shared: inout Shared) -> [Effect]
    /// What the mouse does while it is seen.
    mutating func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect]
    /// A line was typed at a prompt of its own.
    mutating func take(line: String, typedFor purpose: Prompt.Purpose, _ shared: inout Shared) -> [Effect]
    /// Brings up to date what follows from all this; called after every event while it is seen.
    mutating func refresh(_ shared: inout Shared) -> [Effect]
    /// It is seen from now on.
    mutating func enter(_ shared: inout Shared) -> [Effect]
    /// It is no longer seen.
    mutating func leave(_ shared: inout Shared) -> [Effect]

    /// Draws between the top line and the bottom line.
    func draw(_ shared: Shared, into canvas: inout Canvas)
    /// The point that Tab goes to in Explore; nil: there is none.
    func pointUnderCursor(_ shared: Shared) -> LatentPoint?
    /// When it wants to be drawn again at the latest, while it is seen; nil: it depends on no time.
    func wakeTime(_ shared: Shared) -> Duration?
    /// What stands before the keys in the bottom line.
    func status(_ shared: Shared) -> [Span]
    /// What stands at the right of the top line where there is room.
    func facts(_ shared: Shared) -> String
    /// How far work has come that it waits for; nil: it waits for none.
    func progress(_ shared: Shared) -> Progress?
    /// What `:export` writes to a file while it is seen.
    func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence>
}

/// A view's name, and the key that opens it.
struct ViewCard: Hashable, Sendable {
    /// 1…9.
    let digit: Int
    let title: String
}

/// A word or number on a screen, and what it means in one line.
struct Term: Hashable, Sendable {
    let name: String
    let meaning: String

    init(_ name: String, _ meaning: String) {
        self.name = name
        self.meaning = meaning
    }
}

extension View {
    static var digit: Int { card.digit }
    var card: ViewCard { Self.card }
    var terms: [Term] { Self.terms }

    mutating func take(_ event: Event, _ shared: inout Shared) -> [Effect] { [] }
    mutating func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] { [] }
    mutating func take(line: String, typedFor purpose: Prompt.Purpose, _ shared: inout Shared) -> [Effect] { [] }
    mutating func refresh(_ shared: inout Shared) -> [Effect] { [] }
    mutating func enter(_ shared: inout Shared) -> [Effect] { [] }
    mutating func leave(_ shared: inout Shared) -> [Effect] { [] }
    func pointUnderCursor(_ shared: Shared) -> LatentPoint? { nil }
    func wakeTime(_ shared: Shared) -> Duration? { nil }
    func status(_ shared: Shared) -> [Span] { [] }
    func facts(_ shared: Shared) -> String { "" }
    func progress(_ shared: Shared) -> Progress? { nil }
    func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        shared.pointExhibit(as: format)
    }
}

/// The views that there are.
enum Views {
    /// In the order of their digits.
    static let all: [any View.Type] = [
        ExploreView.self, ManifoldView.self, WalkView.self, ImagesView.self, TrainView.self,
    ]

    static let cards = all.map { $0.card }

    /// "1 Explore, 5 Train", for a sentence.
    static var list: String { cards.map { "\($0.digit) \($0.title)" }.joined(separator: ", ") }
}

/// Where to go when an event is through. A view cannot open another one; it asks for it.
enum Turn: Hashable, Sendable {
    case view(ViewCard)
    /// To Explore, at the point under the view's cursor; in Explore, back to the view that one came from.
    case sides
}
