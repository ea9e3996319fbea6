import Cells

/// The keys of the pad.
enum DrawKeys {
    static let bindings: [Binding<ImagesView>] = [
        drawing(
            .move, "←↑↓→", plain: "arrows", hint: "pen", "move the pen; hjkl too",
            [
                (.left, .pen(-1, 0)), (.right, .pen(1, 0)), (.up, .pen(0, -1)), (.down, .pen(0, 1)),
                (.character("h"), .pen(-1, 0)), (.character("l"), .pen(1, 0)), (.character("k"), .pen(0, -1)),
                (.character("j"), .pen(0, 1)),
            ]),
        drawing(
            .run, "space", hint: "down/up", "pen down, up; or the mouse",
            [(.character(" "), .draw { $0.togglePen() })]),
        drawing(.run, "e", hint: "eraser", "eraser, brush", [(.character("e"), .draw { $0.toggleEraser() })]),
        drawing(.run, "u", hint: "undo", "take a stroke back", [(.character("u"), .own { $0.undoStroke(&$1) })]),
        drawing(
            .run, "x", hint: "clear", "clear the pad",
            [(.character("x"), .draw { $0.clear() }), (.delete, .draw { $0.clear() })]),
        drawing(
            .look, "n", hint: "center", "center it as MNIST, or not",
            [(.character("n"), .own { $0.toggleCentering(&$1) })]),
        drawing(
            .jump, "esc", hint: "images", "back to the images; d too",
            [(.escape, .own { $0.endDrawing(&$1) }), (.character("d"), .own { $0.endDrawing(&$1) })]),
    ]

    private static func drawing(
        _ topic: KeyNote.Topic, _ label: String, plain: String? = nil, hint: String? = nil, _ help: String,
        _ actions: [(key: Key, action: Action<ImagesView>)]
    ) -> Binding<ImagesView> {
        Binding(topic, label, plain: plain, hint: hint, help, actions, applies: { view, _ in view.isDrawing })
    }
}

extension Action where Owner == ImagesView {
    fileprivate static func draw(_ change: @escaping @Sendable (inout Drawing) -> Void) -> Action {
        .own { $0.changeDrawing($1, change) }
    }
    fileprivate static func pen(_ columns: Int, _ rows: Int) -> Action { draw { $0.movePen(columns, rows) } }
}
