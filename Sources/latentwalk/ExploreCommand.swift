import ArgumentParser
import Checkpoints
import Datasets
import Explorer
import Files
import ModelFiles
import Pictures
import Session
import Shading
import Terminal
import VAE

/// `latentwalk explore [MODEL]`: the explorer, on a terminal.
struct ExploreCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk explore", endsSoon: false),
        Example("latentwalk explore mnist-8d --data sample", endsSoon: false),
        Example("latentwalk explore fashion-2d --palette viridis", endsSoon: false),
    ]

    static let configuration = CommandConfiguration(
        commandName: "explore",
        abstract: "Walk through a model's latent space on the terminal.",
        discussion: help(
            """
            Arrow keys move, ? shows all keys, q leaves. A model of two latents has the codes of its data placed by the refined \
            answer, unless --inference names another. The exit code is 69 where there is no terminal.
            """)
    )

    @Argument(help: "A model's file; the shipped model if none is named.", completion: .file())
    var model: String?

    @OptionGroup(title: "Data")
    var images: NamedData<ExploredData>

    @OptionGroup
    var answer: InferenceOptions

    @OptionGroup(title: "The screen")
    var screen: ScreenOptions

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The plane's extent on both axes.", valueName: "lo,hi"),
        transform: LatentRange.init(text:))
    var latentRange: LatentRange?

    @Option(parsing: .unconditional, help: "Seed of the random points.")
    var seed: UInt64 = 0

    @OptionGroup
    var computing: ThreadOptions

    func run() throws {
        let path = try Installation.model(model)
        let opened = try ScreenModel(path, opening, threads: computing.threads)
        let model = opened.model
        try answer.method.check(model)
        let request = try images.request(for: model.architecture)
        let open = try opened.open()
        let terminal = try Terminal(options: screen.terminalOptions, environment: Terminal.environment)
        let session = ExplorerSession(
            display: terminal, model: open, data: initialData(model.provenance, request),
            options: options, services: services(request), wake: { [waker = terminal.waker] in waker.wake() })
        guard terminal.run(session) == .trains else { return }
        try SampleTraining(screen: screen, computing: computing).run()
    }

    private var options: Options {
        var options = screen.explorerOptions(latentRange: latentRange?.range, seed: seed)
        options.inference = answer.inference
        options.offersTraining = true
        return options
    }

    private func services(_ request: DatasetRequest) -> ExplorerServices {
        ExplorerServices(
            openModel: { [computing, opening] path in
                try ScreenModel(
                    Installation.model(path), opening, isFurther: true, threads: computing.threads
                ).open()
            },
            openData: { name in try DatasetLibrary.installed.load(name, request, listener: Self.listener()) })
    }

    private func initialData(_ provenance: Provenance, _ request: DatasetRequest) -> InitialData? {
        ModelData(asked: images.data, request, provenance: provenance).map { data in
            InitialData(isAskedFor: data.isAskedFor) { try data.load(request, listener: Self.listener()) }
        }
    }

    /// What is passed over meanwhile is told when the explorer has given the terminal back.
    private static func listener() -> (DatasetEvent) -> Void {
        let news = DataNews()
        return { event in
            if case .read = event { return }
            news.hear(event)
        }
    }

    /// What the title calls a model: its file's name without the suffix; in the folder of a run, where every run's files
    /// have the same names, the folder's.
    static func name(of path: String) -> String {
        let file = Folder.name(of: path)
        let name = ModelFile.title(of: file)
        let folder = Folder.parent(of: path) ?? "."
        guard ["model", "last"].contains(name), GrowingFile.identity(of: "\(folder)/config.json") != nil,
            let whole = resolvedPath(folder)
        else { return name.printable }
        let run = Folder.name(of: whole).printable
        return name == "last" ? "\(run) (last)" : run
    }
}

extension TerminalError: CommandError {
    var exit: SystemExit { .unavailable }
}

extension ExplorableModelError: CommandError {
    var exit: SystemExit { .dataError }
}

extension PictureFileError: CommandError {
    var exit: SystemExit {
        switch self {
        case .unknownSuffix, .textOnly, .mixedShapes, .tooLarge: .usage
        case .file(let error): error.exit
        case .png, .gif: .inputOutput
        }
    }
}
