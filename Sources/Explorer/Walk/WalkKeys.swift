import Cells

/// The keys of the Walk view.
enum WalkKeys {
    static let bindings: [Binding<WalkView>] = Array(own.prefix(3)) + classes + Array(own.dropFirst(3))

    private static let own: [Binding<WalkView>] = [
        Binding(.run, "space", hint: "play", "play, pause", [(.character(" "), .change { $0.togglePlaying() })]),
        Binding(
            .move, "←→", plain: "arrows", hint: "step", "one frame; Home, End",
            [
                (.left, .step(-1)), (.right, .step(1)), (.shiftLeft, .step(-5)), (.shiftRight, .step(5)),
                (.home, .change { $0.showWalkFrame(0) }), (.end, .change { $0.showWalkFrame(.max) }),
            ]),
        Binding(.look, "t", hint: "path", "next path", [(.character("t"), .change { $0.nextWalkPath() })]),
        Binding(
            .look, "A", hint: "all paths", "all paths side by side",
            [(.character("A"), .change { $0.toggleAllWalkPaths() })]),
        Binding(
            .look, "M", hint: "metric", "what measures the lengths",
            [(.character("M"), .change { $0.nextWalkMetric() })]),
        Binding(
            .jump, "f g", hint: "from, to", "choose the ends",
            [
                (.character("f"), .change { $0.askForWalkEnd(.start) }),
                (.character("g"), .change { $0.askForWalkEnd(.end) }),
            ]),
        Binding(
            .jump, "n", hint: "new ends", "others of the same classes",
            [(.character("n"), .change { $0.renewWalkEnds() })]),
        Binding(.jump, "x", hint: "swap", "swap the ends", [(.character("x"), .change { $0.swapWalkEnds() })]),
        Binding(
            .run, "[ ]", hint: "speed", "slower, faster",
            [
                (.character("["), .change { $0.changeWalkSpeed(by: -1) }),
                (.character("]"), .change { $0.changeWalkSpeed(by: 1) }),
            ]),
        Binding(.run, "l", hint: "loop", "forth and back, or a loop", [(.character("l"), .change { $0.turnWalk() })]),
        Binding(
            .run, "e", hint: "export", "to a file: GIF, PNG, text",
            [(.character("e"), .change { $0.askForWalkFile() })]),
        .shading, .colors,
    ]
}

extension Action where Owner == WalkView {
    fileprivate static func step(_ frames: Int) -> Action { change { $0.stepWalk(by: frames) } }
}
