import Datasets
import Neural
import VAE

/// A run that is going on: its state, and what it does to it.
final class TrainingRun {
    typealias Listener = (TrainingEvent) throws -> Void

    private let trainer: Trainer
    private let dataset: Dataset
    private let training: Dataset
    private let validation: Dataset
    private let step: TrainingStep
    private let plan: TrainingPlan
    private var batch: [Float]
    private var order: [Int]

    private var position: TrainingPosition
    private var epochSums: LossSums
    private var measurementSums: LossSums
    private var best: BestValidation?
    private var epochsWithoutImprovement: Int
    private var rateFactor: Double

    private var clock: RunClock
    /// Where this process began: the clock then, and the steps done.
    private let beginning: (seconds: Double, steps: Int)
    private var measurementSpeed: Speedometer
    private var progressSpeed: Speedometer
    private var epochSpeed: Speedometer
    private var last = (learningRate: 0.0, beta: 0.0, gradientNorm: 0.0)
    private var lastGood: TrainingState?

    private var settings: TrainingSettings { trainer.settings }

    /// - Precondition: the trainer's checks have passed.
    init(_ trainer: Trainer, _ dataset: Dataset, _ state: TrainingState?) {
        self.trainer = trainer
        self.dataset = dataset
        let held = trainer.settings.validationCount
        training = dataset[0..<dataset.count - held]
        validation = dataset[dataset.count - held..<dataset.count]
        let (architecture, batchSize) = (trainer.architecture, trainer.batchSize(dataset))
        step = TrainingStep(
            architecture, tensors: state?.tensors ?? trainer.firstTensors,
            batchSize: batchSize, pool: trainer.pool, optimization: trainer.settings.optimization)
        if let state { step.restore(state.moments, average: state.average) }
        batch = Array(repeating: 0, count: batchSize * architecture.image.count)
        order = []
        position = state?.position ?? TrainingPosition()
        epochSums = state?.epochSums ?? LossSums(latents: architecture.latentSize)
        measurementSums = state?.measurementSums ?? LossSums(latents: architecture.latentSize)
        best = state?.best
        epochsWithoutImprovement = state?.epochsWithoutImprovement ?? 0
        rateFactor = state?.rateFactor ?? 1
        lastGood = state
        let stepsPerEpoch = trainer.stepsPerEpoch(dataset)
        plan = TrainingPlan(
            recipe: trainer.recipe, architecture: architecture, settings: trainer.settings,
            trainingImages: training.count, validationImages: validation.count, batchSize: batchSize,
            stepsPerEpoch: stepsPerEpoch, measurementInterval: max(1, stepsPerEpoch / 50), start: position,
            foresight: state == nil ? trainer.foresight(on: training) : [])
        clock = RunClock(before: state?.seconds ?? 0, now: trainer.now)
        let begun = clock.seconds
        beginning = (begun, position.steps(perEpoch: stepsPerEpoch))
        measurementSpeed = Speedometer(at: begun)
        progressSpeed = Speedometer(at: begun)
        epochSpeed = Speedometer(at: begun)
    }

    func run(_ inbox: TrainingInbox, _ listen: Listener) throws -> TrainingOutcome {
        try listen(.started(plan))
        while position.epoch <= settings.epochs, !isOutOfPatience {
            if let saving = try epoch(inbox, listen) { return try stop(saving: saving, listen) }
        }
        let outcome = TrainingOutcome(
            reason: position.epoch > settings.epochs ? .completed : .ranOutOfPatience, state: state)
        try listen(.checkpoint(outcome.state, .finished))
        try listen(.finished(outcome))
        return outcome
    }

    private var isOutOfPatience: Bool { settings.patience.map { epochsWithoutImprovement >= $0 } ?? false }

    private func stop(saving: Bool, _ listen: Listener) throws -> TrainingOutcome {
        let outcome = TrainingOutcome(reason: .stopped(saving: saving), state: state)
        if saving, outcome.state.isFinite { try listen(.checkpoint(outcome.state, .stopped)) }
        try listen(.finished(outcome))
        return outcome
    }

    // MARK: Epochs and steps

    /// Steps done in the whole run.
    private var steps: Int { position.steps(perEpoch: plan.stepsPerEpoch) }

    /// - Returns: nil, or, where a stop was asked for, whether it is to be saved.
    private func epoch(_ inbox: TrainingInbox, _ listen: Listener) throws -> Bool? {
        var generator = CounterGenerator(
            seed: settings.seed, purpose: .shuffle, position: UInt64(position.epoch))
        order = Array(0..<training.count).shuffled(using: &generator)
        epochSpeed = Speedometer(at: clock.seconds)
        while position.step < plan.stepsPerEpoch {
            if let saving = try serve(inbox, listen) { return saving }
            if let saving = try deriveEncoder(inbox, listen) { return saving }
            try descend(listen)
            try tell(listen)
        }
        try finishEpoch(listen)
        return nil
    }

