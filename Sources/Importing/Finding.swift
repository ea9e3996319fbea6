/// How sure a reader is of something that it says about a model.
public enum Certainty: Hashable, Sendable {
    /// It stands in the file, or was given as an option.
    case known
    /// Shapes, or names, leave one possibility.
    case inferred
    /// The best of several that were tried on pictures, with its score and that of the one after it.
    case tried(best: Double, runnerUp: Double?)
    /// Nothing speaks for it but what is usual.
    case guessed

    /// As files call it: `inferred`.
    public var word: String {
        switch self {
        case .known: "known"
        case .inferred: "inferred"
        case .tried: "tried"
        case .guessed: "guessed"
        }
    }
}

/// Something that a reader found out about a model, for `inspect`.
public struct Finding: Hashable, Sendable {
    /// What it is about: `decoder.3`, `the mean`.
    public let subject: String
    /// What was found: `stride 2, padding 1`.
    public let value: String
    public let certainty: Certainty
    /// Which half alone it is about; nil: both, or the whole model.
    public let half: Half?

    public enum Half: String, Hashable, Sendable {
        case encoder, decoder
    }

    public init(_ subject: String, _ value: String, _ certainty: Certainty, of half: Half? = nil) {
        self.subject = subject
        self.value = value
        self.certainty = certainty
        self.half = half
    }
}

extension Finding {
    /// What words about a convolution begin with.
    private static let (convolution, transposed) = ("convolution, ", "transposed convolution, ")

    /// How a convolution changes the size of a map.
    ///
    /// - Parameter sizes: `stride 2, padding 1`.
    public static func convolution(
        _ path: String, isTransposed: Bool, _ sizes: String, _ certainty: Certainty, of half: Half
    ) -> Finding {
        Finding(path, (isTransposed ? transposed : convolution) + sizes, certainty, of: half)
    }

    fileprivate var isOfConvolution: Bool {
        value.hasPrefix(Finding.convolution) || value.hasPrefix(Finding.transposed)
    }

    private static let program = "program"

    /// That a file's own program cannot be followed, so that its tensors alone speak.
    public static func unfollowed(_ why: String) -> Finding { Finding(program, "cannot be followed: \(why)", .guessed) }

    fileprivate var isProgram: Bool { subject == Self.program }

    /// What follows from a program that cannot be followed, as a sentence; nil for all else.
    public var consequence: String? {
        isProgram
            ? "its \(subject) \(value); so its tensors are taken as a state dict, and what they do not say is guessed"
            : nil
    }
}

extension [Finding] {
    /// What was guessed and why, as a sentence for whoever uses the model; nil where nothing was.
    ///
    /// - Parameter half: as of ``guesses(about:)``.
    public func guessing(about half: Finding.Half? = nil) -> String? {
        guard let consequence = lazy.compactMap(\.consequence).first else {
            return guesses(about: half).map { "guessed, since the file does not say: \($0)" }
        }
        return consequence + (filter { !$0.isProgram }.guesses(about: half).map { ": \($0)" } ?? "")
    }

    /// What of it is a guess, in a clause that stays short however many layers there are; nil where nothing is.
    ///
    /// - Parameter half: nil: of the whole model; else what only the other half is about is left out.
    public func guesses(about half: Finding.Half? = nil) -> String? {
        let guesses = filter { $0.certainty == .guessed && (half == nil || $0.half == nil || $0.half == half) }
        let layers = guesses.count { $0.isOfConvolution }
        var texts = guesses.filter { layers == 1 || !$0.isOfConvolution }.map { "\($0.subject): \($0.value)" }
        if layers > 1 { texts.append("strides and padding of \(layers) convolutions") }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }
}
