import Datasets
import Neural
import VAE

/// Trains a model by a recipe on a data set, from a seed.
///
/// The order of the images and the noise come from the seed by counter, so that a run gives the same weights whatever
/// the number of threads.
public struct Trainer {
    public var recipe: Recipe
    public var seed: UInt64
    /// How many of the images, the last ones, are held back to watch how it generalises.
    public var validationCount: Int
    private let pool: WorkerPool
    /// Seconds since some moment; given from outside, so that a test can have a clock of its own.
    private let now: () -> Double

    public init(
        recipe: Recipe, seed: UInt64, validationCount: Int, pool: WorkerPool, now: @escaping () -> Double
    ) {
        self.recipe = recipe
        self.seed = seed
        self.validationCount = validationCount
        self.pool = pool
        self.now = now
    }

    /// Runs all epochs, or until the listener asks to stop.
    ///
    /// - Parameter listen: gets every event; answers whether to go on.
    /// - Returns: the trained model.
    /// - Throws: ``TrainingError`` or ``ArchitectureError``.
    public func train(on dataset: Dataset, listen: (TrainingEvent) -> Bool) throws -> Model {
        let architecture = try recipe.architecture()
        try check(dataset, architecture)
        let training = dataset[0..<dataset.count - validationCount]
        let validation = dataset[dataset.count - validationCount..<dataset.count]
        var run = Run(self, architecture, training, validation)
        var goesOn = listen(
            .started(
                TrainingPlan(
                    recipe: recipe.name, parameterCount: architecture.parameterCount, trainingImages: training.count,
                    validationImages: validation.count, epochs: recipe.epochs, batchSize: recipe.batchSize, seed: seed))
        )
        for epoch in 1...recipe.epochs where goesOn {
            goesOn = try run.epoch(epoch, listen)
        }
        let model = try run.model(dataset.name)
        _ = listen(.finished(model))
        return model
    }

    private func check(_ dataset: Dataset, _ architecture: Architecture) throws(TrainingError) {
        let found = "\(dataset.channels)×\(dataset.height)×\(dataset.width)"
        guard found == architecture.input.description else {
            throw .wrongImages(found: found, expected: architecture.input.description)
        }
        guard recipe.epochs >= 1 else { throw .badSetting("--epochs must be at least 1") }
        guard (1...8192).contains(recipe.batchSize) else { throw .badSetting("--batch-size must be 1 to 8192") }
        guard recipe.learningRate > 0, recipe.learningRate < 1 else {
            throw .badSetting("--learning-rate must be above 0 and below 1")
        }
        guard validationCount >= 0, dataset.count > validationCount else {
            throw .tooFewImages(dataset.count, validation: validationCount)
        }
    }

    /// The state of a run between its steps.
    private struct Run {
        let trainer: Trainer
        let architecture: Architecture
        let training: Dataset
        let validation: Dataset
        let step: TrainingStep
        let started: Double
        var batch: [Float]
        var order: [Int]

        init(_ trainer: Trainer, _ architecture: Architecture, _ training: Dataset, _ validation: Dataset) {
            self.trainer = trainer
            self.architecture = architecture
            self.training = training
            self.validation = validation
            let batchSize = min(trainer.recipe.batchSize, training.count)
            step = TrainingStep(
                architecture, tensors: architecture.initialTensors(seed: trainer.seed), batchSize: batchSize,
                pool: trainer.pool)
            started = trainer.now()
            batch = Array(repeating: 0, count: batchSize * architecture.input.count)
            order = Array(0..<training.count)
        }

        var stepsPerEpoch: Int { (training.count + step.capacity - 1) / step.capacity }