    private func learningRate(atStep step: Int) -> Double {
        settings.learningRate * rateFactor * settings.schedule.factor(atStep: step, of: plan.steps)
    }

    private func beta(atStep step: Int) -> Double {
        let epoch = Double(step) / Double(plan.stepsPerEpoch)
        return settings.beta * settings.klWarmup.factor(atEpoch: epoch, of: settings.epochs)
    }

    /// One step down on the next images.
    private func descend(_ listen: Listener) throws {
        let first = position.step * plan.batchSize
        let images = order[first..<min(order.count, first + plan.batchSize)]
        let number = steps
        let (rate, beta) = (learningRate(atStep: number), beta(atStep: number))
        let terms = computeGradients(images, step: number, beta: beta)
        let norm = step.gradientNorm
        guard terms.negativeELBO.isFinite, norm.isFinite else { throw try fail(terms, images.count, listen) }
        step.applyGradients(learningRate: rate, gradientNorm: norm)
        position.step += 1
        last = (rate, beta, norm)
        let objective = terms.reconstruction + step.weightedKL(beta: beta, freeBits: settings.freeBits)
        epochSums.add(terms, step.divergences, objective: objective, count: images.count)
        measurementSums.add(terms, step.divergences, objective: objective, count: images.count)
        measurementSpeed.count(images.count)
        progressSpeed.count(images.count)
        epochSpeed.count(images.count)
    }

    private func computeGradients(_ images: ArraySlice<Int>, step number: Int, beta: Double) -> TrainingStep.Terms {
        let values = images.count * training.valuesPerImage
        return batch.withUnsafeMutableBufferPointer { buffer in
            training.copyImages(images, into: UnsafeMutableBufferPointer(rebasing: buffer[..<values]))
            guard let base = buffer.baseAddress else { return TrainingStep.Terms(reconstruction: 0, kl: 0) }
            return step.computeGradients(
                images: base, count: images.count, beta: Float(beta), freeBits: settings.freeBits
            ) { fillNoise($0, step: number) }
        }
    }

    private func fillNoise(_ noise: UnsafeMutableBufferPointer<Float>, step number: Int) {
        var generator = CounterGenerator(seed: settings.seed, purpose: .posteriorNoise, position: UInt64(number))
        if let start = noise.baseAddress { generator.fillNormal(start, count: noise.count) }
    }

    /// Brings a computed encoder up to the decoder, when it is time; the end of an epoch did it for the next one's start.
    ///
    /// It takes as long as some dozens of steps: requests are served meanwhile. What they see is the state before this step,
    /// from which a run that goes on begins with computing the encoder.
    ///
    /// - Returns: nil, or, where a stop was asked for, whether it is to be saved.
    private func deriveEncoder(_ inbox: TrainingInbox, _ listen: Listener) throws -> Bool? {
        guard let learned = settings.derivingEncoderAfter, position.epoch > learned else { return nil }
        step.learnsEncoder = false
        let interval = max(
            TrainingRun.leastStepsBetweenDerivations, plan.stepsPerEpoch / TrainingRun.derivationsPerEpoch)
        guard position.step > 0, position.step.isMultiple(of: interval) else { return nil }
        do {
            try step.deriveEncoder(beta: beta(atStep: steps)) {
                if let saving = try serve(inbox, listen) { throw Stop(saving: saving) }
            }
        } catch let stop as Stop {
            return stop.saving
        }
        return nil
    }

    /// A stop was asked for in the middle of something.
    private struct Stop: Error {
        let saving: Bool
    }

    private static let derivationsPerEpoch = 4
    /// A decoder changes little in fewer, and deriving takes as long as some dozens of steps.
    private static let leastStepsBetweenDerivations = 32

    private func finishEpoch(_ listen: Listener) throws {
        if let learned = settings.derivingEncoderAfter, position.epoch >= learned {
            step.deriveEncoder(beta: beta(atStep: steps))
        }
        let evaluation = try validate()
        let value = evaluation?.terms.negativeELBO
        let isBest = value.map { $0 < best?.negativeELBO ?? .infinity } ?? (validation.count == 0)
        epochsWithoutImprovement = isBest ? 0 : epochsWithoutImprovement + 1
        if isBest, let value { best = BestValidation(epoch: position.epoch, negativeELBO: value) }
        let now = clock.seconds
        let report = EpochReport(
            epoch: position.epoch, epochs: settings.epochs, step: steps, training: epochSums.means,
            validation: evaluation, isBest: isBest, best: best, imagesPerSecond: epochSpeed.rate(at: now), seconds: now,
            secondsInEpoch: now - epochSpeed.begun, secondsLeft: secondsLeft(now) ?? 0,
            learningRate: last.learningRate, beta: last.beta)
        position = TrainingPosition(epoch: position.epoch + 1)
        epochSums.clear()
        measurementSums.clear()
        measurementSpeed = Speedometer(at: now)
        progressSpeed = Speedometer(at: now)
        try listen(.finishedEpoch(report))
        let state = state
        guard state.isFinite else { return }
        lastGood = state
        if isBest { try listen(.checkpoint(state, .best)) }
    }

