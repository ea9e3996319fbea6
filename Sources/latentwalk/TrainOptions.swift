import ArgumentParser
import Datasets
import Files
import Neural
import Runs
import Training
import VAE

/// The options that decide what is trained and how. What is not given is as the recipe has it.
struct TrainOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The network and its settings: by name, see --list-recipes, or a file as --print-recipe prints it. "
                + "(default: \(Recipe.standard.name))", valueName: "name|file.json"))
    var recipe: String?

    @Option(parsing: .unconditional, help: "How often to go through the images.")
    var epochs: Int?

    @Option(parsing: .unconditional, help: "Images a step.")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "The largest learning rate of the schedule.")
    var learningRate: Double?

    @Option(help: "How the learning rate goes: \(Schedule.names.joined(separator: ", ")).")
    var schedule: String?

    @Option(
        parsing: .unconditional,
        help: "The share of the run in which the rate of --schedule cosine rises, 0.05 for example.")
    var warmup: Double?

    @Option(help: "adam or adamw.")
    var optimizer: String?

    @Option(
        parsing: .unconditional,
        help: "The decoupled weight decay of adamw; biases and normalizations don't decay. (default: 0.01)")
    var weightDecay: Double?

    @Option(
        parsing: .unconditional,
        help: "The largest norm of a step's gradient, all parameters together; 0: as it comes.")
    var gradientClip: Double?

    @Option(
        parsing: .unconditional,
        help: "The decay of the weights' moving average, which is validated and saved, 0.999 for example; 0: none.")
    var average: Double?

    @Option(
        parsing: .unconditional,
        help: "End after so many epochs without a better validation; 0: never before the last epoch.")
    var patience: Int?

    @Option(
        parsing: .unconditional,
        help: """
            After so many epochs compute the encoder from the decoder instead of learning it; 0: learn it to the end. \
            For an encoder as the recipe default has it, with 1 or 2 latents.
            """)
    var deriveEncoder: Int?

    @Option(parsing: .unconditional, help: "The number of latents, 1 to 32.")
    var latentSize: Int?

    @Option(
        help: """
            What the pixels are given a latent point: bernoulli (gray values in 0…1 as probabilities), or gaussian:VARIANCE \
            with a number (gaussian alone: 1), or gaussian:learned. (default: bernoulli)
            """)
    var likelihood: String?

    @Option(parsing: .unconditional, help: "The weight of the KL term in the objective.")
    var beta: Double?

    @Option(
        help: """
            How that weight comes up: a number of epochs, or cyclical (4 cycles that rise for half), cyclical:CYCLES, \
            cyclical:CYCLES:SHARE, or none.
            """)
    var klWarmup: String?

    @Option(parsing: .unconditional, help: "Nats of KL that each latent may have for nothing, averaged over a batch.")
    var freeBits: Double?

    @Option(parsing: .unconditional, help: "What all random choices come from.")
    var seed: UInt64?

    @Option(
        parsing: .unconditional,
        help: """
            How many of the training images, the last ones, are held back to watch how the model generalizes. \
            (default: as the recipe has it, but no more than one in twelve)
            """)
    var validation: Int?

    func validate() throws {
        _ = try chosenLikelihood()
        if let latentSize, !(1...32).contains(latentSize) {
            throw ValidationError("--latent-size must be 1 to 32.")
        }
        // A file is read, and what is wrong with it or does not go with it said, when the command runs.
        guard !namesFile else { return }
        let chosen = try chosenRecipe()
        do {
            try settings(of: chosen, images: nil).check()
        } catch let error as TrainingError {
            throw ValidationError("\(error).")
        }
    }

    /// Whether the recipe is a file, not a name.
    private var namesFile: Bool { recipe.map { $0.contains("/") || $0.hasSuffix(".json") } ?? false }

    /// The recipe as it is known by its name, or as its file has it.
    func chosenRecipe() throws -> Recipe {
        guard let recipe else { return .standard }
        if namesFile { return try RecipeFile.read(recipe) }
        guard let chosen = Recipe.named(recipe) else {
            throw ValidationError(
                "There is no recipe \(recipe.printable): choose \(Recipe.all.map(\.name).joined(separator: ", ")), or "
                    + "name a file.")
        }
        return chosen
    }

    /// The recipe's settings with what was asked for in their place.
    ///
    /// - Parameter images: how many the data set has; nil if that isn't known yet.
    func settings(of recipe: Recipe, images: Int?) throws -> TrainingSettings {
        var settings = recipe.settings(for: try architecture(of: recipe))
        settings.epochs = epochs ?? settings.epochs
        settings.batchSize = batchSize ?? settings.batchSize
        settings.learningRate = learningRate ?? settings.learningRate
        settings.schedule = try chosenSchedule(settings.schedule)
        settings.optimizer = try chosenOptimizer(settings.optimizer)
        // 0 switches off what a recipe has.
        settings.gradientClip = gradientClip.map { $0 == 0 ? nil : $0 } ?? settings.gradientClip
        settings.averaging = average.map { $0 == 0 ? nil : $0 } ?? settings.averaging
        settings.patience = patience.map { $0 == 0 ? nil : $0 } ?? settings.patience
        settings.derivingEncoderAfter =
            deriveEncoder.map { $0 == 0 ? nil : $0 } ?? settings.derivingEncoderAfter
        settings.beta = beta ?? settings.beta
        settings.freeBits = freeBits ?? settings.freeBits
        settings.seed = seed ?? settings.seed
        settings.validationCount =
            validation ?? min(settings.validationCount, images.map { $0 / 12 } ?? settings.validationCount)
        if let klWarmup {
            guard let chosen = KLWarmup(klWarmup) else {
                throw ValidationError(
                    "--kl-warmup \(klWarmup.printable) is none: give a number of epochs, cyclical, "
                        + "cyclical:CYCLES:SHARE or none.")
            }
            settings.klWarmup = chosen
        }
        return settings
    }

    private func chosenSchedule(_ recipes: Schedule) throws -> Schedule {
        let name = schedule ?? recipes.name
        guard Schedule.names.contains(name) else {
            throw ValidationError(
                "There is no schedule \(name.printable): choose \(Schedule.names.joined(separator: ", ")).")
        }
        guard let chosen = Schedule(name: name, warmup: warmup ?? (schedule == nil ? recipes.warmup : 0)) else {
            throw ValidationError("--warmup belongs to --schedule cosine; \(name) has none to set.")
        }
        return chosen
    }

    private func chosenOptimizer(_ recipes: Optimizer) throws -> Optimizer {
        switch optimizer ?? recipes.name {
        case "adam":
            guard weightDecay ?? 0 == 0 else {
                throw ValidationError("--weight-decay belongs to --optimizer adamw.")
            }
            return .adam
        case "adamw":
            let recipesDecay = recipes.name == "adamw" ? recipes.weightDecay : 0.01
            return .adamW(weightDecay: weightDecay ?? recipesDecay)
        case let name:
            throw ValidationError("There is no optimizer \(name.printable): choose adam or adamw.")
        }
    }

    private func chosenLikelihood() throws -> Likelihood? {
        guard let likelihood else { return nil }
        guard let chosen = Likelihood(likelihood) else {
            throw ValidationError(
                "There is no likelihood “\(likelihood.printable)”: choose bernoulli, gaussian, gaussian:VARIANCE with a "
                    + "positive variance, or gaussian:learned.")
        }
        return chosen
    }

    /// The recipe's network for these images; nil: for those that the recipe is made for.
    ///
    /// - Throws: `ArchitectureError` where it can't be made for them.
    func architecture(of recipe: Recipe, for dataset: Dataset? = nil) throws -> Architecture {
        var request = recipe.networkRequest
        request.latentSize = latentSize ?? request.latentSize
        request.likelihood = try chosenLikelihood() ?? request.likelihood
        guard let dataset, !recipe.hasFixedNetwork else { return try recipe.architecture(request) }
        (request.channels, request.height, request.width) = (dataset.channels, dataset.height, dataset.width)
        return try recipe.architecture(request)
    }
}
