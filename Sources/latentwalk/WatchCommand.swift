import ArgumentParser
import Checkpoints
import Datasets
import Explorer
import Files
import ModelFiles
import Runs
import Session
import Terminal
import VAE

/// `latentwalk watch RUN`: the live view of a run that another process writes.
struct WatchCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk watch run", endsSoon: false),
        Example("latentwalk watch run --data sample", endsSoon: false),
    ]

    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch a training run that another process writes.",
        discussion: help(
            """
            RUN is a run's folder, of latentwalk or of any other program, or a log's file: curves come from TensorBoard \
            event files, CSV or JSON lines, the manifold from the newest checkpoint of any format that latentwalk can \
            open. Where RUN is not there yet it is waited for. Nothing is written there, and q leaves the \
            run as it is. The exit code is 69 where \
            there is no terminal.
            """)
    )

    @Argument(help: ArgumentHelp("The run's folder, or its log.", valueName: "run"), completion: .file())
    var path: String

    @OptionGroup(title: "Data")
    var images: WatchedImages

    @OptionGroup(title: "Curves")
    var curves: CurveOptions

    @OptionGroup(title: "The screen")
    var screen: ScreenOptions

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @OptionGroup
    var computing: ThreadOptions

    func run() throws {
        // What cannot be read is told before the screen is taken.
        _ = try RunFollower(path, naming: curves.naming)
        let images = try self.images.data.map { try Self.images($0) } ?? ownImages
        let terminal = try Terminal(options: screen.terminalOptions, environment: Terminal.environment)
        let name = Folder.name(of: path).printable
        let watched = WatchedRun(name: name, threads: computing.threads)
        let wake: @Sendable () -> Void = { [waker = terminal.waker] in waker.wake() }
        watched.onNews(wake)
        let live = LiveRun(
            source: watched, validation: images, readModel: { [opening] in try opening.watched($0).model })
        let facts = ModelFacts(
            name: name, latentCount: 2, width: images?.width ?? 28, height: images?.height ?? 28,
            channels: images?.channels ?? 1)
        let session = ExplorerSession(
            display: terminal, model: .waiting(for: facts), data: nil,
            options: screen.explorerOptions(isFirstHand: false), services: .besideRun,
            run: (live, watched.initialDescription), wake: wake)
        watched.start { [path, curves, opening] in
            try RunFollower(path, naming: curves.naming, open: opening.watched)
        }
        terminal.run(session) { watched.close() }
    }

    private static func images(_ name: String) throws -> Dataset {
        try DatasetLibrary.installed.load(name, DatasetRequest(limit: 1000))
    }

    /// A model of the run, copied, since whoever writes the run may be about to write over it.
    private static func model(_ path: String) throws(CheckpointError) -> Model {
        try ModelFile.read(path, access: .copied)
    }

    /// The images of the data set that the run's model says it learned from, if both are there.
    private var ownImages: Dataset? {
        for file in ["model", "last"].map({ $0 + NativeModel.suffix }) {
            guard let model = try? Self.model("\(path)/\(file)"), let name = model.provenance.dataset else {
                continue
            }
            if let images = try? Self.images(name) { return images }
            if KnownDataset(rawValue: name) == .mnist {
                return try? Dataset.sample(in: Installation.current().resources, limit: nil)
            }
        }
        return nil
    }
}

/// The images that a watched run's model reconstructs.
struct WatchedImages: ParsableArguments {
    @Option(
        help: "Images to reconstruct: \(dataHelp). (default: the model's own)", completion: .file())
    var data: String?
}

/// Which columns or tags of another program's logs are the curves.
struct CurveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column or tag of the training loss.", valueName: "name"))
    var trainLoss: String?

    @Option(help: ArgumentHelp("The column or tag of the validation loss.", valueName: "name"))
    var validationLoss: String?

    @Option(help: ArgumentHelp("The column or tag of the reconstruction term.", valueName: "name"))
    var reconstruction: String?

    @Option(help: ArgumentHelp("The column or tag of the KL term.", valueName: "name"))
    var kl: String?

    @Option(help: ArgumentHelp("The column or tag of the learning rate.", valueName: "name"))
    var learningRate: String?

    var naming: CurveNaming {
        let given: [CurveKind: String?] = [
            .trainLoss: trainLoss, .validationLoss: validationLoss, .trainReconstruction: reconstruction,
            .trainKL: kl,
            .learningRate: learningRate,
        ]
        return CurveNaming(given.compactMapValues { $0 })
    }
}
