import VAE

/// Why a run cannot go on. Each case prints one sentence.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
    case wrongImages(found: String, expected: String)
    case tooFewImages(Int, validation: Int)
    case notFinite(NonFiniteLoss)
    case badSetting(String)
    /// The model has something less than what is to be measured needs.
    case missing(MissingPart)
    /// A state that belongs to another run: of another network, other settings or other data.
    case wrongState(String)

    public var description: String {
        switch self {
        case .wrongImages(let found, let expected):
            "the data set's images are \(found), but the recipe's network takes \(expected): bring them to it with "
                + "--resize model"
        case .tooFewImages(let count, let validation):
            "\(count) images are too few to hold back \(validation) for validation: use a smaller --validation"
        case .notFinite(let loss): loss.description
        case .badSetting(let sentence): sentence
        case .missing(let part): part.description
        case .wrongState(let reason): "the state is not this run's: \(reason)"
        }
    }
}

/// Where a number first was not finite.
public struct NonFiniteLoss: Hashable, Sendable, CustomStringConvertible {
    /// What of the objective.
    public enum Term: String, Hashable, Sendable {
        case reconstruction
        case kl = "KL"
        case gradient
    }

    public var epoch: Int
    /// The number of the batch in its epoch, from 1.
    public var batch: Int
    /// The number of the step in the run, from 1.
    public var step: Int
    public var term: Term
    /// The first place on the batch's way through the model: `decoder.3 (Conv2d)`, `the gradient of encoder.0.weight`; nil
    /// where every tensor is finite and only a sum isn't.
    public var place: String?

    public var description: String {
        "the \(term.rawValue)\(term == .gradient ? "" : " term") is not finite at batch \(batch) of epoch \(epoch), step "
            + "\(step) of the run\(place.map { "; the first value that is not: \($0)" } ?? ""): try a smaller "
            + "--learning-rate or --gradient-clip"
    }
}
