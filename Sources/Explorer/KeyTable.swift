import Cells

/// What a key does, to whom it belongs and to what all views share.
struct Action<Owner>: Sendable {
    let perform: @Sendable (inout Owner, inout Shared) -> [Effect]

    /// Something that concerns what all views share.
    init(_ perform: @escaping @Sendable (inout Shared) -> [Effect]) { self.perform = { perform(&$1) } }

    /// Something that its owner does.
    init(own perform: @escaping @Sendable (inout Owner, inout Shared) -> [Effect]) { self.perform = perform }

    /// Something that has no effect outside the state.
    static func change(_ change: @escaping @Sendable (inout Shared) -> Void) -> Action {
        Action { shared in
            change(&shared)
            return []
        }
    }

    /// Something that its owner does without an effect outside the state.
    static func own(_ change: @escaping @Sendable (inout Owner, inout Shared) -> Void) -> Action {
        Action(own: { owner, shared in
            change(&owner, &shared)
            return []
        })
    }
}

/// What is told of a key: the help, the bottom line and README show it.
struct KeyNote: Sendable {
    enum Topic: String, CaseIterable, Sendable { case move, jump, run, look, program }

    let topic: Topic
    /// The keys as they are shown, and the same in ASCII where that differs.
    let label: String
    let plainLabel: String
    /// A word or two for the bottom line; nil: the help alone shows it.
    let hint: String?
    let help: String
    /// The keys that are meant.
    let keys: [Key]

    /// The key that a click on the entry presses; nil: there are several, which do different things.
    var pressable: Key? { label.contains(" ") || label.contains("/") || label.contains("←") ? nil : keys.first }

    func label(_ typography: Typography) -> String { typography.glyphs >= .blocks ? label : plainLabel }
}

/// One line of a key table: what binds the keys is what is told of them.
struct Binding<Owner>: Sendable {
    let note: KeyNote
    private let actions: [(key: Key, action: Action<Owner>)]
    /// Whether it does anything as things are; where not, nobody is told of it.
    let applies: @Sendable (Owner, Shared) -> Bool
    /// Why it does nothing where it does not apply, in a few words; nil: the key may mean something else then.
    let otherwise: String?
    /// Whether there is anything for it to do; where not, it says what is missing, and nobody is told of it.
    let isUseful: @Sendable (Owner, Shared) -> Bool

    init(
        _ topic: KeyNote.Topic, _ label: String, plain: String? = nil, hint: String? = nil, _ help: String,
        _ actions: [(key: Key, action: Action<Owner>)],
        applies: @escaping @Sendable (Owner, Shared) -> Bool = { _, _ in true }, otherwise: String? = nil,
        isUseful: @escaping @Sendable (Owner, Shared) -> Bool = { _, _ in true }
    ) {
        note = KeyNote(
            topic: topic, label: label, plainLabel: plain ?? label, hint: hint, help: help, keys: actions.map(\.key))
        self.actions = actions
        self.applies = applies
        self.otherwise = otherwise
        self.isUseful = isUseful
    }

    subscript(key: Key) -> Action<Owner>? { actions.first { $0.key == key }?.action }
}

extension Array {
    /// What a key does as things are; nil: nothing.
    fileprivate func action<Owner>(of key: Key, _ owner: Owner, _ shared: Shared) -> Action<Owner>?
    where Element == Binding<Owner> {
        for binding in self where binding.applies(owner, shared) {
            if let action = binding[key] { return action }
        }
        return nil
    }

    /// What is told of the keys, and whether there is anything for each to do.
    fileprivate func notes<Owner>(_ owner: Owner, _ shared: Shared) -> [(note: KeyNote, isUseful: Bool)]
    where Element == Binding<Owner> {
        filter { $0.applies(owner, shared) }.map { ($0.note, $0.isUseful(owner, shared)) }
    }
}

