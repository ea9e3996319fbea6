import ArgumentParser
import Checkpoints
import Datasets
import Files
import ModelFiles
import Neural
import Platform
import Runs
import Terminal
import Training
import VAE

/// `latentwalk train`: trains a model by a recipe, shown in a view on a terminal and in lines elsewhere, and keeps it in
/// its run's folder.
struct TrainCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk train --data sample --epochs 5 --keep 10 --out run", endsSoon: false),
        Example("latentwalk train --resume run", endsSoon: false),
        Example("latentwalk train --list-recipes"),
    ]

    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a variational autoencoder.",
        discussion: help(
            """
            On a terminal a view shows curves, manifold and health while the model learns; elsewhere, and with --plain, \
            there is a line an epoch: −ELBO with its two parts, in nats an image, on the training images (means over \
            the epoch, at the weights of each step) and on the images held back. The folder RUN gets the best model, \
            model.safetensors, the curves as metrics.csv and for TensorBoard, and the state, with which --resume goes \
            on after whatever ended the run. Ctrl-C and SIGTERM save and end it; a second one ends it at once, with the last \
            checkpoint as it is.
            """)
    )

    static let standardData = "mnist"

    @OptionGroup(title: "Data")
    var images: NamedData<TrainingData>

    var chosenSplit: Dataset.Split { images.split ?? TrainingData.part }

    @OptionGroup(title: "The run's folder")
    var keeping: RunOptions

    @OptionGroup(title: "Training")
    var options: TrainOptions

    @Flag(help: "List the recipes and end.")
    var listRecipes = false

    @Flag(help: "Print the recipe, with the options given, as a file that --recipe takes, and end.")
    var printRecipe = false

    @OptionGroup
    var computing: ThreadOptions

    @OptionGroup(title: "The screen")
    var screen: ScreenOptions

    @Flag(help: "No live view: a line an epoch, on a terminal too.")
    var plain = false

    @Flag(help: "Print each event as a line of JSON.")
    var json = false

    @Flag(help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        guard !json || !quiet else { throw ValidationError("--json prints and --quiet does not: choose one.") }
        guard keeping.resume == nil || !(listRecipes || printRecipe) else {
            throw ValidationError(
                "\(listRecipes ? "--list-recipes" : "--print-recipe") has nothing to do with a run: leave --resume away. "
                    + "What a run was begun with stands in its config.json.")
        }
    }

    func run() throws {
        if listRecipes {
            try StandardOutput.write(RecipeList.text)
            return
        }
        if printRecipe {
            let recipe = try options.chosenRecipe()
            try StandardOutput.write(
                RecipeFile.document(
                    of: recipe, settings: options.settings(of: recipe, images: nil),
                    architecture: options.architecture(of: recipe)))
            return
        }
        let pool = computing.makePool()
        let clock = ContinuousClock()
        let begun = clock.now
        let now = { begun.duration(to: clock.now).seconds }
        // A file that grows past the shell's limit is an error to be told, not an end.
        signal(SIGXFSZ, SIG_IGN)
        // Nor is a pipe that nobody reads any more: the training goes on in silence, as where the terminal is gone.
        signal(SIGPIPE, SIG_IGN)
        guard let path = keeping.resume else {
            return try train(begin(pool: pool, now: now), pool: pool, now: now)
        }
        do {
            try train(resume(path, pool: pool, now: now), pool: pool, now: now)
        } catch RunError.finished(let folder, let epochs, let ranOutOfPatience) {
            // What ended it may have been between its last epoch and the evaluation of its model.
            let run = try RunFolder.open(folder)
            guard try ModelFile.read(run.modelPath).provenance.evaluation == nil,
                try evaluate(run, source: run.configuration.data.source, pool: pool, printer)
            else { throw RunError.finished(folder: folder, epochs: epochs, ranOutOfPatience: ranOutOfPatience) }
        }
    }

    private func train(_ run: PreparedRun, pool: WorkerPool, now: @escaping () -> Double) throws {
        let inbox = TrainingInbox()
        var printer = printer
        let recorder = try RunRecorder(
            run.folder, trainer: run.trainer, state: run.state, inbox: inbox, options: keeping.recording,
            clock: RunRecorder.Clock(seconds: now, wallTime: { wallTime() })
        ) { printer.warn($0) }
        let view = plain || json || quiet ? nil : LiveView(run, inbox: inbox, options: screen)
        if let view { printer = view }
        // While the view is up, signals come to its screen.
        let interrupt = view == nil ? Interrupt { inbox.post(.stop(saving: true)) } : nil
        let outcome: TrainingOutcome
        do {
            outcome = try train(run, recorder, inbox, pool: pool, printer)
        } catch {
            _ = view?.close(nil, error: error)
            throw error
        }
        // As the sender of the signal expects it: the process ends by it.
        guard let number = view.map({ $0.close(outcome) }) ?? interrupt?.signal else { return }
        run.folder.release()
        Terminal.endProcess(by: number)
    }

    private func train(
        _ run: PreparedRun, _ recorder: RunRecorder, _ inbox: TrainingInbox, pool: WorkerPool,
        _ printer: any TrainingListener
    ) throws -> TrainingOutcome {
        let outcome: TrainingOutcome
        do {
            outcome = try run.trainer.train(on: run.dataset, from: run.state, inbox: inbox) { event in
                recorder.hear(event)
                printer.hear(event)
            }
        } catch TrainingError.notFinite(let loss) {
            throw TrainingFailure.notFinite(
                loss, checkpoint: recorder.savedStep.map { (run.folder.statePath, $0) })
        }
        if let failure = recorder.failure { throw TrainingFailure.notSaved(failure, model: recorder.keptModel) }
        guard let saved = recorder.savedStep else {
            printer.note("stopped before the end; nothing was saved")
            return outcome
        }
        if case .stopped = outcome.reason {
            printer.note(
                "stopped before the end: latentwalk train --resume \(run.folder.path.printable) goes on from step "
                    + "\(saved)")
        } else {
            try evaluate(run.folder, source: run.source, pool: pool, printer)
        }
        printer.note("saved \(run.folder.modelPath.printable)")
        return outcome
    }

    /// Evaluates the best model on the test images, if there are any, and writes what comes of it into the model's file.
    ///
    /// - Returns: whether there are any.
    @discardableResult
    private func evaluate(
        _ folder: RunFolder, source: String, pool: WorkerPool, _ printer: any TrainingListener
    ) throws -> Bool {
        // Nothing is held back from a model that learned from the test images.
        guard folder.configuration.data.split == .train else { return false }
        let request = DatasetRequest(split: .test, sizing: folder.configuration.architecture.imageSizing)
        guard let test = try? DatasetLibrary.installed.load(source, request) else { return false }
        var model = try ModelFile.read(folder.modelPath)
        let begun = ContinuousClock.now
        let evaluation = try model.evaluate(test, samples: 10, pool: pool) { done in
            guard done > 0, done < test.count else { return }
            let (share, passed) = (Double(done) / Double(test.count), begun.duration(to: .now).seconds)
            printer.evaluating(share, secondsLeft: passed * (1 - share) / share)
        }
        model.provenance.evaluation = EvaluationFigures(evaluation, data: test.title)
        printer.hear(evaluation, data: test.title)
        try Checkpoint.write(model, to: folder.modelPath)
        return true
    }

    private var printer: any TrainingListener {
        if quiet { return SilentListener() }
        return json ? JSONPrinter() : LinePrinter()
    }
}

/// Seconds since 1970.
private func wallTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
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
