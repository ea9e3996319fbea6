import Cells
import Latent

/// The keys of the Train view.
enum TrainKeys {
    static let bindings: [Binding<TrainView>] = [
        Binding(
            .run, "enter", hint: "train for a minute", "train on the sample",
            [(.enter, Action { _ in [.trainOnSample] })],
            applies: { $1[TrainView.self].facts == nil && $1.offersTraining }),
        Binding(.run, "p", hint: "pause", "pause, go on", [(.character("p"), .pause)], applies: isLive),
        Binding(
            .run, "w", hint: "write checkpoint", "write a checkpoint now", [(.character("w"), .checkpoint)],
            applies: isLive),
        Binding(
            .run, "enter", hint: "explore", "explore it as it learns",
            [(.enter, .view(ExploreView.card))], applies: hasRun),
        Binding(.run, "q", hint: "stop and save", "stop and save", [(.character("q"), .quit)], applies: isLive),
        Binding(
            .look, "z", hint: "zoom", "whole run or its last part",
            [(.character("z"), .look { $0.zoom = ChartSpan.Zoom.allCases.next(after: $0.zoom) })], applies: hasRun),
        Binding(
            .look, "f", hint: "log", "logarithmic axis", [(.character("f"), .look { $0.isLogarithmic.toggle() })],
            applies: hasRun),
        Binding(
            .look, "S", hint: "smoothing", "smoothing of the curves", [(.character("S"), .smooth)], applies: hasRun),
        Binding(
            .run, "+/−", plain: "+/-", hint: "rate", "learning rate ×1.5, ÷1.5",
            [
                (.character("+"), .scaleRate(1.5)), (.character("="), .scaleRate(1.5)),
                (.character("-"), .scaleRate(1 / 1.5)), (.character("_"), .scaleRate(1 / 1.5)),
            ], applies: isLive),
        Binding(
            .look, "u", hint: "rescale", "losses × an image's values", [(.character("u"), .rescale)],
            applies: { $1[TrainView.self].facts.map { $0.unit != .natsPerImage } ?? false }),
        Binding(
            .run, "Q", hint: "stop without saving", "stop without saving", [(.character("Q"), .stopWithoutSaving)],
            applies: isLive),
        Binding(
            .run, "D", hint: "detach", "leave, and let it train on",
            [(.character("D"), Action { _ in [.run(.detach)] })],
            applies: isLive),
        Binding(
            .look, "o", hint: "objective", "the weighted objective too",
            [(.character("o"), .look { $0.showsObjective.toggle() })],
            applies: { $1[TrainView.self].histories[.objective] != nil }),
        Binding(
            .jump, "PgUp PgDn", hint: "checkpoints", "through kept checkpoints",
            [(.pageUp, .turn(-1)), (.pageDown, .turn(1))], applies: { !$1[TrainView.self].kept.isEmpty }),
        Binding(
            .jump, "End", "back to the present", [(.end, Action { $0.showKept(nil) })],
            applies: { $1[TrainView.self].shown != nil }),
        .shading, .colors,
    ]

    private static let isLive: @Sendable (TrainView, Shared) -> Bool = { $1[TrainView.self].isLive }
    private static let hasRun: @Sendable (TrainView, Shared) -> Bool = { $1[TrainView.self].facts != nil }
}

extension Action where Owner == TrainView {
    /// Another look at the curves; the axes are fitted to it.
    fileprivate static func look(_ change: @escaping @Sendable (inout TrainState) -> Void) -> Action {
        .change { shared in
            shared.owned.update(TrainView.self) { run in
                change(&run)
                run.fitScales(force: true)
            }
        }
    }

    fileprivate static let pause = Action { shared in
        switch shared[TrainView.self].phase {
        case .running:
            // What the trainer does at the moment, it ends first: for seconds, where it computes an encoder.
            shared.note("pausing")
            return [.run(.pause)]
        case .paused:
            shared.note("going on")
            return [.run(.proceed)]
        case .stopping, .evaluating, .finished, .failed: return []
        }
    }

    fileprivate static let checkpoint = Action { shared in
        shared.note("writing a checkpoint")
        return [.run(.checkpoint)]
    }

    fileprivate static let smooth = Action.change { shared in
        shared.owned.update(TrainView.self) { $0.smoothing = TrainState.Smoothing.allCases.next(after: $0.smoothing) }
        shared.note("smoothing: \(shared[TrainView.self].smoothing.name)")
    }

    fileprivate static let rescale = Action.change { shared in
        guard let values = shared[TrainView.self].facts?.valuesPerImage, values > 1 else {
            shared.note("how many values an image has is known when its first checkpoint is there")
            return
        }
        shared.owned.update(TrainView.self) { run in
            run.isRescaled.toggle()
            run.fitScales(force: true)
        }
        let isRescaled = shared[TrainView.self].isRescaled
        shared.note(isRescaled ? "losses times \(values), the values of an image" : "losses as they were logged")
    }

    fileprivate static func scaleRate(_ factor: Double) -> Action {
        Action { shared in
            guard !shared[TrainView.self].phase.isOver else { return [] }
            shared.note(factor > 1 ? "raising the learning rate" : "lowering the learning rate")
            return [.run(.scaleLearningRate(factor))]
        }
    }

    fileprivate static let stopWithoutSaving = Action { $0.askToStop(saving: false) }

    fileprivate static func turn(_ pages: Int) -> Action {
        Action { shared in
            let run = shared[TrainView.self]
            let place = (run.shown ?? run.kept.count) + pages
            guard place >= 0 else {
                shared.note("this is the first kept checkpoint")
                return []
            }
            return shared.showKept(place < run.kept.count ? place : nil)
        }
    }
}

extension Shared {
    /// `q` and Ctrl-C: leaves, but asks once where a training would end with it.
    mutating func quit() -> [Effect] {
        self[TrainView.self].isLive ? askToStop(saving: true) : [.quit]
    }

    /// Stops the run if the same was asked by the key before; else asks.
    mutating func askToStop(saving: Bool) -> [Effect] {
        let run = self[TrainView.self]
        if run.phase == .stopping {
            note("stopping; Ctrl-C twice ends at once")
            return []
        }
        guard answered == .stop(saving: saving) else {
            question = .stop(saving: saving)
            message = Message(
                question: saving
                    ? "stop and save the model? q again does, any other key goes on"
                    : "stop without saving? Q again does, any other key goes on")
            return []
        }
        return stopRun(saving: saving)
    }

    /// Stops the run; the explorer is left when it has ended.
    mutating func stopRun(saving: Bool) -> [Effect] {
        owned.update(TrainView.self) { run in
            run.phase = .stopping
            run.leavesAtEnd = true
        }
        note(saving ? "stopping and saving" : "stopping")
        return [.run(.stop(saving: saving))]
    }

    /// Whether the training is through: the view stays until a key that means nothing else.
    var endsByAnyKey: Bool {
        let run = self[TrainView.self]
        return view.digit == TrainView.digit && run.facts?.isControlled == true && run.phase.isOver
    }

    /// Shows a kept checkpoint, or the present.
    mutating func showKept(_ number: Int?) -> [Effect] {
        let run = self[TrainView.self]
        guard number != run.shown else { return [] }
        owned.update(TrainView.self) { $0.shown = number }
        return [.run(.show(number.map { run.kept[$0] }))]
    }
}
