import ArgumentParser
import Datasets
import Files
import Neural
import Runs
import Training

/// A run that can begin, or go on: everything that can be refused has been.
struct PreparedRun {
    let folder: RunFolder
    let trainer: Trainer
    let dataset: Dataset
    /// What it goes on from; nil: it begins at its start.
    let state: TrainingState?

    /// Where its data come from.
    var source: String { folder.configuration.data.source }

    init(folder: RunFolder, trainer: Trainer, dataset: Dataset, state: TrainingState?) {
        self.folder = folder
        self.trainer = trainer
        self.dataset = dataset
        self.state = state
    }
}

extension TrainCommand {
    /// A new run in a folder of its own.
    func begin(pool: WorkerPool, now: @escaping () -> Double) throws -> PreparedRun {
        let data = images.data ?? TrainCommand.standardData
        let path = keeping.newFolder(data: data)
        // Before minutes are spent on loading.
        try RunFolder.check(path)
        let recipe = try options.chosenRecipe()
        var request = try images.request(for: recipe.architecture(recipe.networkRequest))
        request.split = chosenSplit
        let dataset = try DatasetLibrary.installed.load(data, request, news: DataNews(isQuiet: quiet))
        let trainer = Trainer(
            recipe: recipe.name, architecture: try options.architecture(of: recipe, for: dataset),
            settings: try options.settings(of: recipe, images: dataset.count), pool: pool, now: now)
        // Whatever can be refused is refused before there is a folder.
        try trainer.check(dataset)
        let configuration = RunConfiguration(
            program: "latentwalk \(LatentWalk.configuration.version)", recipe: recipe.name, settings: trainer.settings,
            architecture: trainer.architecture,
            data: RunConfiguration.Data(
                source: Self.absolute(data), split: chosenSplit, limit: images.reading.limit, dataset))
        return PreparedRun(
            folder: try RunFolder.begin(path, configuration), trainer: trainer, dataset: dataset, state: nil)
    }

    /// A run that goes on in its folder.
    func resume(_ path: String, pool: WorkerPool, now: @escaping () -> Double) throws -> PreparedRun {
        try refuseChanges(to: path)
        let folder = try RunFolder.open(path)
        let state = try folder.state()
        if let epochs = options.epochs { try folder.extend(to: epochs, from: state) }
        try folder.checkUnfinished(state)
        let configuration = folder.configuration
        let source = images.data.map(Self.absolute) ?? configuration.data.source
        // Where the images were brought to a size, it is the network's; where they weren't, this changes nothing.
        let request = DatasetRequest(
            split: configuration.data.split, limit: configuration.data.limit,
            sizing: configuration.architecture.imageSizing, isStrict: images.reading.strict)
        let dataset = try DatasetLibrary.installed.load(source, request, news: DataNews(isQuiet: quiet))
        try folder.check(
            RunConfiguration.Data(
                source: source, split: configuration.data.split, limit: configuration.data.limit, dataset))
        let trainer = Trainer(
            recipe: configuration.recipe, architecture: configuration.architecture, settings: configuration.settings,
            pool: pool, now: now)
        try trainer.check(dataset)
        if let state { try trainer.check(state, dataset) }
        try folder.rewind(to: state)
        return PreparedRun(folder: folder, trainer: trainer, dataset: dataset, state: state)
    }

    /// A run that goes on is the run that was begun: options that would make it another are refused by name.
    private func refuseChanges(to path: String) throws {
        let given =
            GivenOptions.names(in: options).filter { $0 != "--epochs" }
            + (images.split == nil ? [] : ["--split"])
            + GivenOptions.names(in: images.reading)
        guard let name = given.first else { return }
        throw RunError.notAllowed(
            "\(name) cannot change the run \(path.printable): leave it away to go on, or begin another run with --out")
    }

    /// The path from the root, where the data are a file or a folder, so that the run can go on from anywhere.
    private static func absolute(_ data: String) -> String {
        let isName = data == SampleDigits.name || KnownDataset(rawValue: data) != nil
        guard !isName || data.contains("/") else { return data }
        return resolvedPath(data) ?? data
    }
}

/// Which options of a group were given: all that are not nil.
enum GivenOptions {
    fileprivate protocol Given { var isGiven: Bool { get } }

    /// By their names on the command line: `--batch-size`.
    static func names(in group: some ParsableArguments) -> [String] {
        Swift.Mirror(reflecting: group).children.compactMap { child in
            guard let option = child.value as? any Given, option.isGiven, let label = child.label else { return nil }
            let words = label.drop { $0 == "_" }.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }
            return "--" + words.joined()
        }
    }
}

extension Option: GivenOptions.Given {
    fileprivate var isGiven: Bool {
        let mirror = Swift.Mirror(reflecting: wrappedValue)
        return mirror.displayStyle != .optional || !mirror.children.isEmpty
    }
}
