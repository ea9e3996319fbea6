import ArgumentParser
import Checkpoints
import Datasets
import Deduction
import Files
import Importing
import ModelFiles
import Neural
import VAE

/// Which model, and what its file does not say: the same for all commands that open one.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .customLong("class"), parsing: .unconditional,
        help: """
            The class that a conditional model is asked for, a number from 0. (default: of an image its own label, of a \
            point 0)
            """)
    var label: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            What a model is asked for that takes a vector, be it a label's one-hot vector: all its numbers, or fewer, whole \
            ones, the places from 0 that are 1 among zeros. (default: zeros, or of a label the class)
            """, valueName: "a,b"), transform: ConditionNumbers.init(text:))
    var condition: ConditionNumbers?

    @Option(
        help: """
            What the pixels are distributed as, where the model does not say, or to ask for another: bernoulli, gaussian, \
            or gaussian:VARIANCE.
            """)
    var likelihood: String?

    @OptionGroup(title: "What another framework's file leaves open")
    var foreign: ForeignOptions

    func validate() throws {
        guard let likelihood else { return }
        switch Likelihood(likelihood) {
        case nil:
            throw ValidationError(
                "There is no likelihood “\(likelihood.printable)”: choose bernoulli, gaussian, or gaussian:VARIANCE with "
                    + "a positive variance.")
        case .gaussian(.learned):
            throw ValidationError(
                "A variance is learned in training alone: name it, as in --likelihood gaussian:0.1, or leave it out.")
        case .bernoulli, .gaussian: break
        }
    }

    /// Opens a model and tells it what was asked for.
    ///
    /// - Parameters:
    ///   - path: nil for the shipped model.
    ///   - half: the only one that is used, where one is: what was guessed about the other is not worth a word.
    ///   - check: throws where the model is not what the command wants, before a word is said of guesses.
    func read(_ path: String?, uses half: Finding.Half? = nil, check: (Model) throws -> Void) throws -> Model {
        let path = try Installation.model(path)
        let contents = try contents(path)
        let model = try prepared(contents.model)
        try check(model)
        if let guessing = contents.findings.guessing(about: half) {
            StandardError.write(
                "latentwalk: \(path.printable): \(guessing); options say it, and latentwalk inspect shows what is known\n"
            )
        }
        if contents.format != nil, half != .encoder, let word = model.wordOfRange(pool: WorkerPool()) {
            StandardError.write("latentwalk: \(path.printable): \(word)\n")
        }
        return model
    }

    /// The same with what the file says of itself, before anything is asked of the model.
    ///
    /// - Parameters:
    ///   - defersTrial: whether guesses are tried later, by whoever asks.
    ///   - isWhole: whether the model needs no other half, whatever the options name.
    func contents(
        _ path: String, defersTrial: Bool = false, isWhole: Bool = false
    ) throws(CheckpointError) -> ModelFile.Contents {
        var request = request
        request.defersTrial = defersTrial
        if isWhole { (request.encoder, request.decoder) = (nil, nil) }
        return try ModelFile.contents(of: path, request)
    }

    /// A model that another process may be about to write over, and what of it is a guess.
    func watched(_ path: String) throws -> (model: Model, guessed: String?) {
        let contents = try ModelFile.contents(of: path, request, access: .copied)
        return (try prepared(contents.model), contents.guessed)
    }

    /// What the options say of a model's file.
    var request: ModelRequest {
        ModelRequest(
            options: foreign.options, encoder: foreign.encoder, decoder: foreign.decoder,
            architecture: foreign.architecture, pictures: { ModelOptions.sample() })
    }

    /// Digits on which answers are tried; nil where there are none.
    private static func sample() -> TrialPictures? {
        guard let resources = try? Installation.current().resources,
            let digits = try? Dataset.sample(in: resources, limit: 50)
        else { return nil }
        let shape = digits.shape
        return TrialPictures(
            shape: [shape.channels, shape.height, shape.width], values: digits.images(0..<digits.count),
            labels: digits.hasLabels ? (0..<digits.count).map { digits.label($0) ?? 0 } : nil)
    }

    /// - Parameter isFurther: whether it is another model than the one that the options were given for: what it has not is
    ///   not asked of it.
    /// - Throws: ``ModelOptionError``
    func prepared(_ model: Model, isFurther: Bool = false) throws -> Model {
        var model = model
        let label = isFurther && label.map({ $0 >= model.architecture.classCount ?? 0 }) == true ? nil : label
        let condition = isFurther && model.vector(condition) == nil ? nil : condition
        if let likelihood = likelihood.flatMap(Likelihood.init) {
            do {
                model = try model.assuming(likelihood)
            } catch {
                throw ModelOptionError.likelihood(likelihood.description, "\(error)")
            }
        }
        if let condition {
            guard let count = model.vectorCount else {
                throw ModelOptionError.noCondition(model.architecture.classCount)
            }
            guard let vector = model.vector(condition) else {
                throw ModelOptionError.conditionCount(condition.values.count, count)
            }
            if label != nil, model.architecture.conditionCount == nil { throw ModelOptionError.labelTwice }
            model = try model.asked(with: vector)
        }
        if let label {
            guard let classes = model.architecture.classCount else {
                throw model.otherInputs.isEmpty
                    ? ModelOptionError.noClasses
                    : ModelOptionError.noLabel(model.otherInputs, numbers: model.architecture.conditionCount)
            }
            guard (0..<classes).contains(label) else { throw ModelOptionError.classOutside(label, classes) }
            model.condition.label = label
        }
        return model
    }
}

extension Model {
    /// How many numbers `--condition` speaks of: the condition's, or else a one-hot label's.
    fileprivate var vectorCount: Int? { architecture.conditionCount ?? architecture.oneHotCount }

    fileprivate func vector(_ condition: ConditionNumbers?) -> [Float]? {
        vectorCount.flatMap { condition?.vector(of: $0) }
    }

    /// The names of the inputs that are no points and no images.
    fileprivate var otherInputs: [String] {
        let encoder = architecture.encoder?.inputNames.dropFirst() ?? []
        let decoder = architecture.decoder.inputNames.dropFirst()
        return decoder + encoder.filter { !decoder.contains($0) }
    }
}

/// Why a model cannot be asked as the options want it. Each case prints one sentence.
enum ModelOptionError: CommandError, Equatable {
    case noClasses
    /// No input is known as a label.
    case noLabel([String], numbers: Int?)
    case classOutside(Int, Int)
    /// With how many classes the model has.
    case noCondition(Int?)
    case labelTwice
    case conditionCount(Int, Int)
    case likelihood(String, String)

    var exit: SystemExit { .usage }

    var description: String {
        switch self {
        case .noClasses: "--class is for conditional models, and this model has no classes: leave it out"
        case .classOutside(let label, let classes):
            "--class \(label) is not a class of this model, which has \(counted(classes, "class", "classes")): choose 0 to "
                + "\(classes - 1)"
        case .noLabel(let inputs, let numbers):
            "--class wants a label, and the file does not say that this model has one: --label "
                + inputs.map { $0.printable(atMost: 40) }.prefix(4).joined(separator: " or ")
                + " says that the input is one"
                + (numbers.map { ", and --condition gives it \(counted($0, "number"))" } ?? "")
        case .noCondition(nil): "--condition is for models that take one, and this model does not: leave it out"
        case .noCondition(_?):
            "--condition is for models that take a vector, and this model takes its class by its number: --class says it"
        case .labelTwice: "--class and --condition both say what this model's label is: leave one of them out"
        case .conditionCount(let found, let expected):
            "--condition has \(counted(found, "number")), but the model's has \(expected): give all of them, or fewer whole "
                + "ones from 0 to \(expected - 1), the places that are 1"
        case .likelihood(let likelihood, let reason): "--likelihood \(likelihood) does not fit this model: \(reason)"
        }
    }
}

extension MissingPart: CommandError {
    var exit: SystemExit { self == .likelihood ? .usage : .dataError }
}