        mutating func epoch(_ epoch: Int, _ listen: (TrainingEvent) -> Bool) throws -> Bool {
            let begun = trainer.now()
            var generator = CounterGenerator(seed: trainer.seed, purpose: .shuffle, position: UInt64(epoch))
            order = Array(0..<training.count).shuffled(using: &generator)
            var sums = TrainingStep.Terms(reconstruction: 0, kl: 0)
            var (seen, told, rate) = (0, begun, 0.0)
            for index in 0..<stepsPerEpoch {
                let images = order[index * step.capacity..<min(order.count, (index + 1) * step.capacity)]
                rate = learningRate(epoch: epoch, step: index)
                let terms = try descend(images, epoch: epoch, step: index, rate: rate)
                seen += images.count
                sums.reconstruction += terms.reconstruction * Double(images.count)
                sums.kl += terms.kl * Double(images.count)
                guard trainer.now() - told > 0.5 else { continue }
                told = trainer.now()
                let progress = progress(epoch, seen, sums, rate, told - begun)
                guard listen(.progressed(progress)) else { return false }
            }
            let seconds = trainer.now() - begun
            let means = TrainingStep.Terms(
                reconstruction: sums.reconstruction / Double(seen), kl: sums.kl / Double(seen))
            return listen(
                .finishedEpoch(
                    EpochReport(
                        epoch: epoch, epochs: trainer.recipe.epochs, training: means, validation: try validate(),
                        imagesPerSecond: Double(seen) / max(seconds, 1e-9), seconds: seconds,
                        secondsLeft: (trainer.now() - started) / Double(epoch)
                            * Double(trainer.recipe.epochs - epoch),
                        learningRate: rate)))
        }

        private func learningRate(epoch: Int, step: Int) -> Double {
            let done = Double((epoch - 1) * stepsPerEpoch + step)
            let share = done / Double(max(1, trainer.recipe.epochs * stepsPerEpoch - 1))
            return trainer.recipe.learningRate * trainer.recipe.schedule.factor(at: share)
        }

        /// One step down on some images.
        private mutating func descend(
            _ images: ArraySlice<Int>, epoch: Int, step index: Int, rate: Double
        ) throws(TrainingError) -> TrainingStep.Terms {
            let count = images.count * architecture.input.count
            let position = UInt64((epoch - 1) * stepsPerEpoch + index)
            let terms = batch.withUnsafeMutableBufferPointer { buffer -> TrainingStep.Terms? in
                training.copyImages(images, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
                guard let base = buffer.baseAddress else { return nil }
                return step.computeGradients(images: base, count: images.count) { noise in
                    var generator = CounterGenerator(
                        seed: trainer.seed, purpose: .posteriorNoise, position: position)
                    if let start = noise.baseAddress { generator.fillNormal(start, count: noise.count) }
                }
            }
            guard let terms, terms.negativeELBO.isFinite else { throw .notFinite(epoch: epoch, step: index + 1) }
            step.applyGradients(learningRate: Float(rate))
            return terms
        }

        private func progress(
            _ epoch: Int, _ seen: Int, _ sums: TrainingStep.Terms, _ rate: Double, _ seconds: Double
        ) -> TrainingProgress {
            let speed = Double(seen) / max(seconds, 1e-9)
            let left = (trainer.recipe.epochs - epoch) * training.count + training.count - seen
            return TrainingProgress(
                epoch: epoch, images: seen, imagesInEpoch: training.count,
                terms: TrainingStep.Terms(
                    reconstruction: sums.reconstruction / Double(seen), kl: sums.kl / Double(seen)),
                learningRate: rate, imagesPerSecond: speed, secondsLeft: Double(left) / speed)
        }

        private func validate() throws -> TrainingStep.Terms? {
            guard validation.count > 0 else { return nil }
            return try VAE.Model(architecture: architecture, tensors: step.tensors)
                .evaluate(validation, samples: 1, pool: trainer.pool).terms
        }

        func model(_ dataset: String) throws -> Model {
            let recipe = trainer.recipe
            return try Model(
                architecture: architecture, tensors: step.tensors,
                provenance: Provenance(
                    dataset: dataset, recipe: recipe.name,
                    settings: [
                        "epochs": "\(recipe.epochs)", "batch-size": "\(recipe.batchSize)",
                        "learning-rate": "\(recipe.learningRate)", "schedule": recipe.schedule.rawValue,
                        "seed": "\(trainer.seed)", "validation": "\(validation.count)",
                    ]))
        }
    }
}
