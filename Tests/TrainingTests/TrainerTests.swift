import Datasets
import Neural
import Testing
import Training
import VAE

@Suite("Trainer")
struct TrainerTests {
    /// Squares of different places and sizes: enough to learn something from.
    private func dataset(_ count: Int, side: Int = 28) -> Dataset {
        let pixels = (0..<count).flatMap { image -> [UInt8] in
            let (x, y, size) = (image * 7 % 17, image * 5 % 13, 4 + image % 8)
            return (0..<side * side).map { pixel in
                let (column, row) = (pixel % side, pixel / side)
                return (x..<x + size).contains(column) && (y..<y + size).contains(row) ? 255 : 0
            }
        }
        return Dataset(name: "squares", split: .train, height: side, width: side, pixels: pixels)
    }

    private func trainer(
        epochs: Int = 2, batch: Int = 16, rate: Double = 1e-3, validation: Int = 0, threads: Int = 2, seed: UInt64 = 1
    ) -> Trainer {
        var recipe = Recipe.standard
        (recipe.epochs, recipe.batchSize, recipe.learningRate) = (epochs, batch, rate)
        return Trainer(
            recipe: recipe, seed: seed, validationCount: validation, pool: WorkerPool(threads: threads), now: { 0 })
    }

    @Test("A run tells what it does, learns, and gives a model that knows where it comes from")
    func events() throws {
        var epochs: [EpochReport] = []
        var isFinished = false
        let model = try trainer(epochs: 8, rate: 5e-3, validation: 8).train(on: dataset(72)) { event in
            switch event {
            case .started(let plan): #expect(plan.trainingImages == 64 && plan.validationImages == 8)
            case .finishedEpoch(let report): epochs.append(report)
            case .finished: isFinished = true
            case .progressed: break
            }
            return true
        }
        #expect(epochs.map(\.epoch) == Array(1...8) && isFinished)
        let (first, last) = (try #require(epochs.first), try #require(epochs.last))
        #expect(last.training.negativeELBO < 0.8 * first.training.negativeELBO)
        #expect(try #require(last.validation).negativeELBO < 0.8 * (try #require(first.validation)).negativeELBO)
        #expect(model.provenance.dataset == "squares" && model.provenance.recipe == "default")
        #expect(model.provenance.settings["seed"] == "1" && model.provenance.settings["epochs"] == "8")
    }

    @Test(
        "A run gives the same weights to the bit for the same seed and any number of threads, others for another seed")
    func repeatable() throws {
        let images = dataset(40)
        let runs = try [(1, 1), (2, 1), (3, 1), (2, 2)].map { threads, seed in
            try trainer(threads: threads, seed: UInt64(seed)).train(on: images) { _ in true }.tensors
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] == runs[2])
        #expect(runs[0] != runs[3])
    }

    @Test("The listener can stop a run, and gets the model as it is")
    func stops() throws {
        var epochs = 0
        let model = try trainer(epochs: 50).train(on: dataset(32)) { event in
            if case .finishedEpoch = event { epochs += 1 }
            return epochs < 2
        }
        #expect(epochs == 2)
        #expect(model.architecture.latentSize == 2)
    }

    @Test("Images of another size, and settings that cannot be, are refused with a sentence")
    func refusals() throws {
        #expect(throws: TrainingError.wrongImages(found: "1×27×27", expected: "1×28×28")) {
            try trainer().train(on: dataset(4, side: 27)) { _ in true }
        }
        #expect(throws: TrainingError.tooFewImages(4, validation: 4)) {
            try trainer(validation: 4).train(on: dataset(4)) { _ in true }
        }
        #expect(throws: TrainingError.self) { try trainer(epochs: 0).train(on: dataset(4)) { _ in true } }
        #expect(throws: TrainingError.self) { try trainer(batch: 0).train(on: dataset(4)) { _ in true } }
        #expect(throws: TrainingError.self) { try trainer(rate: 2).train(on: dataset(4)) { _ in true } }
    }

    @Test("Evaluation agrees with its parts, and refuses other images")
    func evaluation() throws {
        let model = try trainer().train(on: dataset(32)) { _ in true }
        let evaluation = try model.evaluate(dataset(20), samples: 2, pool: WorkerPool(threads: 2))
        #expect(evaluation.images == 20 && evaluation.divergences.count == 2)
        #expect(abs(evaluation.terms.kl - evaluation.divergences.reduce(0, +)) < 1e-9)
        #expect(evaluation.standardError > 0)
        #expect(throws: TrainingError.self) {
            try model.evaluate(dataset(2, side: 30), samples: 1, pool: WorkerPool(threads: 1))
        }
    }
}

@Suite("Schedule")
struct ScheduleTests {
    @Test("One cycle rises to its peak after a tenth and falls to almost nothing")
    func oneCycle() {
        let schedule = Schedule.oneCycle
        #expect(abs(schedule.factor(at: 0) - 0.04) < 1e-9)
        #expect(abs(schedule.factor(at: 0.1) - 1) < 1e-9)
        #expect(abs(schedule.factor(at: 0.55) - 0.5005) < 1e-9)
        #expect(abs(schedule.factor(at: 1) - 0.001) < 1e-9)
        #expect(Schedule.constant.factor(at: 0.7) == 1)
    }
}
