import ArgumentParser
import Checkpoints
import Datasets
import Files
import Neural
import Training
import VAE

/// `latentwalk train`: trains a model by a recipe, with plain progress lines, and saves it at the end.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a variational autoencoder.",
        discussion: """
            Prints a line an epoch: −ELBO with its two parts, in nats an image, on the training images (means over the \
            epoch, at the weights of each step) and on the images held back. The model is written to \
            RUN/model.safetensors at the end, or when Ctrl-C ends the run; pressed twice, nothing is saved.
            """
    )

    @Option(help: "What to train on: mnist, fashion-mnist, or a folder of IDX files.")
    var data = "mnist"

    @Option(help: "The folder that gets the model; it is made. (default: run-DATA)")
    var out: String?

    @OptionGroup(title: "Training")
    var options: TrainOptions

    @Flag(help: "List the recipes and end.")
    var listRecipes = false

    @Option(help: "Train on the first images only.")
    var limit: Int?

    @Option(help: "How many threads work. (default: one a processor)")
    var threads: Int?

    @Flag(help: "Print each event as a line of JSON.")
    var json = false

    @Flag(help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
        try Threads.check(threads)
    }

    func run() throws {
        if listRecipes {
            try StandardOutput.write(RecipeList.text)
            return
        }
        let recipe = try options.chosenRecipe()
        let folder = out ?? "run-\(data.split(separator: "/").last.map(String.init) ?? data)"
        let path = "\(folder)/model.safetensors"
        let library = DatasetLibrary.current
        let dataset = try library.load(data, split: .train, limit: limit)
        let pool = WorkerPool(threads: threads ?? WorkerPool.processorCount)
        let clock = ContinuousClock()
        let begun = clock.now
        let trainer = Trainer(
            recipe: recipe.name, architecture: try options.architecture(of: recipe, for: dataset),
            settings: try options.settings(of: recipe, images: dataset.count), pool: pool
        ) { begun.duration(to: clock.now).seconds }
        // Whatever can be refused is refused before there is a folder.
        try trainer.check(dataset)
        try RunFolder.prepare(folder, model: path)
        let printer = printer
        let inbox = TrainingInbox()
        let interrupt = Interrupt { inbox.post(.stop(saving: true)) }
        var best: TrainingState?
        let outcome = try withExtendedLifetime(interrupt) {
            try trainer.train(on: dataset, inbox: inbox) { event in
                if case .checkpoint(let state, .best) = event { best = state }
                printer.hear(event)
            }
        }
        var model = try trainer.model(best ?? outcome.state, dataset: dataset.name)
        if case .stopped = outcome.reason {
            printer.note("stopped before the end")
        } else if let test = try? library.load(data, split: .test) {
            let evaluation = try model.evaluate(test, samples: 10, pool: pool)
            model.provenance.evaluation = EvaluationFigures(evaluation, data: "\(test.name) test")
            printer.hear(evaluation, data: "\(test.name) test")
        }
        try Checkpoint.write(model, to: path)
        printer.note("saved \(path.printable)")
    }

    private var printer: any TrainingListener {
        if quiet { return SilentListener() }
        return json ? JSONPrinter() : LinePrinter()
    }
}

extension Duration {
    /// The same as a number.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension EvaluationFigures {
    init(_ evaluation: DatasetEvaluation, data: String) {
        self.init(
            data: data, images: evaluation.images, reconstruction: evaluation.terms.reconstruction,
            kl: evaluation.terms.kl)
    }
}
