import Cells

/// The keys of the Images view while one browses; those of the pad are ``DrawKeys``.
enum ImagesKeys {
    static let browsing: [Binding<ImagesView>] = [
        browsing(
            .move, "←→", plain: "arrows", hint: "image", "one image; hjkl too",
            [
                (.left, .step(-1)), (.up, .step(-1)), (.right, .step(1)), (.down, .step(1)),
                (.character("h"), .step(-1)), (.character("k"), .step(-1)), (.character("l"), .step(1)),
                (.character("j"), .step(1)),
            ]),
        browsing(
            .jump, "d", hint: "draw", "draw an image yourself",
            [(.character("d"), Action(own: { $0.beginDrawing(&$1) }))],
            isUseful: { $1.model.hasEncoder }),
        Binding(
            .jump, ":data NAME", hint: "brings images", "images, if there are none", [(.character(":"), .command)],
            applies: { !$0.isDrawing && !$1.hasImages && $1.progress == nil && $1.model.hasEncoder }),
        browsing(
            .move, "⇧/HJKL", plain: "Shift/HJKL", hint: "ten", "ten images",
            [
                (.shiftLeft, .step(-10)), (.shiftUp, .step(-10)), (.shiftRight, .step(10)), (.shiftDown, .step(10)),
                (.character("H"), .step(-10)), (.character("K"), .step(-10)), (.character("L"), .step(10)),
                (.character("J"), .step(10)),
            ]),
        browsing(
            .look, "w b", hint: "worst, best", "worst, best image first",
            [
                (.character("w"), .own { $0.sort(.worst, &$1) }),
                (.character("b"), .own { $0.sort(.best, &$1) }),
            ]),
        browsing(
            .look, "/", hint: "class", "one class; empty for all",
            [(.character("/"), .change { $0.prompt = Prompt(.imageClass) })]),
        browsing(
            .jump, "i", hint: "go to", "to an image by its number",
            [(.character("i"), .change { $0.prompt = Prompt(.imageNumber) })]),
        browsing(.jump, "r", hint: "random", "a random image", [(.character("r"), .own { $0.goToRandomImage(&$1) })]),
        browsing(
            .jump, "a A", hint: "walk", "the walk's start, its end",
            [
                (.character("a"), .own { $0.takeImage(as: .start, &$1) }),
                (.character("A"), .own { $0.takeImage(as: .end, &$1) }),
            ]),
        browsing(
            .move, "PgUp PgDn", "a hundred; Home, End too",
            [
                (.pageUp, .step(-100)), (.pageDown, .step(100)), (.home, .step(.min / 2)), (.end, .step(.max / 2)),
            ]),
    ]

    /// Those that mean the same while one draws.
    static let shared: [Binding<ImagesView>] = [
        Binding(
            .look, "z", hint: "samples", "draws; 5, 20 times as wide",
            [(.character("z"), .own { $0.cycleSamples(&$1) })], isUseful: { $0.hasExhibit($1) }),
        Binding(
            .jump, "enter", hint: "explore", "Explore where it lies", [(.enter, Action(own: { $0.exploreImage(&$1) }))],
            isUseful: { $0.hasExhibit($1) }),
        Binding(
            .look, "p", hint: "exact", "the exact posterior",
            [(.character("p"), Action(own: { $0.togglePosterior(&$1) }))],
            applies: { $1.model.takesPosteriors || $1.model.awaitsLikelihood },
            isUseful: { $1.model.takesPosteriors && $0.hasExhibit($1) }),
        Binding(
            .look, "P", hint: "answer", "encoder, refined, exact",
            [(.character("P"), Action(own: { $0.cycleInference(&$1) }))], applies: { $1.model.hasEncoder },
            isUseful: { $0.hasExhibit($1) }),
        Binding(
            .look, "+/−", plain: "+/-", hint: "zoom", "zoom; the wheel there too",
            [
                (.character("+"), .lens(outward: false)), (.character("="), .lens(outward: false)),
                (.character("-"), .lens(outward: true)), (.character("_"), .lens(outward: true)),
            ],
            applies: { $1.explore.plane != nil }, isUseful: { $0.hasExhibit($1) && $0.lens.home != nil }),
        .shading, .colors,
    ]

    private static func browsing(
        _ topic: KeyNote.Topic, _ label: String, plain: String? = nil, hint: String? = nil, _ help: String,
        _ actions: [(key: Key, action: Action<ImagesView>)],
        isUseful: @escaping @Sendable (ImagesView, Shared) -> Bool = { $1.hasImages }
    ) -> Binding<ImagesView> {
        Binding(
            topic, label, plain: plain, hint: hint, help, actions, applies: { view, _ in !view.isDrawing },
            isUseful: isUseful)
    }
}

extension Shared {
    /// Whether there are images to browse.
    fileprivate var hasImages: Bool { (cloud?.count ?? 0) > 0 }
}

extension ImagesView {
    /// Whether there is something to reconstruct, or will be as soon as one draws it.
    fileprivate func hasExhibit(_ shared: Shared) -> Bool { shared.hasImages || isDrawing }
}

extension Action where Owner == ImagesView {
    fileprivate static func lens(outward: Bool) -> Action { own { $0.zoomLens(outward: outward, &$1) } }
    fileprivate static func step(_ count: Int) -> Action { own { $0.step(by: count, &$1) } }
}
