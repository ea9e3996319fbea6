import Datasets
import Foundation
import Neural
import Runs
import Testing
import Training
import VAE

/// Small pictures of bars, and a network that learns them in no time.
enum Tiny {
    static func images(_ count: Int = 50) -> Dataset {
        let pixels = (0..<count).flatMap { image -> [UInt8] in
            let gray = UInt8(image * 37 % 100)
            return (0..<64).map { $0 % 8 == image % 8 ? 255 : gray }
        }
        return Dataset(name: "bars", split: .train, height: 8, width: 8, pixels: pixels)
    }

    static func architecture() throws -> Architecture {
        try Architecture(
            input: Shape([1, 8, 8]), latentSize: 2, likelihood: .bernoulli,
            encoder: [.flatten, .linear(inputs: 64, outputs: 4, bias: true)],
            decoder: [
                .linear(inputs: 2, outputs: 64, bias: true), .unflatten(Shape([1, 8, 8])), .activation(.sigmoid),
            ])
    }

    static let settings = TrainingSettings(
        epochs: 3, batchSize: 8, averaging: 0.9, validationCount: 10, seed: UInt64.max)

    static func configuration(_ settings: TrainingSettings = settings) throws -> RunConfiguration {
        RunConfiguration(
            program: "latentwalk test", recipe: "tiny", settings: settings, architecture: try architecture(),
            data: RunConfiguration.Data(source: "bars", limit: nil, images()))
    }

    static func trainer(_ settings: TrainingSettings = settings) throws -> Trainer {
        Trainer(
            recipe: "tiny", architecture: try architecture(), settings: settings, pool: WorkerPool(threads: 1),
            now: { 0 })
    }
}

/// A run in a folder, with a clock that a test turns.
final class TinyRun {
    let folder: RunFolder
    let inbox = TrainingInbox()
    let recorder: RunRecorder
    private let trainer: Trainer
    private let state: TrainingState?
    private final class Time { var seconds = 0.0 }
    private let time: Time
    private final class Warnings { var list: [String] = [] }
    private let heard = Warnings()

    var warnings: [String] { heard.list }
    var seconds: Double {
        get { time.seconds }
        set { time.seconds = newValue }
    }

    /// - Parameter resumes: whether the folder holds a run that goes on.
    init(
        _ path: String, settings: TrainingSettings = Tiny.settings, options: RunRecorder.Options = .init(),
        resumes: Bool = false
    ) throws {
        if resumes {
            folder = try RunFolder.open(path)
            state = try folder.state()
            try folder.checkUnfinished(state)
            try folder.rewind(to: state)
        } else {
            folder = try RunFolder.begin(path, Tiny.configuration(settings))
            state = nil
        }
        trainer = try Tiny.trainer(folder.configuration.settings)
        let time = Time()
        self.time = time
        recorder = try RunRecorder(
            folder, trainer: trainer, state: state, inbox: inbox, options: options,
            clock: .init(seconds: { time.seconds }, wallTime: { 1e9 + time.seconds }),
            warn: { [heard] in heard.list.append($0) })
    }

    /// - Parameter hear: sees each event before the recorder, and may end the run by an error.
    @discardableResult
    func train(hear: (TrainingEvent) throws -> Void = { _ in }) throws -> TrainingOutcome {
        try trainer.train(on: Tiny.images(), from: state, inbox: inbox) { event in
            try hear(event)
            recorder.hear(event)
        }
    }
}

/// As if the process had ended here.
struct Killed: Error {}
