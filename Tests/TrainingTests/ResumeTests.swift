import Datasets
import Neural
import Testing
import Training
import VAE

@Suite("Resuming and requests")
struct ResumeTests {
    /// Stops after a step of the run, saving, and goes on from there in a new trainer, with another number of threads.
    private func interrupted(_ settings: TrainingSettings, after steps: [Int]) throws -> Told {
        var state: TrainingState?
        for (index, stop) in steps.enumerated() {
            let inbox = TrainingInbox()
            let told = try run(settings, from: state, threads: 1 + index % 3, inbox: inbox) { event in
                if case .measured(let measurement) = event, measurement.step == stop {
                    inbox.post(.stop(saving: true))
                }
            }
            #expect(told.outcome.reason == .stopped(saving: true))
            #expect(told.checkpoints.last?.reason == .stopped)
            state = told.checkpoints.last?.state
        }
        return try run(settings, from: state)
    }

    @Test(
        "A run in pieces, cut in mid-epoch and between epochs, ends with the state of a run in one go, bit for bit",
        arguments: [TrainingSettings.short(), .everything()])
    func resumes(settings: TrainingSettings) throws {
        let whole = try run(settings)
        let pieces = try interrupted(settings, after: [2, 5, 8, 14])
        #expect(pieces.outcome.state == whole.outcome.state)
        #expect(pieces.measurements.last == whole.measurements.last)
        #expect(pieces.epochs.last?.validation == whole.epochs.last?.validation)
        #expect(pieces.epochs.last?.training == whole.epochs.last?.training)
    }

    @Test("A residual network with group normalization learns, and is resumed bit for bit")
    func residual() throws {
        let architecture = try Architecture.residual()
        let whole = try run(.short(), architecture: architecture)
        var state: TrainingState?
        for stop in [3, 7] {
            let inbox = TrainingInbox()
            let told = try run(.short(), from: state, threads: stop % 3 + 1, architecture: architecture, inbox: inbox) {
                if case .measured(let measurement) = $0, measurement.step == stop { inbox.post(.stop(saving: true)) }
            }
            state = told.checkpoints.last?.state
        }
        let pieces = try run(.short(), from: state, architecture: architecture)
        #expect(pieces.outcome.state == whole.outcome.state)
        let (first, last) = (try #require(whole.measurements.first), try #require(whole.measurements.last))
        #expect(last.means.reconstruction < first.means.reconstruction)
    }

    @Test("A measurement that began before the interruption is the same after it")
    func measurementAcross() throws {
        let images = squares(8 + 1100)
        let inbox = TrainingInbox()
        var asked = false
        let cut = try run(.short(epochs: 1), images: images, inbox: inbox) { event in
            // Requests are taken before the next step: ask for a state after step 3, between two measurements.
            if case .measured(let measurement) = event, measurement.step == 2 { inbox.post(.checkpoint) }
            if case .checkpoint(let state, .requested) = event, !asked {
                asked = state.position.step == 2
                inbox.post(.stop(saving: true))
            }
        }
        #expect(cut.outcome.state.position == TrainingPosition(epoch: 1, step: 3))
        #expect(cut.outcome.state.measurementSums.images == 10)
        let rest = try run(.short(epochs: 1), images: images, from: cut.outcome.state)
        let whole = try run(.short(epochs: 1), images: images)
        // The speed alone is of this process.
        #expect(rest.measurements.map(\.step) == whole.measurements.dropFirst().map(\.step))
        #expect(rest.measurements.map(\.means) == whole.measurements.dropFirst().map(\.means))
    }

    @Test("A changed learning rate is told, counts from the next step, and is resumed")
    func rate() throws {
        let settings = TrainingSettings.everything()
        func go(stopAt: Int?, from state: TrainingState? = nil) throws -> Told {
            let inbox = TrainingInbox()
            return try run(settings, from: state, inbox: inbox) { event in
                guard case .measured(let measurement) = event else { return }
                if measurement.step == 4 { inbox.post(.scaleLearningRate(1.5)) }
                if measurement.step == 6 {
                    for factor in [-1, 0, .infinity, .nan] { inbox.post(.scaleLearningRate(factor)) }
                    inbox.post(.scaleLearningRate(1 / 1.5 / 2))
                }
                if measurement.step == stopAt { inbox.post(.stop(saving: true)) }
            }
        }
        let whole = try go(stopAt: nil)
        #expect(whole.rates.map(\.step) == [4, 6])
        #expect(whole.rates[0].factor == 1.5 && abs(whole.rates[1].factor - 0.5) < 1e-12)
        #expect(whole.rates[0].learningRate == whole.measurements[4].learningRate)
        let plain = try run(settings)
        #expect(whole.measurements[3].learningRate == plain.measurements[3].learningRate)
        #expect(abs(whole.measurements[4].learningRate / plain.measurements[4].learningRate - 1.5) < 1e-12)
        #expect(whole.outcome.state.tensors != plain.outcome.state.tensors)
        let cut = try go(stopAt: 8)
        #expect(try run(settings, from: cut.outcome.state).outcome.state == whole.outcome.state)
    }

    @Test("Pausing, looking and saving change nothing of what is learned")
    func bystanders() throws {
        let settings = TrainingSettings.everything()
        let inbox = TrainingInbox()
        let told = try run(settings, inbox: inbox) { event in
            switch event {
            case .measured(let measurement) where measurement.step == 7:
                for request: TrainingRequest in [.snapshot, .pause, .pause, .checkpoint] { inbox.post(request) }
            case .checkpoint(_, .requested):
                inbox.post(.snapshot)
                inbox.post(.proceed)
            default: break
            }
        }
        #expect(told.outcome.state == (try run(settings)).outcome.state)
        #expect(told.snapshots.count == 2 && told.snapshots.allSatisfy { $0.step == 7 })
        let asked = try #require(told.checkpoints.first { $0.reason == .requested }).state
        // The snapshot has the weights that would be saved: the average.
        #expect(told.snapshots[0].model.tensors == asked.average && asked.average != asked.tensors)
        let events = told.order.filter { $0 == "paused" || $0 == "proceeded" }
        #expect(events == ["paused", "proceeded"])
    }

    @Test("A paused run waits for other threads, and can be stopped without saving")
    func pausedStop() async throws {
        let inbox = TrainingInbox()
        inbox.post(.pause)
        let told = try run(.short(), inbox: inbox) { event in
            guard case .paused = event else { return }
            Task.detached { inbox.post(.stop(saving: false)) }
        }
        #expect(told.outcome.reason == .stopped(saving: false))
        #expect(told.checkpoints.isEmpty && told.order == ["started", "paused", "finished"])
    }

    @Test("A state of another network, other settings or other data is refused")
    func foreignStates() throws {
        let inbox = TrainingInbox()
        let state = try run(.short(), inbox: inbox) { event in
            if case .measured(let measurement) = event, measurement.step == 7 { inbox.post(.stop(saving: true)) }
        }.outcome.state
        func refuses(_ settings: TrainingSettings = .short(), images: Int = 56, latents: Int = 2) {
            #expect(throws: TrainingError.self) {
                try run(settings, images: squares(images), from: state, architecture: try .small(latents: latents))
            }
        }
        refuses(latents: 3)
        refuses(images: 200)
        refuses(.everything())
        var broken = state
        broken.moments.first.removeValue(forKey: "encoder.0.weight")
        #expect(
            throws: TrainingError.wrongState(
                "the optimizer's first moment of encoder.0.weight is missing or has another shape")
        ) {
            try run(.short(), from: broken)
        }
    }
}
