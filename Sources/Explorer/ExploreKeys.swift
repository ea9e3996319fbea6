import Cells

/// The keys of the Explore view.
enum ExploreKeys {
    static let bindings: [Binding<ExploreView>] = [
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
            .look, "b", hint: "plane", "what the plane shows",
            [(.character("b"), Action { $0.nextPlane() })]),
        .shading, .colors,
        Binding(.jump, "m", hint: "mark", "mark this point: A, B, C", [(.character("m"), .change { $0.markPoint() })]),
        Binding(
            .jump, "g", hint: "go to", "to a point, mark or image",
            [(.character("g"), .change { $0.prompt = Prompt(.destination) })]),
        Binding(.jump, "r", hint: "random", "draw from the prior", [(.character("r"), Action { $0.drawFromPrior() })]),
        Binding(
            .jump, "space", hint: "sample", "from an image's posterior",
            [(.character(" "), Action { $0.drawFromPosterior() })]),
        Binding(.jump, "u", hint: "undo", "undo the last jump", [(.character("u"), Action { $0.undoJump() })]),
        Binding(
            .look, "x y", hint: "axes", "what the plane spans",
            [
                (.character("x"), Action { $0.nextAxis(.horizontal) }),
                (.character("y"), Action { $0.nextAxis(.vertical) }),
            ], applies: { $1.model.latentCount > 2 },
            otherwise: "x and y choose axes among more than two latents: this plane shows all there are"),
        Binding(
            .move, "[ ] { }", hint: "slide", "slide a latent, choose it",
            [
                (.character("["), Action { $0.moveSlider(by: -1) }), (.character("]"), Action { $0.moveSlider(by: 1) }),
                (.character("{"), .change { $0.chooseSlider(by: -1) }),
                (.character("}"), .change { $0.chooseSlider(by: 1) }),
            ], applies: { $1.hasSliders }, otherwise: noSliders),
        Binding(
            .move, "PgUp/PgDn", "a screen of sliders",
            [(.pageUp, .change { $0.pageSliders(by: -1) }), (.pageDown, .change { $0.pageSliders(by: 1) })],
            applies: { $1.hasSliders }, otherwise: noSliders),
        Binding(
            .look, "z", hint: "sliders", "sliders over the plane",
            [(.character("z"), .change { $0.toggleSliders() })], applies: { $1.hasSliders }, otherwise: noSliders),
        Binding(
            .move, ", .", hint: "step", "halve, double the step",
            [
                (.character(","), .change { $0.scaleStep(by: 0.5) }),
                (.character("."), .change { $0.scaleStep(by: 2) }),
            ]),
        Binding(
            .jump, "Y", hint: "copy z", "copy it as --z 0.42,-1.31",
            [(.character("Y"), Action { $0.copyPoint() })]),
    ]

    private static let noSliders = "sliders are for more than two latents: the plane shows all of this model's"
}

extension Action where Owner == ExploreView {
    /// Steps to the right and up.
    fileprivate static func move(_ columns: Int, _ rows: Int) -> Action { Action { $0.step(by: columns, rows) } }
    fileprivate static let zoomIn = change { $0.zoom(by: 1 / Shared.zoomFactor, around: $0.explore.place) }
    fileprivate static let zoomOut = change { $0.zoom(by: Shared.zoomFactor, around: $0.explore.place) }
}
