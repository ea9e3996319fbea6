import Datasets
import Inference
import Neural
import VAE

/// Trains a model on a data set: from the start, or on from a state.
///
/// Every random choice is a function of the seed, of what it is for, and of its place in the run, so that a run gives the
/// same weights whatever the number of threads, and whether it was resumed or not.
public struct Trainer {
    /// The recipe's name, for the model's provenance.
    public let recipe: String
    public let architecture: Architecture
    public let settings: TrainingSettings
    let pool: WorkerPool
    /// Seconds since some moment; given from outside, so that a test can have a clock of its own.
    let now: () -> Double

    public init(
        recipe: String, architecture: Architecture, settings: TrainingSettings, pool: WorkerPool,
        now: @escaping () -> Double
    ) {
        self.recipe = recipe
        self.architecture = architecture
        self.settings = settings
        self.pool = pool
        self.now = now
    }

    /// Runs until all epochs are done, patience is at an end, or the inbox asks to stop.
    ///
    /// The calling thread does the work, and calls the listener.
    ///
    /// - Parameters:
    ///   - state: what to go on from; nil: from the start.
    ///   - inbox: where requests come in while it goes on.
    ///   - listen: gets every event, in order; what it throws ends the run.
    /// - Throws: ``TrainingError``, or what the listener throws.
    public func train(
        on dataset: Dataset, from state: TrainingState? = nil, inbox: TrainingInbox = TrainingInbox(),
        listen: (TrainingEvent) throws -> Void
    ) throws -> TrainingOutcome {
        try check(dataset)
        if let state { try check(state, dataset) }
        return try TrainingRun(self, dataset, state).run(inbox, listen)
    }

    /// Whether a run can begin.
    ///
    /// - Throws: ``TrainingError``.
    public func check(_ dataset: Dataset) throws(TrainingError) {
        try settings.check()
        let found = "\(dataset.shape)"
        guard found == architecture.image.description else {
            throw .wrongImages(found: found, expected: architecture.image.description)
        }
        guard settings.derivingEncoderAfter == nil || LatticeEncoder(architecture) != nil else {
            throw .badSetting(
                "--derive-encoder needs an encoder of the layers Flatten, Linear, Linear, Softmax, Linear and 1 or 2 "
                    + "latents, as the recipe \(Recipe.standard.name) has it")
        }
        guard dataset.count > settings.validationCount else {
            throw .tooFewImages(dataset.count, validation: settings.validationCount)
        }
    }

    /// Whether a run on these data can go on from a state.
    ///
    /// - Throws: ``TrainingError/wrongState(_:)``.
    public func check(_ state: TrainingState, _ dataset: Dataset) throws(TrainingError) {
        let learned = architecture.parameters.learned
        func check(_ tensors: [String: Tensor], _ expected: [ParameterDeclaration], _ what: String)
            throws(TrainingError)
        {
            for parameter in expected where tensors[parameter.name]?.extents != parameter.extents {
                throw .wrongState("\(what) \(parameter.name) is missing or has another shape")
            }
        }
        try check(state.tensors, architecture.parameters, "tensor")
        try check(state.moments.first, learned, "the optimizer's first moment of")
        try check(state.moments.second, learned, "the optimizer's second moment of")
        guard (state.average != nil) == (settings.averaging != nil) else {
            throw .wrongState("its weights are \(state.average == nil ? "not " : "")averaged")
        }
        if let average = state.average { try check(average, architecture.parameters, "the average of") }
        let steps = stepsPerEpoch(dataset)
        let position = state.position
        guard position.epoch >= 1, position.epoch <= settings.epochs + 1, (0..<steps).contains(position.step),
            state.moments.updates == position.steps(perEpoch: steps)
        else {
            throw .wrongState(
                "it is at step \(position.step) of epoch \(position.epoch), after "
                    + "\(state.moments.updates) steps in all, where an epoch has \(steps)")
        }
        let latents = architecture.latentSize
        guard state.epochSums.divergences.count == latents, state.measurementSums.divergences.count == latents,
            state.rateFactor > 0, state.rateFactor.isFinite, state.seconds >= 0, state.seconds.isFinite
        else { throw .wrongState("its sums or its factor on the learning rate cannot be") }
    }

    /// The model of a state, with the weights that are saved.
    ///
    /// - Parameter dataset: the data set's name.
    /// - Throws: ``ModelError`` where the state is another network's.
    public func model(_ state: TrainingState, dataset: String) throws(ModelError) -> Model {
        try Model(architecture: architecture, tensors: state.savedTensors, provenance: provenance(dataset: dataset))
    }

    func provenance(dataset: String) -> Provenance {
        Provenance(dataset: dataset, recipe: recipe, settings: settings.texts)
    }

    /// What a run begins with.
    var firstTensors: [String: Tensor] {
        let tensors = architecture.initialTensors(seed: settings.seed)
        guard settings.derivingEncoderAfter != nil, let encoder = LatticeEncoder(architecture) else { return tensors }
        return tensors.merging(encoder.firstTensors) { $1 }
    }

    func batchSize(_ dataset: Dataset) -> Int { min(settings.batchSize, dataset.count - settings.validationCount) }

    func stepsPerEpoch(_ dataset: Dataset) -> Int {
        let batch = batchSize(dataset)
        return (dataset.count - settings.validationCount + batch - 1) / batch
    }
}

extension TrainingSettings {
    /// The settings by the names of their options, those left out that do nothing.
    public var texts: [String: String] {
        var texts = [
            "epochs": "\(epochs)", "batch-size": "\(batchSize)", "learning-rate": "\(learningRate)",
            "schedule": schedule.name, "optimizer": optimizer.name, "beta": "\(beta)", "seed": "\(seed)",
            "validation": "\(validationCount)",
        ]
        if schedule.warmup > 0 { texts["warmup"] = "\(schedule.warmup)" }
        if optimizer.weightDecay > 0 { texts["weight-decay"] = "\(optimizer.weightDecay)" }
        if klWarmup != .none { texts["kl-warmup"] = "\(klWarmup)" }
        if freeBits > 0 { texts["free-bits"] = "\(freeBits)" }
        texts["gradient-clip"] = gradientClip.map { "\($0)" }
        texts["average"] = averaging.map { "\($0)" }
        texts["derive-encoder"] = derivingEncoderAfter.map { "\($0)" }
        texts["patience"] = patience.map { "\($0)" }
        return texts
    }
}
