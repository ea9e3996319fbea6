/// What a model's file does not say: shown as a guess until it was tried on pictures or the person confirms it.
extension Shared {
    /// What to do about a guess, where nothing else will decide it.
    mutating func noteGuess() {
        guard model.guess != nil, !model.isOnTrial else { return }
        note("part of this model is guessed: :confirm if its pictures look right, latentwalk inspect says what")
    }

    /// The guesses were tried. Place, view and marks stay; other pictures take the place of those before as they come.
    mutating func take(_ facts: ModelFacts, tried sentence: String, isOther: Bool) -> [Effect] {
        model = facts
        note(sentence)
        guard isOther else { return [] }
        background.forget()
        return [decodeRequest()]
    }

    /// The person says that the model is as it was guessed.
    mutating func confirmGuess() -> [Effect] {
        guard let guess = model.guess else {
            note("nothing is guessed about this model")
            return []
        }
        (model.guess, model.isOnTrial) = (nil, false)
        note("confirmed for this session: \(guess)")
        return [.confirm]
    }
}
