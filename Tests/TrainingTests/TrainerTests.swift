import Datasets
import Neural
import Testing
import Training
import VAE

@Suite("Trainer")
struct TrainerTests {
    @Test("A run tells what it does, learns, and gives a model that knows where it comes from")
    func events() throws {
        let told = try run(.short(epochs: 12))
        #expect(told.epochs.map(\.epoch) == Array(1...12) && told.epochs.map(\.step) == (1...12).map { $0 * 5 })
        let (first, last) = (try #require(told.epochs.first), try #require(told.epochs.last))
        #expect(last.training.negativeELBO < 0.8 * first.training.negativeELBO)
        #expect(
            try #require(last.validation).terms.negativeELBO
                < 0.8 * (try #require(first.validation)).terms.negativeELBO)
        #expect(told.outcome.reason == .completed)
        #expect(told.order.first == "started" && told.order.last == "finished")
        #expect(told.checkpoints.last?.reason == .finished && told.checkpoints.last?.state == told.outcome.state)
        let trainer = Trainer(
            recipe: "small", architecture: try .small(), settings: .short(epochs: 12), pool: WorkerPool(threads: 1),
            now: { 0 })
        let provenance = try trainer.model(told.outcome.state, dataset: "squares").provenance
        #expect(provenance.dataset == "squares" && provenance.recipe == "small")
        #expect(provenance.settings["seed"] == "1" && provenance.settings["epochs"] == "12")
    }

    @Test("Measurements come after the same steps in every run, and their means make the epoch's")
    func measurements() throws {
        let told = try run(.short(epochs: 2))
        #expect(told.measurements.map(\.step) == Array(1...10))
        #expect(told.measurements.map(\.stepInEpoch) == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
        let second = told.measurements.suffix(5)
        let sum = zip(second, [10.0, 10, 10, 10, 8]).reduce(0) { $0 + $1.0.means.negativeELBO * $1.1 }
        #expect(abs(sum / 48 - told.epochs[1].training.negativeELBO) < 1e-9)
        // β is 1 and no bits are free.
        #expect(second.allSatisfy { abs($0.means.objective - $0.means.negativeELBO) < 1e-9 && $0.beta == 1 })
        let many = try run(.short(epochs: 1), images: squares(8 + 1100))
        #expect(many.measurements.map(\.step) == (1...55).map { $0 * 2 })
    }

    @Test(
        "A run gives the same weights to the bit for the same seed and any number of threads, others for another seed",
        arguments: [TrainingSettings.short(), .everything()])
    func repeatable(settings: TrainingSettings) throws {
        var other = settings
        other.seed = 2
        let runs = try [(1, settings), (2, settings), (3, settings), (2, other)].map { threads, settings in
            try run(settings, threads: threads).outcome.state.savedTensors
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] == runs[2])
        #expect(runs[0] != runs[3])
    }

    @Test("Images of another size, too few of them, and settings that cannot be are refused with a sentence")
    func refusals() throws {
        #expect(throws: TrainingError.wrongImages(found: "1×15×15", expected: "1×12×12")) {
            try run(.short(), images: squares(20, side: 15))
        }
        #expect(throws: TrainingError.tooFewImages(8, validation: 8)) { try run(.short(), images: squares(8)) }
        #expect(throws: TrainingError.badSetting("--epochs must be 1 to 1000000")) { try run(.short(epochs: 0)) }
    }

    @Test("The best validation comes as a checkpoint, and patience ends the run after so many epochs without")
    func patience() throws {
        var settings = TrainingSettings.short(epochs: 60)
        settings.learningRate = 0.2
        settings.patience = 2
        let told = try run(settings)
        #expect(told.outcome.reason == .ranOutOfPatience)
        let values = told.epochs.compactMap { $0.validation?.terms.negativeELBO }
        let least = try #require(values.min())
        let best = try #require(values.firstIndex(of: least))
        #expect(values.count == best + 3)
        #expect(told.outcome.state.best == BestValidation(epoch: best + 1, negativeELBO: values[best]))
        let kept = told.checkpoints.filter { $0.reason == .best }
        #expect(kept.last?.state.position == TrainingPosition(epoch: best + 2))
        #expect(told.epochs.filter(\.isBest).count == kept.count)
        // It is at an end, and stays so.
        let again = try run(settings, from: told.outcome.state)
        #expect(again.epochs.isEmpty && again.outcome.reason == .ranOutOfPatience)
    }

    @Test("What a listener throws ends the run")
    func listenerThrows() throws {
        struct Full: Error {}
        let trainer = Trainer(
            recipe: "small", architecture: try .small(), settings: .short(), pool: WorkerPool(threads: 1), now: { 0 })
        var count = 0
        #expect(throws: Full.self) {
            try trainer.train(on: squares(56)) { _ in
                count += 1
                if count == 4 { throw Full() }
            }
        }
        #expect(count == 4)
    }

    @Test("Evaluation agrees with its parts, and refuses other images")
    func evaluation() throws {
        let architecture = try Architecture.small()
        let model = try Model(architecture: architecture, tensors: run(.short()).outcome.state.tensors)
        let evaluation = try model.evaluate(squares(20), samples: 2, pool: WorkerPool(threads: 2))
        #expect(evaluation.images == 20 && evaluation.divergences.count == 2)
        #expect(abs(evaluation.terms.kl - evaluation.divergences.reduce(0, +)) < 1e-9)
        #expect(evaluation.standardError > 0)
        let images = (0..<20).flatMap { squares(20).image($0) }
        let means = try Encoder(model, pool: WorkerPool(threads: 1)).encode(images, count: 20).means.map(Double.init)
        for latent in 0..<2 {
            let values = stride(from: latent, to: 40, by: 2).map { means[$0] }
            let mean = values.reduce(0, +) / 20
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20
            #expect(abs(evaluation.meanVariances[latent] - variance) < 1e-9)
        }
        #expect(throws: TrainingError.self) {
            try model.evaluate(squares(2, side: 15), samples: 1, pool: WorkerPool(threads: 1))
        }
    }
}
