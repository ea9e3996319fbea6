import Cells

/// What a key can ask for.
enum Action: Hashable, Sendable {
    /// Steps to the right and up.
    case move(Int, Int)
    case halveStep, doubleStep
    case zoomIn, zoomOut
    case goTo, drawPrior, drawPosterior, mark, undo
    case nextBackground, nextShading, nextPalette
    case view(View)
    case command, help, quit
    case repaint, suspend
}

/// The screens that there are, in the order of their digits.
enum View: Int, CaseIterable, Hashable, Sendable {
    case explore = 1

    var title: String {
        switch self {
        case .explore: "Explore"
        }
    }
}

/// One line of the key table: what binds the keys is what the help and the bottom line show.
struct Binding: Sendable {
    enum Topic: String, CaseIterable, Sendable { case move, jump, look, program }

    let topic: Topic
    /// The keys as they are shown, and the same in ASCII where that differs.
    let label: String
    let plainLabel: String
    /// A word or two for the bottom line; nil: the help alone shows it.
    let hint: String?
    let help: String
    let actions: [(key: Key, action: Action)]

    init(
        _ topic: Topic, _ label: String, plain: String? = nil, hint: String? = nil, _ help: String,
        _ actions: [(key: Key, action: Action)]
    ) {
        self.topic = topic
        self.label = label
        plainLabel = plain ?? label
        self.hint = hint
        self.help = help
        self.actions = actions
    }

    func label(_ typography: Typography) -> String { typography.glyphs >= .blocks ? label : plainLabel }
}

/// The keys of one view: its own, then those that mean the same in every view. The bottom line keeps this order.
struct KeyTable: Sendable {
    let bindings: [Binding]
    private let actions: [Key: Action]

    init(own: [Binding], common: [Binding]) {
        bindings = own + common
        actions = Dictionary(
            bindings.flatMap { $0.actions.map { ($0.key, $0.action) } }, uniquingKeysWith: { first, _ in first })
    }

    subscript(key: Key) -> Action? { actions[key] }

    static func of(_ view: View) -> KeyTable {
        switch view {
        case .explore: explore
        }
    }

    private static let explore = KeyTable(own: exploreBindings, common: commonBindings)
}

private let exploreBindings: [Binding] = [
    Binding(
        .move, "←↑↓→", plain: "arrows", hint: "move", "one step; hjkl too",
        [
            (.left, .move(-1, 0)), (.right, .move(1, 0)), (.up, .move(0, 1)), (.down, .move(0, -1)),
            (.character("h"), .move(-1, 0)), (.character("l"), .move(1, 0)), (.character("k"), .move(0, 1)),
            (.character("j"), .move(0, -1)),
        ]),
    Binding(
        .move, "⇧/HJKL", plain: "Shift/HJKL", hint: "×5", "five steps",
        [
            (.shiftLeft, .move(-5, 0)), (.shiftRight, .move(5, 0)), (.shiftUp, .move(0, 5)),
            (.shiftDown, .move(0, -5)), (.character("H"), .move(-5, 0)), (.character("L"), .move(5, 0)),
            (.character("K"), .move(0, 5)), (.character("J"), .move(0, -5)),
        ]),
    Binding(
        .look, "+/−", plain: "+/-", hint: "zoom", "zoom; the wheel too",
        [
            (.character("+"), .zoomIn), (.character("="), .zoomIn), (.character("-"), .zoomOut),
            (.character("_"), .zoomOut),
        ]),
    Binding(
        .look, "b", hint: "background", "background of the plane",
        [(.character("b"), .nextBackground)]),
    Binding(.look, "s", hint: "shading", "shading of pictures", [(.character("s"), .nextShading)]),
    Binding(.look, "c", hint: "colors", "color map of pictures", [(.character("c"), .nextPalette)]),
    Binding(.jump, "m", hint: "mark", "mark this point: A, B, C", [(.character("m"), .mark)]),
    Binding(.jump, "g", hint: "go to", "to a point, mark or image", [(.character("g"), .goTo)]),
    Binding(.jump, "r", hint: "random", "draw from the prior", [(.character("r"), .drawPrior)]),
    Binding(
        .jump, "space", hint: "sample", "from an image's posterior",
        [(.character(" "), .drawPosterior)]),
    Binding(.jump, "u", hint: "undo", "undo the last jump", [(.character("u"), .undo)]),
    Binding(
        .move, ", .", hint: "step", "halve, double the step",
        [(.character(","), .halveStep), (.character("."), .doubleStep)]),
]

private let commonBindings: [Binding] =
    [
        Binding(.program, ":", hint: "command", "type a command", [(.character(":"), .command)]),
        Binding(.program, "?", "this help", [(.character("?"), .help)]),
        Binding(.program, "q", "leave; Ctrl-C too", [(.character("q"), .quit), (.control("c"), .quit)]),
        Binding(
            .program, "^L ^Z", "repaint; suspend",
            [
                (.control("l"), .repaint), (.control("z"), .suspend),
            ]),
    ]
    + View.allCases.map { view in
        let digit = Unicode.Scalar(UInt8(0x30 + view.rawValue))
        return Binding(.program, String(digit), "view: \(view.title)", [(.character(digit), .view(view))])
    }
