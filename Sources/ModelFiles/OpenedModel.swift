import Importing

/// What a reader answers: a model, and how what it guessed can be tried on pictures.
struct OpenedModel {
    /// Answers with the model that fits pictures best; with nil where they decide nothing.
    typealias Trial = @Sendable (_ isOver: () -> Bool) -> ImportedModel?

    private(set) var model: ImportedModel
    /// Nil where nothing is left to try.
    private(set) var trial: Trial?

    /// How long answers are tried at the most: a trial's own bound is what it computes, and ends it in a thirtieth of this.
    /// One that takes longer is given up, and decides nothing.
    private static let longestTrial = Duration.seconds(30)

    /// A model of which nothing can be tried.
    init(_ model: ImportedModel) { self.model = model }

    /// A model of which something can be tried.
    ///
    /// - Parameter search: looks for a better model, and answers nil once it is told that nobody waits.
    init(_ model: ImportedModel, search: @escaping Trial) {
        self.model = model
        trial = { isOver in
            let end = ContinuousClock.now + OpenedModel.longestTrial
            return search { isOver() || ContinuousClock.now >= end }
        }
    }

    /// The same, with a change to whichever model it ends with.
    func changed(_ change: @escaping @Sendable (inout ImportedModel) -> Void) -> OpenedModel {
        var changed = self
        change(&changed.model)
        changed.trial = trial.map { trial in
            { @Sendable isOver in
                guard var model = trial(isOver) else { return nil }
                change(&model)
                return model
            }
        }
        return changed
    }

    /// The model after its guesses were tried.
    func tried() -> OpenedModel { trial.flatMap { $0 { false } }.map(OpenedModel.init) ?? OpenedModel(model) }
}
