import Checkpoints
import Datasets
import Files
import Foundation
import ModelFiles
import Testing
import Training

@testable import Runs

@Suite("Folders of runs")
struct RunFolderTests {
    private let scratch = Scratch()

    private func killed(_ path: String, settings: TrainingSettings = Tiny.settings, atStep step: Int) throws {
        let run = try TinyRun(path, settings: settings, options: .init(interval: 0))
        #expect(throws: Killed.self) {
            try run.train { event in
                if case .measured(let measurement) = event, measurement.step == step { throw Killed() }
            }
        }
    }

    @Test("A folder that holds a run or a model is not begun in; one that is in use neither")
    func taken() throws {
        let path = scratch / "run"
        let folder = try RunFolder.begin(path, Tiny.configuration())
        #expect(throws: RunError.taken(folder: path)) { try RunFolder.begin(path, Tiny.configuration()) }
        let process = Int(ProcessInfo.processInfo.processIdentifier)
        #expect(throws: RunError.inUse(folder: path, process: process, host: FileLock.hostName)) {
            try RunFolder.open(path)
        }
        withExtendedLifetime(folder) {}
        let model = try scratch.folder("model")
        try Data().write(to: URL(fileURLWithPath: "\(model)/model.safetensors"))
        #expect(throws: RunError.taken(folder: model)) { try RunFolder.check(model) }
        #expect(throws: RunError.noRun(folder: scratch.path)) { try RunFolder.open(scratch.path) }
        let file = #expect(throws: RunError.self) {
            try RunFolder.begin("\(model)/model.safetensors/run", Tiny.configuration())
        }
        #expect(file?.description.contains("cannot write to the folder") == true)
    }

    @Test("The configuration is read as it was written, every setting of it")
    func configuration() throws {
        var settings = Tiny.settings
        settings.schedule = .cosine(warmup: 0.1)
        settings.optimizer = .adamW(weightDecay: 0.05)
        settings.gradientClip = 0.1 + 0.2
        settings.klWarmup = .cyclical(cycles: 3, rise: 0.3)
        settings.freeBits = 0.25
        settings.patience = 4
        settings.beta = 0.7
        settings.learningRate = 1.0 / 3
        // A setting that is new here has to be in SettingsJSON.swift, too, or runs would forget it.
        #expect(Swift.Mirror(reflecting: settings).children.count == 14)
        // A computed encoder excludes two others.
        var computed = settings
        (computed.averaging, computed.freeBits, computed.derivingEncoderAfter) = (nil, 0, 3)
        for (name, settings) in [("learned", settings), ("computed", computed)] {
            let configuration = try Tiny.configuration(settings)
            _ = try RunFolder.begin(scratch / name, configuration)
            #expect(try RunFolder.open(scratch / name).configuration == configuration)
        }
    }

    @Test("Data that changed since are refused: their number, and their bytes")
    func data() throws {
        let folder = try RunFolder.begin(scratch / "run", Tiny.configuration())
        try folder.check(.init(source: "elsewhere", limit: nil, Tiny.images()))
        let fewer = #expect(throws: RunError.self) {
            try folder.check(.init(source: "bars", limit: nil, Tiny.images(49)))
        }
        #expect(fewer?.description.contains("49 images where it had 50") == true)
        var pixels = (0..<50 * 64).map { _ in UInt8(0) }
        pixels[7] = 1
        let other = Dataset(name: "bars", split: .train, height: 8, width: 8, pixels: pixels)
        #expect(throws: RunError.dataChanged(folder: scratch / "run", what: "as many images, but other ones")) {
            try folder.check(.init(source: "bars", limit: nil, other))
        }
    }

    @Test("A run that is through is not gone on with, unless more epochs are named and make no other run of it")
    func finished() throws {
        try TinyRun(scratch / "run").train()
        #expect(throws: RunError.finished(folder: scratch / "run", epochs: 3, ranOutOfPatience: false)) {
            try TinyRun(scratch / "run", resumes: true)
        }
        do {
            let folder = try RunFolder.open(scratch / "run")
            let state = try folder.state()
            #expect(throws: RunError.self) { try folder.extend(to: 2, from: state) }
            try folder.extend(to: 5, from: state)
            try folder.checkUnfinished(state)
            try folder.rewind(to: state)
        }
        let more = try TinyRun(scratch / "run", resumes: true)
        try more.train()
        var settings = Tiny.settings
        settings.epochs = 5
        let whole = try TinyRun(scratch / "whole", settings: settings)
        try whole.train()
        #expect(try more.folder.state() == whole.folder.state())

        settings.schedule = .oneCycle
        try killed(scratch / "cycle", settings: settings, atStep: 3)
        let cycle = try RunFolder.open(scratch / "cycle")
        let error = #expect(throws: RunError.self) { try cycle.extend(to: 9, from: cycle.state()) }
        #expect(error?.description.contains("its schedule one-cycle is laid out over its 5 epochs") == true)
    }

    @Test("A run out of patience has ended")
    func patience() throws {
        let folder = try RunFolder.begin(scratch / "run", Tiny.configuration())
        var settings = Tiny.settings
        settings.patience = 1
        var state = try TinyRun(scratch / "other").train().state
        state.position = TrainingPosition(epoch: 2)
        try folder.checkUnfinished(state)
        state.epochsWithoutImprovement = 1
        let patient = try RunFolder.begin(scratch / "patient", Tiny.configuration(settings))
        #expect(throws: RunError.finished(folder: scratch / "patient", epochs: 3, ranOutOfPatience: true)) {
            try patient.checkUnfinished(state)
        }
    }

    @Test("What is damaged is named: the configuration's field, the state's file, a table of others")
    func damaged() throws {
        let path = scratch / "run"
        try killed(path, atStep: 8)
        func change(_ name: String, _ old: String, _ new: String, _ check: (RunError?) -> Void) throws {
            let url = URL(fileURLWithPath: "\(path)/\(name)")
            let before = try Data(contentsOf: url)
            let text = String(decoding: before, as: UTF8.self)
            #expect(text.contains(old))
            try Data(text.replacing(old, with: new).utf8).write(to: url)
            check(
                #expect(throws: RunError.self) {
                    let folder = try RunFolder.open(path)
                    try folder.rewind(to: folder.state())
                })
            try before.write(to: url)
        }
        try change("config.json", "\"batch-size\": 8", "\"batch-size\": \"many\"") { error in
            #expect(error?.description.contains("settings.batch-size must be a whole number, and is \"many\"") == true)
        }
        try change("config.json", "\"epochs\": 3", "\"epochs\": 0") { error in
            #expect(error?.description.contains("settings.epochs must be 1 to 1000000") == true)
        }
        try change("config.json", "\"latent\": 2", "\"latent\": 3") { error in
            #expect(error?.description.contains("architecture cannot be used") == true)
        }
        try change("metrics.csv", "train_kl", "kl") { error in
            #expect(error == .foreignMetrics(path: "\(path)/metrics.csv"))
        }
        let folder = try RunFolder.open(path)
        let state = try #require(try folder.state())
        try Checkpoint.write(ModelFile.read(folder.statePath), to: folder.statePath)
        let error = #expect(throws: RunError.self) { try folder.state() }
        #expect(error?.description.contains("no state of a training") == true)
        #expect(state.moments.updates > 0)
    }
}

