import Importing
import ModelFiles
import Session
import VAE

/// A model that a screen waits for: handed over at once, with what was guessed, which is tried behind the first picture.
struct ScreenModel: Sendable {
    let model: Model
    private let path: String
    private let contents: ModelFile.Contents
    private let options: ModelOptions
    private let isFurther: Bool
    private let threads: Int?

    /// - Parameter isFurther: whether it is another model than the one that the options were given for.
    init(_ path: String, _ options: ModelOptions, isFurther: Bool = false, threads: Int?) throws {
        contents = try options.contents(path, defersTrial: true)
        model = try options.prepared(contents.model, isFurther: isFurther)
        (self.path, self.options, self.isFurther, self.threads) = (path, options, isFurther, threads)
    }

    /// - Throws: `ExplorableModelError`.
    func open() throws -> OpenModel {
        let open = try open(model, guess: contents.guessed)
        guard let trial = contents.trial else { return open }
        return open.trying { isOver in
            let found = trial(isOver)
            return isOver() ? nil : try? self.tried(found)
        }
    }

    private func open(_ model: Model, guess: String?) throws -> OpenModel {
        try OpenModel(model, name: ExploreCommand.name(of: path), guess: guess, threads: threads)
    }

    /// - Returns: nil where there was no guess and is none, and nothing else came of it.
    private func tried(_ tried: ModelFile.Contents?) throws -> TriedModel? {
        let found = tried ?? contents
        let isOther =
            found.model.architecture != contents.model.architecture || found.model.tensors != contents.model.tensors
        guard isOther || contents.guessed != nil || found.guessed != nil else { return nil }
        return TriedModel(
            try open(options.prepared(found.model, isFurther: isFurther), guess: found.guessed), isOther: isOther,
            sentence: TrialSentence(of: contents, tried: tried).text)
    }
}

/// What came of a trial, in a sentence.
struct TrialSentence {
    let text: String

    /// - Parameter tried: nil where pictures decided nothing.
    init(of guess: ModelFile.Contents, tried: ModelFile.Contents?) {
        let confirm = ":confirm if the pictures look right"
        guard let tried else {
            text = "pictures cannot tell whether what was guessed is right: \(confirm)"
            return
        }
        let values = Dictionary(guess.findings.map { ($0.subject, $0.value) }, uniquingKeysWith: { first, _ in first })
        let changed = tried.findings.filter { values[$0.subject].map { [value = $0.value] in $0 != value } ?? true }
        let names = changed.prefix(3).map { "\($0.subject) \($0.value)" }.joined(separator: ", ")
        let others = changed.count > 3 ? " and \(counted(changed.count - 3, "other", "others"))" : ""
        let before = guess.guessed == nil ? "inferred" : "guessed"
        let outcome =
            changed.isEmpty ? "what was \(before) fits best" : "\(names)\(others) in place of what was \(before)"
        guard let score = tried.findings.lazy.compactMap({ Self.score($0.certainty) }).first else {
            text =
                "tried on pictures, which do not settle it"
                + (changed.isEmpty ? "" : ": \(names)\(others) fits a little better") + ": \(confirm)"
            return
        }
        let open = tried.findings.filter { $0.certainty == .guessed }.map(\.subject)
        let rest = open.isEmpty ? "" : "; still guessed: \(open.prefix(3).joined(separator: ", "))"
        text = "tried on pictures: \(outcome) (\(score))\(rest)"
    }

    private static func score(_ certainty: Certainty) -> String? {
        guard case .tried(let best, let next) = certainty else { return nil }
        return "correlation \(fixed(best, 2))" + (next.map { ", the next best \(fixed($0, 2))" } ?? "")
    }
}
