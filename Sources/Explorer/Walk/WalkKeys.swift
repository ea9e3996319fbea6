import Cells

/// The keys of the Walk view.
enum WalkKeys {
    static let bindings: [Binding<WalkView>] = Array(own.prefix(3)) + classes + Array(own.dropFirst(3))

    private static let own: [Binding<WalkView>] = [
        Binding(
            .run, "space", hint: "play", "play, pause",
            [(.character(" "), .own { $0.togglePlaying(at: $1.now) })]),
        Binding(
            .move, "←→", plain: "arrows", hint: "step", "one frame; Home, End",
            [
                (.left, .step(-1)), (.right, .step(1)), (.shiftLeft, .step(-5)), (.shiftRight, .step(5)),
                (.home, .own { $0.showFrame(0, at: $1.now) }), (.end, .own { $0.showFrame(.max, at: $1.now) }),
            ]),
        Binding(.look, "t", hint: "path", "next path", [(.character("t"), .own { $0.nextPath(&$1) })]),
        Binding(
            .look, "A", hint: "all paths", "all paths side by side",
            [(.character("A"), .own { view, _ in view.showsAll.toggle() })]),
        Binding(
            .look, "M", hint: "metric", "what measures the lengths",
            [(.character("M"), .own { $0.nextMetric(&$1) })]),
        Binding(
            .jump, "f g", hint: "from, to", "choose the ends",
            [
                (.character("f"), .change { $0.prompt = Prompt(.walkEnd(.start)) }),
                (.character("g"), .change { $0.prompt = Prompt(.walkEnd(.end)) }),
            ]),
        Binding(
            .jump, "n", hint: "new ends", "others of the same classes",
            [(.character("n"), .own { $0.renewEnds(&$1) })]),
        Binding(.jump, "x", hint: "swap", "swap the ends", [(.character("x"), .own { $0.swapEnds(&$1) })]),
        Binding(
            .run, "[ ]", hint: "speed", "slower, faster",
            [
                (.character("["), .own { $0.changeSpeed(by: -1, &$1) }),
                (.character("]"), .own { $0.changeSpeed(by: 1, &$1) }),
            ]),
        Binding(
            .run, "l", hint: "loop", "forth and back, or a loop", [(.character("l"), .own { $0.nextTurn(&$1) })]),
        Binding(
            .run, "e", hint: "export", "to a file: GIF, PNG, text",
            [(.character("e"), .own { $0.askForFile(&$1) })]),
        .shading, .colors,
    ]
}

extension Action where Owner == WalkView {
    fileprivate static func step(_ frames: Int) -> Action { own { $0.step(by: frames, at: $1.now) } }
}
