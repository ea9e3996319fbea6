import Datasets
import Neural
import Testing
import Training
import VAE

/// Squares of different places and sizes: enough to learn something from.
func squares(_ count: Int, side: Int = 12) -> Dataset {
    let pixels = (0..<count).flatMap { image -> [UInt8] in
        let (x, y, size) = (image * 7 % (side - 4), image * 5 % (side - 3), 3 + image % (side / 3))
        return (0..<side * side).map { pixel in
            let (column, row) = (pixel % side, pixel / side)
            return (x..<x + size).contains(column) && (y..<y + size).contains(row) ? 255 : 0
        }
    }
    return Dataset(name: "squares", split: .train, height: side, width: side, pixels: pixels)
}

extension Architecture {
    /// A small network with every kind of stage that a step goes through, batch normalization too.
    static func small(latents: Int = 2, side: Int = 12) throws -> Architecture {
        let half = side / 2
        return try Architecture(
            input: Shape([1, side, side]), latentSize: latents, likelihood: .bernoulli,
            encoder: [
                .convolution(Convolution(inputs: 1, outputs: 8, kernel: Extent(3), padding: Extent(1))),
                .batchNormalization(BatchNormalization(channels: 8)), .activation(.relu),
                .maxPooling(Pooling(kernel: Extent(2))), .flatten,
                .linear(inputs: 8 * half * half, outputs: 24, bias: true), .activation(.silu),
                .linear(inputs: 24, outputs: 2 * latents, bias: true),
            ],
            decoder: [
                .linear(inputs: latents, outputs: 24, bias: true), .activation(.silu),
                .linear(inputs: 24, outputs: 4 * half * half, bias: true), .activation(.silu),
                .unflatten(Shape([4, half, half])), .upsampling(Extent(2)),
                .convolution(Convolution(inputs: 4, outputs: 1, kernel: Extent(3), padding: Extent(1))),
                .activation(.sigmoid),
            ])
    }
}

/// What a run told.
struct Told {
    var outcome: TrainingOutcome
    var epochs: [EpochReport] = []
    var measurements: [TrainingMeasurement] = []
    var checkpoints: [(state: TrainingState, reason: CheckpointReason)] = []
    var snapshots: [TrainingSnapshot] = []
    var rates: [RateChange] = []
    var order: [String] = []
}

/// A run whose every event is kept.
///
/// - Parameter hear: sees each event too, and may post.
func run(
    _ settings: TrainingSettings, images: Dataset? = nil, from state: TrainingState? = nil, threads: Int = 1,
    architecture: Architecture? = nil, inbox: TrainingInbox = TrainingInbox(),
    hear: (TrainingEvent) -> Void = { _ in }
) throws -> Told {
    let trainer = Trainer(
        recipe: "small", architecture: try architecture ?? .small(), settings: settings,
        pool: WorkerPool(threads: threads), now: { 0 })
    var epochs: [EpochReport] = []
    var measurements: [TrainingMeasurement] = []
    var checkpoints: [(state: TrainingState, reason: CheckpointReason)] = []
    var snapshots: [TrainingSnapshot] = []
    var rates: [RateChange] = []
    var order: [String] = []
    let outcome = try trainer.train(on: images ?? squares(56), from: state, inbox: inbox) { event in
        order.append(String("\(event)".prefix { $0 != "(" }))
        switch event {
        case .finishedEpoch(let report): epochs.append(report)
        case .measured(let measurement): measurements.append(measurement)
        case .checkpoint(let state, let reason): checkpoints.append((state, reason))
        case .snapshot(let snapshot): snapshots.append(snapshot)
        case .rateChanged(let change): rates.append(change)
        case .started, .progressed, .paused, .proceeded, .failed, .finished: break
        }
        hear(event)
    }
    return Told(
        outcome: outcome, epochs: epochs, measurements: measurements, checkpoints: checkpoints, snapshots: snapshots,
        rates: rates, order: order)
}

extension TrainingSettings {
    /// 48 images in batches of 10, 8 held back: five steps an epoch, the last of 8 images.
    static func short(epochs: Int = 3) -> TrainingSettings {
        TrainingSettings(epochs: epochs, batchSize: 10, learningRate: 5e-3, validationCount: 8, seed: 1)
    }

    /// Everything at once that a state has to carry.
    static func everything(epochs: Int = 3) -> TrainingSettings {
        var settings = short(epochs: epochs)
        settings.schedule = .cosine(warmup: 0.2)
        settings.optimizer = .adamW(weightDecay: 0.05)
        settings.gradientClip = 20
        settings.averaging = 0.9
        settings.klWarmup = .linear(epochs: 1.5)
        settings.freeBits = 0.05
        settings.beta = 0.8
        return settings
    }
}
