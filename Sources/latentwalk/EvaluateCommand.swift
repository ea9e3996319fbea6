import ArgumentParser
import Checkpoints
import Datasets
import Inference
import Neural
import VAE

extension PixelTreatment: ExpressibleByArgument {}

/// `latentwalk evaluate`: what a model is worth on a data set.
struct EvaluateCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk evaluate --data sample --limit 100"),
        Example("latentwalk evaluate --data sample --limit 100 --exact --json", endsSoon: false),
        Example("latentwalk evaluate mnist-8d --data sample --output figures.csv", endsSoon: false),
    ]

    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure −ELBO, reconstruction, KL and −log p on a data set.",
        discussion: help(
            """
            Nats an image, means over the images with their standard errors: −ELBO, reconstruction and KL by the \
            encoder's posterior, or by a refined or the exact one with --inference, whose −ELBO is −log p; active units, the latents whose posterior means vary by more than 0.01 over the \
            images; with --importance-samples the importance-weighted bound of −log p; with --exact, for two latents, \
            −log p itself by quadrature over the plane, and what inference loses: the approximation gap (the Gaussian's \
            shape: −ELBO of the best Gaussian with independent latents, less −log p) and the amortization gap (the \
            encoder's −ELBO, less the best Gaussian's). The exit code is 65 where a figure is no finite number.
            """)
    )

    @Argument(help: "A model's file; the shipped model if none is named.", completion: .file())
    var model: String?

    @OptionGroup(title: "Data")
    var images: NamedData<EvaluatedData>

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @OptionGroup
    var answer: InferenceOptions

    @Option(parsing: .unconditional, help: "Posterior samples an image.")
    var samples = 10

    @Option(parsing: .unconditional, help: "Samples an image for the importance-weighted bound.")
    var importanceSamples: Int?

    @Flag(help: "Compute −log p by quadrature over the plane: for models of two latents.")
    var exact = false

    @Option(
        help: """
            What the likelihood is measured on: gray values, pixels sampled from them, or pixels set to 0 and 1 at a \
            threshold of ½. Figures on different pixels cannot be compared.
            """)
    var pixels = PixelTreatment.gray

    @Option(parsing: .unconditional, help: "What the samples come from.")
    var seed: UInt64 = 0

    @Option(help: "Write the figures to a file instead: .json or .csv.", completion: .file())
    var output: String?

    @OptionGroup
    var computing: ThreadOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print CSV: a line a figure.")
    var csv = false

    func validate() throws {
        guard (1...10_000).contains(samples) else { throw ValidationError("--samples must be 1 to 10000.") }
        if let importanceSamples, !(1...1_000_000).contains(importanceSamples) {
            throw ValidationError("--importance-samples must be 1 to 1000000.")
        }
        if answer.method == .exact, exact || importanceSamples != nil {
            throw ValidationError(
                "--inference exact measures −log p itself: leave \(exact ? "--exact" : "--importance-samples") out, or "
                    + "take another --inference to see what that loses.")
        }
        if json, csv { throw ValidationError("--json and --csv exclude each other.") }
        if let output, EvaluationFormat(path: output) == nil {
            throw ValidationError("--output must end in .json or .csv, which decides about the format.")
        }
    }

    func run() throws {
        let model = try opening.read(model) { model in
            try model.checkNats()
            try answer.method.check(model)
        }
        let request = try images.request(for: model.architecture)
        let dataset = try DatasetLibrary.installed.load(
            images.data ?? KnownDataset.mnist.rawValue, request, news: DataNews())
        var evaluator = ModelEvaluator()
        evaluator.inference = answer.method
        evaluator.samples = samples
        evaluator.importanceSamples = importanceSamples ?? 0
        evaluator.isExact = exact
        evaluator.pixels = pixels
        evaluator.seed = seed
        let pool = computing.makePool()
        let progress = EvaluationProgress(images: dataset.count)
        defer { progress.end() }
        let evaluation = try evaluator.evaluate(model, on: dataset, pool: pool) { progress.show($0) }
        progress.end()
        let report = EvaluationReport(
            evaluation: evaluation, settings: evaluator, data: dataset.title)
        if let output, let format = EvaluationFormat(path: output) {
            try report.write(to: output, as: format)
        } else {
            try StandardOutput.write(json ? report.jsonText : csv ? report.csvText : report.text)
        }
    }
}

extension TensorNotFinite: CommandError {
    var exit: SystemExit { .dataError }
}

extension EvaluationError: CommandError {
    var exit: SystemExit {
        switch self {
        case .inference(.missing(let part)): part.exit
        case .noLabels: .usage
        case .tensorNotFinite(let error): error.exit
        case .wrongImages, .noImages, .labelOutside, .inference, .figureNotFinite: .dataError
        }
    }
}

/// A line on standard error that counts, on a terminal only.
private struct EvaluationProgress {
    let images: Int
    private let isShown = StandardError.isTerminal

    init(images: Int) { self.images = images }

    func show(_ progress: ModelEvaluator.Progress) {
        guard isShown else { return }
        switch progress {
        case .sampled(let done): StandardError.write("\r\(done) of \(images) images\u{1B}[K")
        case .exact(let share): StandardError.write("\rexact posteriors: \(Int(100 * share)) %\u{1B}[K")
        }
    }

    /// Takes the line away.
    func end() {
        if isShown { StandardError.write("\r\u{1B}[K") }
    }
}
