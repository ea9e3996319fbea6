import Cells

/// What a key does.
struct Action: Sendable {
    let perform: @Sendable (inout State) -> [Effect]

    init(_ perform: @escaping @Sendable (inout State) -> [Effect]) { self.perform = perform }

    /// Something that has no effect outside the state.
    static func change(_ change: @escaping @Sendable (inout State) -> Void) -> Action {
        Action { state in
            change(&state)
            return []
        }
    }
}

/// One line of the key table: what binds the keys is what the help, the bottom line and README show.
struct Binding: Sendable {
    enum Topic: String, CaseIterable, Sendable { case move, jump, run, look, program }

    let topic: Topic
    /// The keys as they are shown, and the same in ASCII where that differs.
    let label: String
    let plainLabel: String
    /// A word or two for the bottom line; nil: the help alone shows it.
    let hint: String?
    let help: String
    let actions: [(key: Key, action: Action)]
    /// Whether it does anything as things are; where not, nobody is told of it.
    let applies: @Sendable (State) -> Bool
    /// Whether there is anything for it to do; where not, it says what is missing, and nobody is told of it.
    let isUseful: @Sendable (State) -> Bool

    init(
        _ topic: Topic, _ label: String, plain: String? = nil, hint: String? = nil, _ help: String,
        _ actions: [(key: Key, action: Action)], applies: @escaping @Sendable (State) -> Bool = { _ in true },
        isUseful: @escaping @Sendable (State) -> Bool = { _ in true }
    ) {
        self.topic = topic
        self.label = label
        plainLabel = plain ?? label
        self.hint = hint
        self.help = help
        self.actions = actions
        self.applies = applies
        self.isUseful = isUseful
    }

    func label(_ typography: Typography) -> String { typography.glyphs >= .blocks ? label : plainLabel }
}

/// The keys of one view: its own, then those that mean the same in every view. The bottom line keeps this order.
struct KeyTable: Sendable {
    let bindings: [Binding]
    /// Those that help and bottom line tell of.
    let told: [Binding]

    init(_ view: any View.Type, in state: State) {
        let own = view.bindings.filter { $0.applies(state) }
        // What a view says of a key in words of its own is not said again.
        let taken = Set(own.compactMap { $0.actions.count == 1 ? $0.actions[0].key : nil })
        let others = Self.others.filter { binding in
            binding.applies(state) && !(binding.actions.first.map { taken.contains($0.key) } ?? false)
        }
        // Of a conditional model they are of the first that one looks for.
        let classes = Self.classes.filter { $0.applies(state) }
        bindings = Array(own.prefix(2)) + classes + Array(own.dropFirst(2)) + others
        told = bindings.filter { $0.isUseful(state) }
    }

    subscript(key: Key) -> Action? {
        for binding in bindings {
            for bound in binding.actions where bound.key == key { return bound.action }
        }
        return nil
    }

    /// The keys that mean the same in every view.
    static var common: [Binding] { classes + others }

    private static let others: [Binding] =
        [
            Binding(
                .jump, "tab", hint: "explore here", "to Explore here, and back",
                [(.tab, Action { $0.changeSides() })],
                applies: { $0.view.pointUnderCursor($0) != nil || $0.origin != nil }),
            Binding(.program, ":", hint: "command", "type a command", [(.character(":"), .command)]),
            Binding(.program, "?", "this help", [(.character("?"), .help)]),
            Binding(.program, "q", "leave; Ctrl-C too", [(.character("q"), .quit), (.control("c"), .quit)]),
            Binding(
                .program, "^L ^Z", "repaint; suspend",
                [
                    (.control("l"), Action { _ in [.repaint] }), (.control("z"), Action { _ in [.suspend] }),
                ]),
        ]
        + Views.all.map { view in
            let digit = Unicode.Scalar(UInt8(0x30 + view.digit))
            return Binding(.program, String(digit), "view: \(view.title)", [(.character(digit), .view(view.digit))])
        }
}

extension Binding {
    // The same in every view that shows pictures, each of which says how important they are to it.
    static let shading = Binding(.look, "s", hint: "shading", "shading of pictures", [(.character("s"), .nextShading)])
    static let colors = Binding(.look, "c", hint: "colors", "color map of pictures", [(.character("c"), .nextPalette)])
}

extension Action {
    static let nextShading = Action { $0.nextShading() }
    static let nextPalette = Action { $0.nextPalette() }
    static let command = change { $0.prompt = Prompt(.command) }
    static let help = change { $0.helpOffset = 0 }
    static let quit = Action { $0.quit() }
    static func view(_ digit: Int) -> Action { Action { $0.open(view: digit) } }
}