extension View {
    /// Does what a key of its own does; nil: it has none.
    mutating func press(_ key: Key, _ shared: inout Shared) -> [Effect]? {
        action(of: key, shared)?.perform(&self, &shared)
    }

    /// What a key of its own does as things are; nil: nothing.
    func action(of key: Key, _ shared: Shared) -> Action<Self>? {
        Self.bindings.action(of: key, self, shared)
    }

    /// Why a key of its own does nothing as things are; nil: that needs no reason.
    func reason(for key: Key, _ shared: Shared) -> String? {
        Self.bindings.lazy.filter { $0[key] != nil && !$0.applies(self, shared) }.compactMap(\.otherwise).first
    }

    /// What is told of all its own keys, as the table has them.
    static var notes: [KeyNote] { bindings.map(\.note) }

    /// What is told of its own keys, and whether there is anything for each to do.
    fileprivate func notes(_ shared: Shared) -> [(note: KeyNote, isUseful: Bool)] {
        Self.bindings.notes(self, shared)
    }
}

/// The keys that mean the same in every view.
struct CommonKeys: Sendable {
    static let bindings: [Binding<CommonKeys>] = classes + program

    static let program: [Binding<CommonKeys>] =
        [
            Binding(
                .jump, "tab", hint: "explore here", "to Explore here, and back",
                [(.tab, .change { $0.turn = .sides })],
                applies: { $1.pointUnderCursor != nil || $1.origin != nil }),
            Binding(.program, ":", hint: "command", "type a command", [(.character(":"), .command)]),
            Binding(.program, "?", "this help", [(.character("?"), .help)]),
            Binding(.program, "q", "leave; Ctrl-C too", [(.character("q"), .quit), (.control("c"), .quit)]),
            Binding(
                .program, "^L ^Z", "repaint; suspend",
                [
                    (.control("l"), Action { _ in [.repaint] }), (.control("z"), Action { _ in [.suspend] }),
                ]),
        ]
        + Views.cards.map { card in
            let digit = Unicode.Scalar(UInt8(0x30 + card.digit))
            return Binding(.program, String(digit), "view: \(card.title)", [(.character(digit), .view(card))])
        }

    mutating func press(_ key: Key, _ shared: inout Shared) -> [Effect]? {
        Self.bindings.action(of: key, self, shared)?.perform(&self, &shared)
    }
}

extension [KeyNote] {
    /// What is told of a view's keys: its own, then those that mean the same in every view. The bottom line keeps this order.
    init(of view: any View, _ shared: Shared) {
        let own = view.notes(shared)
        // What a view says of a key in words of its own is not said again.
        let taken = Set(own.compactMap { $0.note.keys.count == 1 ? $0.note.keys[0] : nil })
        let others = CommonKeys.program.notes(CommonKeys(), shared).filter { told in
            !(told.note.keys.first.map(taken.contains) ?? false)
        }
        // Of a conditional model they are of the first that one looks for.
        let told = own.prefix(2) + CommonKeys.classes.notes(CommonKeys(), shared) + own.dropFirst(2) + others
        self = told.filter(\.isUseful).map(\.note)
    }
}

extension Binding {
    // The same in every view that shows pictures, each of which says how important they are to it.
    static var shading: Binding {
        Binding(.look, "s", hint: "shading", "shading of pictures", [(.character("s"), .nextShading)])
    }
    static var colors: Binding {
        Binding(.look, "c", hint: "colors", "color map of pictures", [(.character("c"), .nextPalette)])
    }
}

extension Action {
    static var nextShading: Action { Action { $0.nextShading() } }
    static var nextPalette: Action { Action { $0.nextPalette() } }
    static var command: Action { change { $0.prompt = Prompt(.command) } }
    static var help: Action { change { $0.help = HelpPlace() } }
    static var quit: Action { Action { $0.quit() } }
    static func view(_ card: ViewCard) -> Action { change { $0.turn = .view(card) } }
}
