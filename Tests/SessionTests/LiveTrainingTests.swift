import Datasets
import Explorer
import Neural
import Synchronization
import Testing
import Training
import VAE

@testable import Session

@Suite("A training that is shown")
struct LiveTrainingTests {
    private static let dataset = Dataset(
        name: "made", split: .train, height: 28, width: 28,
        pixels: (0..<60 * 784).map { UInt8(truncatingIfNeeded: $0 * 37) })

    private func train(_ training: LiveTraining, inbox: TrainingInbox) throws -> TrainingOutcome {
        let trainer = Trainer(
            recipe: "made", architecture: try LiveRunTests.model().architecture,
            settings: TrainingSettings(epochs: 3, batchSize: 10, validationCount: 10), pool: WorkerPool(threads: 1),
            now: { 0 })
        return try trainer.train(on: Self.dataset, inbox: inbox) { training.hear($0) }
    }

    @Test("A run that nobody looks at goes through; afterwards its curves are there")
    func unwatched() throws {
        let inbox = TrainingInbox()
        let training = LiveTraining(name: "run", inbox: inbox)
        let outcome = try train(training, inbox: inbox)
        training.end(.finished("through"))
        let news = training.takeNews()
        guard case .described(let description)? = news.first else {
            Issue.record("the run is not described")
            return
        }
        #expect(description.epochs == 3 && description.stepsPerEpoch == 5 && description.valuesPerImage == 784)
        let measured = news.compactMap { if case .measured(let measurement) = $0 { measurement } else { nil } }
        #expect(measured.filter { $0.values[.trainNegativeELBO] != nil }.map(\.step) == (1...15).map(Double.init))
        let validations = measured.compactMap { $0.values[.validationNegativeELBO] }
        #expect(validations.count == 3)
        #expect(validations.min() == outcome.state.best?.negativeELBO)
        let progress = news.compactMap { if case .progressed(let progress) = $0 { progress } else { nil } }.last
        let assessments = news.compactMap { if case .assessed(let assessment) = $0 { assessment } else { nil } }
        #expect(assessments.count == 1 && assessments.last?.divergences.count == 2)
        #expect(assessments.last?.activeLatents != nil)
        #expect(progress?.share == 1 && progress?.best == outcome.state.best?.negativeELBO)
    }

    @Test("A stop that a signal asked for is told, also where the end came before anybody looked")
    func stopping() {
        let training = LiveTraining(name: "run", inbox: TrainingInbox())
        training.stopping()
        training.end(.finished("through"))
        let phases = training.takeNews().compactMap { if case .phase(let phase) = $0 { phase } else { nil } }
        #expect(phases == [.stopping, .finished("through")])
        #expect(training.takeNews().isEmpty)
    }

    @Test("Of the evaluation at the end the newest share is told")
    func evaluating() {
        let training = LiveTraining(name: "run", inbox: TrainingInbox())
        training.evaluating(0.2, secondsLeft: 8)
        training.evaluating(0.4, secondsLeft: 6)
        let phases = training.takeNews().compactMap { if case .phase(let phase) = $0 { phase } else { nil } }
        #expect(phases == [.evaluating(0.4, secondsLeft: 6)])
    }

    @Test("Requests reach the trainer, and its answers the view")
    func requests() throws {
        let inbox = TrainingInbox()
        let training = LiveTraining(name: "run", inbox: inbox)
        let steps = Mutex<[Int]>([])
        let ends = Mutex<[Bool]>([])
        training.onWeights { weights in
            steps.withLock { $0.append(weights.step) }
            ends.withLock { $0.append(weights.isLast) }
        }
        training.requestWeights()
        training.ask(.scaleLearningRate(1.5))
        training.ask(.stop(saving: true))
        let outcome = try train(training, inbox: inbox)
        #expect(outcome.reason == .stopped(saving: true))
        #expect(outcome.state.rateFactor == 1.5)
        let news = training.takeNews()
        let progress = news.compactMap { if case .progressed(let progress) = $0 { progress } else { nil } }
        #expect(progress.last?.epoch == 1 && progress.last?.epochShare == 0)
        // The weights that were asked for, and those of the end.
        #expect(steps.withLock { $0 } == [0, 0])
        #expect(ends.withLock { $0 } == [false, true])
    }
}
