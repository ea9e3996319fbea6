import Inference
import Neural
import Testing
import Training
import VAE

@Suite("Computing the encoder")
struct DerivedEncoderTests {
    static func architecture(latents: Int = 2) throws -> Architecture {
        let small = try Architecture.small(latents: latents)
        return try Architecture(
            input: small.image, latentSize: latents, likelihood: .bernoulli,
            encoder: LatticeEncoder.layers(pixels: 144, rank: 8, points: 120, latentSize: latents),
            decoder: small.decoder.nodes.map(\.operation))
    }

    static func settings(epochs: Int = 3) -> TrainingSettings {
        var settings = TrainingSettings.short(epochs: epochs)
        settings.derivingEncoderAfter = 1
        return settings
    }

    /// 48 steps an epoch: enough for the encoder to be computed once on the way, before step 32.
    static func longEpochs() -> TrainingSettings {
        var settings = settings()
        settings.batchSize = 1
        return settings
    }

    /// The encoder's tensors that a state's decoder asks for.
    private func derived(_ state: TrainingState) throws -> [String: Tensor] {
        let step = TrainingStep(
            try Self.architecture(), tensors: state.tensors, batchSize: 10, pool: WorkerPool(threads: 2))
        step.deriveEncoder()
        return step.tensors.filter { $0.key.hasPrefix("encoder") }
    }

    @Test("Once its epochs are over, the encoder at an epoch's end is the one computed from the decoder")
    func derives() throws {
        let told = try run(Self.settings(), architecture: Self.architecture())
        let bests = told.checkpoints.filter { $0.reason == .best }.map(\.state)
        #expect(bests.count >= 2)
        for state in bests {
            let encoder = state.tensors.filter { $0.key.hasPrefix("encoder") }
            #expect(try encoder == derived(state))
        }
        #expect(try #require(told.epochs.last).validation?.terms.negativeELBO ?? 0 < 0.9 * 144)
    }

    @Test("Until then it is learned, from the lattice's points on")
    func learnsFirst() throws {
        let inbox = TrainingInbox()
        let told = try run(Self.settings(), architecture: Self.architecture(), inbox: inbox) { event in
            if case .measured(let measurement) = event, measurement.step == 1 { inbox.post(.stop(saving: true)) }
        }
        let means = try #require(told.outcome.state.tensors["encoder.4.weight"]).values[..<240]
        let first = try #require(LatticeEncoder(Self.architecture())?.firstTensors["encoder.4.weight"]).values[..<240]
        #expect(zip(means, first).allSatisfy { abs($0 - $1) < 0.02 } && means != first)
        let moments = told.outcome.state.moments.first
        #expect(moments["encoder.1.weight"]?.values.contains { $0 != 0 } == true)
    }

    @Test("It is brought up to the decoder within a long epoch too, and the optimizer leaves it alone")
    func withinEpoch() throws {
        var states: [TrainingState] = []
        let inbox = TrainingInbox()
        _ = try run(Self.longEpochs(), architecture: Self.architecture(), inbox: inbox) { event in
            if case .measured = event { inbox.post(.checkpoint) }
            if case .checkpoint(let state, .requested) = event { states.append(state) }
        }
        let second = states.filter { $0.position.epoch == 2 && $0.position.step > 0 }
        #expect(second.count >= 40)
        for (before, after) in zip(second, second.dropFirst()) {
            let name = "encoder.2.weight"
            let differs = before.tensors[name] != after.tensors[name]
            #expect(differs == (after.position.step == 33))
            let isLeftAlone = before.moments.first[name] == after.moments.first[name]
            #expect(isLeftAlone)
        }
    }

    @Test("A run in pieces is the run in one go, bit for bit, whatever the number of threads")
    func resumes() throws {
        var settings = Self.longEpochs()
        settings.optimizer = .adamW(weightDecay: 0.1)
        settings.gradientClip = 5
        let whole = try run(settings, architecture: Self.architecture())
        var state: TrainingState?
        for (threads, stop) in [(1, 20), (2, 48), (3, 70), (1, 110)] {
            let inbox = TrainingInbox()
            state =
                try run(settings, from: state, threads: threads, architecture: Self.architecture(), inbox: inbox) {
                    if case .measured(let measurement) = $0, measurement.step == stop {
                        inbox.post(.stop(saving: true))
                    }
                }.outcome.state
        }
        let pieces = try run(settings, from: state, architecture: Self.architecture())
        #expect(pieces.outcome.state == whole.outcome.state)
        #expect(pieces.epochs.last?.validation == whole.epochs.last?.validation)
    }

    @Test("Requests are served while it is computed; stopped there, the run goes on bit for bit")
    func servesMeanwhile() throws {
        let settings = Self.longEpochs()
        let whole = try run(settings, architecture: Self.architecture())
        let inbox = TrainingInbox()
        var snapshots: [Int: Int] = [:]
        inbox.post(.snapshot)
        let first = try run(settings, architecture: Self.architecture(), inbox: inbox) { event in
            guard case .snapshot(let snapshot) = event else { return }
            snapshots[snapshot.step, default: 0] += 1
            // Each answer asks again: once a step, but more often where the encoder is computed, in the second epoch first.
            inbox.post(snapshots[snapshot.step] == 3 ? .stop(saving: true) : .snapshot)
        }
        #expect(first.outcome.state.position == TrainingPosition(epoch: 2, step: 32))
        #expect(snapshots[80] == 3 && (0..<80).allSatisfy { snapshots[$0] == 1 })
        let rest = try run(settings, from: first.outcome.state, architecture: Self.architecture())
        #expect(rest.outcome.state == whole.outcome.state)
    }

    @Test("A larger β counts: the posterior comes closer to the prior")
    func beta() throws {
        func kl(_ beta: Double) throws -> Double {
            var settings = Self.settings()
            settings.beta = beta
            return try #require(run(settings, architecture: Self.architecture()).epochs.last).training.kl
        }
        #expect(try kl(8) < 0.6 * kl(1))
    }

    @Test("What it cannot be for is refused with a sentence")
    func refusals() throws {
        func sentence(_ settings: TrainingSettings, _ architecture: Architecture) -> String {
            let error = #expect(throws: TrainingError.self) { try run(settings, architecture: architecture) }
            return error.map { "\($0)" } ?? ""
        }
        #expect(try sentence(Self.settings(), .small()).contains("Flatten, Linear, Linear, Softmax, Linear"))
        #expect(try sentence(Self.settings(), Self.architecture(latents: 3)).contains("1 or 2 latents"))
        var averaged = Self.settings()
        averaged.averaging = 0.99
        #expect(try sentence(averaged, Self.architecture()).contains("--average does not go with --derive-encoder"))
        var free = Self.settings()
        free.freeBits = 0.5
        #expect(try sentence(free, Self.architecture()).contains("--free-bits does not go with --derive-encoder"))
        var never = Self.settings()
        never.derivingEncoderAfter = 0
        #expect(try sentence(never, Self.architecture()).contains("at least 1 epoch"))
    }
}
