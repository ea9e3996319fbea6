import Neural
import Testing
import Training
import VAE

@Suite("Health of a run")
struct HealthTests {
    private func sentences(
        reconstruction: Double = 100, _ divergences: [Double], means: [Double] = [], variances: [Double] = []
    ) -> [String] {
        TrainingHealth.findings(
            reconstruction: reconstruction, divergences: divergences, meanVariances: means, variances: variances
        ).map(\.description)
    }

    @Test("Nothing is said of a model that is well")
    func well() {
        #expect(sentences([3, 0.011], means: [1.2, 0.02], variances: [0.1, 0.9]).isEmpty)
    }

    @Test("Collapsed latents, variances that explode and a KL term that leads get a sentence each")
    func findings() {
        #expect(
            sentences([3, 0, 0.009, 0, 0, 0, 0, 0, 2, 1])
                == ["7 of 10 latents have collapsed: the decoder ignores them"])
        #expect(sentences([3, 3], variances: [0.1, 250]) == ["the variance of latent 1 explodes: 250"])
        #expect(sentences([3, 3], means: [101, 1]) == ["the variance of latent 0 explodes: 101"])
        #expect(
            sentences(reconstruction: 20, [25, 3]) == [
                "the KL term, 28 nats, is larger than the reconstruction's 20"
            ])
        #expect(sentences(reconstruction: -500, [25]).isEmpty)
    }

    @Test("Of a model that has collapsed as a whole it is said what to do, of a run as the program's options")
    func remedy() throws {
        let both = try #require(
            TrainingHealth.findings(
                reconstruction: 100, divergences: [0.002, 0.004], meanVariances: [], variances: []
            ).first)
        #expect(
            both.description == "both latents have collapsed: the decoder ignores z; "
                + "train with a KL warm-up or a smaller learning rate")
        #expect(
            both.ofOwnRun == "both latents have collapsed: the decoder ignores z; "
                + "try --kl-warmup 5 or a smaller learning rate")
        #expect(sentences([0]).first?.hasPrefix("the latent has collapsed") == true)
        #expect(sentences([0, 0, 0]).first?.hasPrefix("all 3 latents have collapsed") == true)
        // Posteriors that are narrow at one place for all images cost KL and say nothing.
        #expect(sentences([0.4, 0.5], means: [0.002, 0.001]).first?.hasPrefix("both latents have collapsed") == true)
    }

    @Test("A strong β collapses latents, and the validation tells")
    func collapse() throws {
        var settings = TrainingSettings.short(epochs: 12)
        settings.beta = 200
        let validation = try #require(try run(settings).epochs.last?.validation)
        #expect(TrainingHealth.findings(validation).contains(.collapsed(2, of: 2)))
        #expect(validation.activeUnits == 0)
        let free = try #require(try run(.short(epochs: 12)).epochs.last?.validation)
        #expect(TrainingHealth.findings(free).isEmpty && free.activeUnits == 2)
    }
}

@Suite("Losses that are not finite")
struct NonFiniteTests {
    private func failure(_ state: TrainingState?, settings: TrainingSettings) -> (NonFiniteLoss?, TrainingState?) {
        var failed: (NonFiniteLoss?, TrainingState?)
        var thrown: TrainingError?
        do {
            _ = try run(settings, from: state) { event in
                if case .failed(let loss, let good) = event { failed = (loss, good) }
            }
        } catch {
            thrown = error as? TrainingError
        }
        #expect(thrown == failed.0.map { .notFinite($0) })
        return failed
    }

    /// A state in the midst of the second epoch.
    private func state(_ settings: TrainingSettings) throws -> TrainingState {
        let inbox = TrainingInbox()
        return try run(settings, inbox: inbox) { event in
            if case .measured(let measurement) = event, measurement.step == 7 { inbox.post(.stop(saving: true)) }
        }.outcome.state
    }

    private func spoil(_ state: TrainingState, _ name: String, _ value: Float) throws -> TrainingState {
        var state = state
        let tensor = try #require(state.tensors[name])
        state.tensors[name] = Tensor(
            extents: tensor.extents, values: [value] + tensor.values.dropFirst())
        return state
    }

    @Test("The batch, the step, the term and the first layer are named")
    func places() throws {
        let settings = TrainingSettings.short()
        let good = try state(settings)
        func place(_ name: String, _ value: Float) throws -> NonFiniteLoss? {
            failure(try spoil(good, name, value), settings: settings).0
        }
        let parameter = try #require(try place("decoder.2.weight", .nan))
        #expect(parameter.epoch == 2 && parameter.batch == 3 && parameter.step == 8)
        #expect(parameter.term == .reconstruction && parameter.place == "decoder.2.weight")
        let huge = try spoil(spoil(good, "decoder.2.bias", 3e38), "decoder.6.weight", 100)
        let layer = try #require(failure(huge, settings: settings).0)
        #expect(layer.term == .reconstruction)
        #expect(layer.place == "decoder.6 (Conv2d)", "\(layer)")
        // log σ² of the second latent: e¹⁰⁰⁰ is no number.
        var posterior = try spoil(good, "encoder.7.bias", 0)
        posterior.tensors["encoder.7.bias"] = Tensor(extents: [4], values: [0, 0, 0, 1000])
        let sampled = try #require(failure(posterior, settings: settings).0)
        #expect(sampled.term == .kl && sampled.place == "the sampled latents (σ overflows)")
        #expect(sampled.description.contains("batch 3 of epoch 2, step 8 of the run"))
    }

    @Test("A run that diverges ends before its weights are spoiled, and leaves the last good state")
    func diverges() throws {
        var settings = TrainingSettings.short(epochs: 50)
        let begun = try state(settings)
        settings.learningRate = 0.99
        let (found, last) = failure(begun, settings: settings)
        let (loss, good) = (try #require(found), try #require(last))
        #expect(good.isFinite && good.position.steps(perEpoch: 5) < loss.step)
        // The last epoch's end before the failure, or what the run went on from.
        #expect(good.position == (loss.epoch == 2 ? begun.position : TrainingPosition(epoch: loss.epoch)))
    }

    @Test("Weights that are not finite are never handed out as a checkpoint")
    func noBadCheckpoints() throws {
        let settings = TrainingSettings.short()
        let inbox = TrainingInbox()
        inbox.post(.checkpoint)
        var checkpoints = 0
        #expect(throws: TrainingError.self) {
            try run(settings, from: spoil(state(settings), "decoder.2.weight", .infinity), inbox: inbox) { event in
                if case .checkpoint = event { checkpoints += 1 }
            }
        }
        #expect(checkpoints == 0)
    }
}