    private func validate() throws -> DatasetEvaluation? {
        guard validation.count > 0 else { return nil }
        return try Model(architecture: trainer.architecture, tensors: step.averagedTensors ?? step.tensors)
            .evaluate(validation, samples: 1, seed: settings.seed, purpose: .validation, pool: trainer.pool)
    }

    // MARK: Events

    private func tell(_ listen: Listener) throws {
        let now = clock.seconds
        if position.step.isMultiple(of: plan.measurementInterval) || position.step == plan.stepsPerEpoch {
            try listen(
                .measured(
                    TrainingMeasurement(
                        epoch: position.epoch, stepInEpoch: position.step, step: steps, seconds: now,
                        means: measurementSums.means, learningRate: last.learningRate, beta: last.beta,
                        gradientNorm: last.gradientNorm, imagesPerSecond: measurementSpeed.rate(at: now))))
            measurementSums.clear()
            measurementSpeed = Speedometer(at: now)
        }
        guard now - progressSpeed.begun > 0.5 else { return }
        try listen(
            .progressed(
                TrainingProgress(
                    epoch: position.epoch, images: min(training.count, position.step * plan.batchSize),
                    imagesInEpoch: training.count, means: epochSums.means, learningRate: last.learningRate,
                    beta: last.beta, imagesPerSecond: progressSpeed.rate(at: now), seconds: now,
                    secondsLeft: secondsLeft(now))))
        progressSpeed = Speedometer(at: now)
    }

    /// As the steps of this process went, with its validations.
    private func secondsLeft(_ now: Double) -> Double? {
        let done = steps - beginning.steps
        return done > 0 ? (now - beginning.seconds) / Double(done) * Double(plan.steps - steps) : nil
    }

    // MARK: Requests

    /// Does what was asked for since the last step, and waits while the run is paused.
    ///
    /// - Returns: nil, or, where a stop was asked for, whether it is to be saved.
    private func serve(_ inbox: TrainingInbox, _ listen: Listener) throws -> Bool? {
        var isPaused = false
        var requests = inbox.take()
        while true {
            for request in requests {
                switch request {
                case .pause where !isPaused:
                    isPaused = true
                    clock.pause()
                    try listen(.paused(position))
                case .proceed where isPaused:
                    isPaused = false
                    clock.proceed()
                    try listen(.proceeded(position))
                case .pause, .proceed: break
                case .checkpoint: try checkpoint(listen)
                case .snapshot: try listen(.snapshot(try snapshot()))
                case .scaleLearningRate(let factor): try scaleRate(by: factor, listen)
                case .stop(let saving): return saving
                }
            }
            guard isPaused else { return nil }
            requests = inbox.waitAndTake()
        }
    }

    private func checkpoint(_ listen: Listener) throws {
        let state = state
        // Weights that are not finite are no good to anybody; the next step ends the run and says so.
        guard state.isFinite else { return }
        lastGood = state
        try listen(.checkpoint(state, .requested))
    }

    private func snapshot() throws -> TrainingSnapshot {
        TrainingSnapshot(
            model: try Model(
                architecture: trainer.architecture, tensors: step.averagedTensors ?? step.tensors,
                provenance: trainer.provenance(dataset: dataset.name)),
            position: position, step: steps)
    }

    private func scaleRate(by factor: Double, _ listen: Listener) throws {
        let scaled = rateFactor * factor
        guard factor > 0, scaled.isNormal else { return }
        rateFactor = scaled
        try listen(
            .rateChanged(
                RateChange(
                    position: position, step: steps, factor: rateFactor, learningRate: learningRate(atStep: steps))))
    }

    // MARK: State

    private var state: TrainingState {
        TrainingState(
            tensors: step.tensors, average: step.averagedTensors, moments: step.moments, position: position,
            epochSums: epochSums, measurementSums: measurementSums, best: best,
            epochsWithoutImprovement: epochsWithoutImprovement, rateFactor: rateFactor, seconds: clock.seconds)
    }

    /// Says where the batch that was tried last has its first number that is not finite.
    private func fail(_ terms: TrainingStep.Terms, _ count: Int, _ listen: Listener) throws -> TrainingError {
        var noise = [Float](repeating: 0, count: count * trainer.architecture.latentSize)
        noise.withUnsafeMutableBufferPointer { fillNoise($0, step: steps) }
        let search = NonFiniteSearch(
            architecture: trainer.architecture, tensors: step.tensors, gradients: step.gradients, images: batch,
            noise: noise, count: count, pool: trainer.pool)
        let loss = NonFiniteLoss(
            epoch: position.epoch, batch: position.step + 1, step: steps + 1,
            term: !terms.kl.isFinite ? .kl : terms.reconstruction.isFinite ? .gradient : .reconstruction,
            place: search.place())
        try listen(.failed(loss, lastGood: lastGood))
        return .notFinite(loss)
    }
}