@Suite("Kept models")
struct KeptCheckpointsTests {
    private let scratch = Scratch()

    @Test("The untrained model is the first; the others lie ever further apart, up to the end")
    func targets() {
        #expect(KeptCheckpoints.targets(count: 6, first: 1, last: 10_000) == [0, 1, 10, 100, 1000, 10_000])
        #expect(KeptCheckpoints.targets(count: 2, first: 9, last: 500) == [0, 500])
        #expect(KeptCheckpoints.targets(count: 100, first: 1, last: 5) == [0, 1, 2, 3, 4, 5])
        #expect(KeptCheckpoints.targets(count: 4, first: 50, last: 20) == [0, 20])
    }

    @Test("Where a longer run leaves too many, the one goes whose neighbors are nearest")
    func thinning() throws {
        let model = try Tiny.trainer().model(TinyRun(scratch / "run").train().state, dataset: "bars")
        var kept = KeptCheckpoints(folder: scratch / "kept", count: 4, first: 1, last: 100)
        for step in [0, 1, 10, 100] where kept.isDue(at: step) { try kept.keep(model, step: step) }
        #expect(try Folder.names(in: scratch / "kept").count == 4)
        #expect(!kept.isDue(at: 150))
        var longer = KeptCheckpoints(folder: scratch / "kept", count: 4, first: 1, last: 10_000)
        #expect(!longer.isDue(at: 101) && longer.isDue(at: 10_000))
        try longer.keep(model, step: 10_000)
        #expect(
            try Folder.names(in: scratch / "kept") == [
                "step-00000000.safetensors", "step-00000010.safetensors", "step-00000100.safetensors",
                "step-00010000.safetensors",
            ])
        try KeptCheckpoints.drop(after: 10, in: scratch / "kept")
        #expect(try Folder.names(in: scratch / "kept").count == 2)
    }
}
