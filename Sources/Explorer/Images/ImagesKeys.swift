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
            .jump, "d", hint: "draw", "draw an image yourself", [(.character("d"), Action { $0.beginDrawing() })],
            isUseful: { $1.model.hasEncoder }),
        Binding(
            .jump, ":data NAME", hint: "brings images", "images, if there are none", [(.character(":"), .command)],
            applies: { !$1[ImagesView.self].isDrawing && !$1.hasImages && $1.progress == nil && $1.model.hasEncoder }),
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
                (.character("w"), .change { $0.orderImages(.worst) }),
                (.character("b"), .change { $0.orderImages(.best) }),
            ]),
        browsing(
            .look, "/", hint: "class", "one class; empty for all",
            [(.character("/"), .change { $0.prompt = Prompt(.imageClass) })]),
        browsing(
            .jump, "i", hint: "go to", "to an image by its number",
            [(.character("i"), .change { $0.prompt = Prompt(.imageNumber) })]),
        browsing(.jump, "r", hint: "random", "a random image", [(.character("r"), .change { $0.goToRandomImage() })]),
        browsing(
            .jump, "a A", hint: "walk", "the walk's start, its end",
            [
                (.character("a"), .change { $0.takeImage(as: .start) }),
                (.character("A"), .change { $0.takeImage(as: .end) }),
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
            .look, "z", hint: "samples", "draws from its posterior",
            [(.character("z"), .change { $0.toggleSamples() })], isUseful: { $1.hasExhibit }),
        Binding(
            .jump, "enter", hint: "explore", "Explore where it lies", [(.enter, Action { $0.exploreImage() })],
            isUseful: { $1.hasExhibit }),
        Binding(
            .look, "p", hint: "exact", "the exact posterior",
            [(.character("p"), Action { $0.togglePosterior() })],
            applies: { $1.takesPosteriors || $1.awaitsLikelihood }, isUseful: { $1.takesPosteriors && $1.hasExhibit }),
        Binding(
            .look, "P", hint: "answer", "encoder, refined, exact",
            [(.character("P"), Action { $0.cycleInference() })], applies: { $1.model.hasEncoder },
            isUseful: { $1.hasExhibit }),
        .shading, .colors,
    ]

    private static func browsing(
        _ topic: KeyNote.Topic, _ label: String, plain: String? = nil, hint: String? = nil, _ help: String,
        _ actions: [(key: Key, action: Action<ImagesView>)],
        isUseful: @escaping @Sendable (ImagesView, Shared) -> Bool = { $1.hasImages }
    ) -> Binding<ImagesView> {
        Binding(
            topic, label, plain: plain, hint: hint, help, actions, applies: { !$1[ImagesView.self].isDrawing },
            isUseful: isUseful)
    }
}

extension Shared {
    /// Whether there are images to browse.
    fileprivate var hasImages: Bool { (cloud?.count ?? 0) > 0 }
    /// Whether there is something to reconstruct, or will be as soon as one draws it.
    fileprivate var hasExhibit: Bool { hasImages || self[ImagesView.self].isDrawing }
}

extension Action where Owner == ImagesView {
    fileprivate static func step(_ count: Int) -> Action { change { $0.stepImages(by: count) } }
}
