import ArgumentParser
import Checkpoints
import Foundation
import ModelFiles
import Neural
import Runs
import Testing
import Training

@testable import latentwalk

/// A folder that goes when the test ends.
final class Scratch {
    let path = NSTemporaryDirectory() + "latentwalk-train-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// IDX files of bars, 28×28.
    func makeImages(_ count: Int) throws -> String {
        func bigEndian(_ value: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(value >> (8 * $0) & 255) } }
        let pixels = (0..<count * 784).map { UInt8($0 % 28 / 4 == $0 / 784 % 7 ? 255 : 0) }
        let bytes = [0, 0, 8, 3] + bigEndian(count) + bigEndian(28) + bigEndian(28) + pixels
        for name in ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"] {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        }
        return path
    }
}

@Suite("train and its relatives")
struct TrainCommandTests {
    @Test("A run leaves a model that opens, and knows what it was trained on and how well it does")
    func run() throws {
        let scratch = try Scratch()
        let data = try scratch.makeImages(30)
        let out = "\(scratch.path)/run"
        let command = try TrainCommand.parse([
            "--data", data, "--out", out, "--epochs", "1", "--batch-size", "10", "--validation", "10", "--quiet",
        ])
        try command.run()
        let model = try ModelFile.read("\(out)/model.safetensors")
        #expect(model.provenance.settings["epochs"] == "1")
        #expect(model.provenance.evaluation?.images == 30)
        // Nothing is overwritten, and nothing half-written is left.
        #expect(throws: RunError.taken(folder: out)) { try command.run() }
        let names = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
        #expect(
            names.filter { !$0.contains("tfevents") } == [
                "config.json", "last.safetensors", "log.jsonl", "metrics.csv", "model.safetensors",
            ])
        #expect(names.count == 6)
        #expect(ExploreCommand.name(of: "\(out)/model.safetensors") == "run")
        #expect(ExploreCommand.name(of: "\(out)/last.safetensors") == "run (last)")
        #expect(ExploreCommand.name(of: "somewhere/digits.safetensors") == "digits")
        #expect(ExploreCommand.name(of: "/model.safetensors") == "model")
    }

    @Test("Folders above the run's are made; one that cannot be made is refused before the training")
    func folders() throws {
        let scratch = try Scratch()
        let data = try scratch.makeImages(30)
        let options = ["--data", data, "--epochs", "1", "--validation", "10", "--quiet"]
        try TrainCommand.parse(options + ["--out", "\(scratch.path)/some/where"]).run()
        #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/some/where/model.safetensors"))
        let file = try TrainCommand.parse(options + ["--out", "\(data)/train-images-idx3-ubyte"])
        let error = #expect(throws: RunError.self) { try file.run() }
        #expect(error?.exit == .cannotCreate)
    }

    @Test("A recipe that was printed is taken as a file")
    func recipeFile() throws {
        let scratch = try Scratch()
        let data = try scratch.makeImages(30)
        let printed = try TrainCommand.parse(["--recipe", "pytorch-example", "--latent-size", "3", "--print-recipe"])
        let recipe = try printed.options.chosenRecipe()
        let text = RecipeFile.document(
            of: recipe, settings: try printed.options.settings(of: recipe, images: nil),
            architecture: try printed.options.architecture(of: recipe))
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/mine.json"))
        let out = "\(scratch.path)/run"
        let options = ["--recipe", "\(scratch.path)/mine.json", "--data", data, "--epochs", "1", "--validation", "2"]
        try TrainCommand.parse(options + ["--out", out, "--quiet"]).run()
        #expect(try ModelFile.read("\(out)/model.safetensors").architecture.latentSize == 3)
        let other = try TrainCommand.parse(options + ["--latent-size", "4", "--out", "\(out)-2", "--quiet"])
        #expect(throws: ArchitectureError.self) { try other.run() }
    }

    @Test("Options that would make another run of it are refused by name when a run goes on")
    func refusedOptions() throws {
        let scratch = try Scratch()
        let data = try scratch.makeImages(30)
        let out = "\(scratch.path)/run"
        let options = ["--epochs", "1", "--validation", "10", "--schedule", "constant", "--quiet"]
        try TrainCommand.parse(options + ["--data", data, "--out", out]).run()
        for given in [["--batch-size", "3"], ["--seed", "1"], ["--recipe", "default"], ["--limit", "9"]] {
            let error = #expect(throws: RunError.self) {
                try TrainCommand.parse(["--resume", out, "--quiet"] + given).run()
            }
            #expect(error?.description.hasPrefix("\(given[0]) cannot change the run") == true)
        }
        #expect(throws: RunError.finished(folder: out, epochs: 1, ranOutOfPatience: false)) {
            try TrainCommand.parse(["--resume", out, "--quiet"]).run()
        }
        // Beside epochs: what does not change the run.
        try TrainCommand.parse(
            [
                "--resume", out, "--epochs", "2", "--quiet", "--threads", "1", "--keep", "3", "--checkpoint-interval",
                "9",
            ]
        ).run()
        #expect(try ModelFile.read("\(out)/model.safetensors").provenance.settings["epochs"] == "2")
        #expect(throws: (any Error).self) { try TrainCommand.parse(["--resume", out, "--out", out]) }
    }

    @Test("An unknown recipe is refused with the names there are")
    func badRecipe() throws {
        #expect(message(["--recipe", "none"]).contains("default, learned-encoder, keras-example"))
    }

    @Test(
        "Settings that cannot be are refused in one sentence before anything is made",
        arguments: [
            (["--epochs", "0"], "--epochs must be 1 to 1000000."),
            (["--epochs", "-1"], "--epochs must be 1 to 1000000."),
            (["--batch-size", "-1"], "--batch-size must be"),
            (["--learning-rate", "-1"], "--learning-rate must be above 0 and below 1."),
            (["--schedule", "cosine", "--warmup", "-1"], "--warmup must be a share of the run"),
            (["--optimizer", "adamw", "--weight-decay", "-1"], "--weight-decay must be"),
            (["--gradient-clip", "-1"], "--gradient-clip must be above 0."),
            (["--average", "-1"], "--average must be above 0"),
            (["--patience", "-1"], "--patience must be"),
            (["--derive-encoder", "-1"], "--derive-encoder must be"),
            (["--latent-size", "-1"], "--latent-size must be 1 to 32."),
            (["--latent-size", "33"], "--latent-size must be 1 to 32."),
            (["--beta", "-1"], "--beta must be"),
            (["--free-bits", "-1"], "--free-bits must be 0 to 1000000 nats a latent."),
            (["--validation", "-1"], "--validation must be"),
            (["--seed", "-1"], "The value '-1' is invalid for '--seed <seed>'"),
            (["--limit", "-1"], "--limit must be 1 or more."),
            (["--threads", "-1"], "--threads must lie between"),
            (["--checkpoint-interval", "-1"], "--checkpoint-interval must be 0 seconds or more."),
            (["--keep", "-1"], "--keep must be 2 to 10000."),
            (["--cell-ratio", "-1"], "--cell-ratio must lie between"),
            (["--json", "--quiet"], "--json prints and --quiet does not: choose one."),
            (["--resume", "run", "--list-recipes"], "--list-recipes has nothing to do with a run"),
            (["--resume", "run", "--print-recipe"], "--print-recipe has nothing to do with a run"),
            (["--learning-rate", "2"], "--learning-rate must be above 0 and below 1."),
            (["--schedule", "step"], "There is no schedule step: choose constant, cosine, one-cycle."),
            (["--warmup", "0.1"], "--warmup belongs to --schedule cosine; one-cycle has none to set."),
            (["--schedule", "cosine", "--warmup", "1"], "--warmup must be a share of the run: from 0, and below 1."),
            (["--weight-decay", "0.1"], "--weight-decay belongs to --optimizer adamw."),
            (["--optimizer", "sgd"], "There is no optimizer sgd: choose adam or adamw."),
            (["--gradient-clip=-1"], "--gradient-clip must be above 0."),
            (["--average", "1"], "--average must be above 0 and below 1, 0.999 for example."),
            (["--kl-warmup", "cyclic"], "--kl-warmup cyclic is none"),
            (["--free-bits=-1"], "--free-bits must be 0 to 1000000 nats a latent."),
            (
                ["--patience", "2", "--validation", "0"],
                "--patience needs images held back: give --validation a number above 0."
            ),
        ])
    func badSettings(arguments: [String], expected: String) {
        #expect(message(arguments).contains(expected), "\(message(arguments))")
    }

    @Test("Numbers of the other commands may begin with a minus too, and meet the sentence that says what they may be")
    func minus() {
        func message<Command: ParsableCommand>(_ command: Command.Type, _ arguments: [String]) -> String {
            do {
                _ = try Command.parse(arguments)
                return ""
            } catch {
                return Command.message(for: error)
            }
        }
        #expect(message(EvaluateCommand.self, ["--samples", "-1"]) == "--samples must be 1 to 10000.")
        #expect(message(EvaluateCommand.self, ["--importance-samples", "-1"]).contains("--importance-samples must be"))
        #expect(message(DecodeCommand.self, ["--z", "0,0", "--width", "-1"]).contains("--width must lie between"))
    }

    @Test("A run learns from the part of the data that --split names, goes on with it, and evaluates on no image of it")
    func split() throws {
        let scratch = try Scratch()
        let data = try scratch.makeImages(20)
        let test = try Data(contentsOf: URL(fileURLWithPath: "\(data)/t10k-images-idx3-ubyte"))
        _ = try scratch.makeImages(30)
        try test.write(to: URL(fileURLWithPath: "\(data)/t10k-images-idx3-ubyte"))
        let out = "\(scratch.path)/run"
        let options = ["--epochs", "1", "--validation", "5", "--schedule", "constant", "--quiet"]
        try TrainCommand.parse(options + ["--data", data, "--split", "test", "--out", out]).run()
        let configuration = try RunFolder.open(out).configuration
        #expect(configuration.data.images == 20 && configuration.data.split == .test)
        #expect(try ModelFile.read("\(out)/model.safetensors").provenance.evaluation == nil)
        let error = #expect(throws: RunError.self) {
            try TrainCommand.parse(["--resume", out, "--split", "train", "--quiet"]).run()
        }
        #expect(error?.description.hasPrefix("--split cannot change the run") == true)
        try TrainCommand.parse(["--resume", out, "--epochs", "2", "--quiet"]).run()
        #expect(try ModelFile.read("\(out)/model.safetensors").provenance.settings["epochs"] == "2")
        try TrainCommand.parse(options + ["--data", data, "--out", "\(out)-2"]).run()
        #expect(try RunFolder.open("\(out)-2").configuration.data.images == 30)
    }

    @Test("Where the end could not be saved, the sentence says which model is there")
    func notSaved() {
        let error = RunError.file(.cannotWrite(path: "run/last.safetensors", reason: "no space"))
        func sentence(isBest: Bool) -> String {
            "\(TrainingFailure.notSaved(error, model: .init(path: "run/model.safetensors", isBest: isBest)))"
        }
        #expect(sentence(isBest: true).hasSuffix("; run/model.safetensors, the best model, is there and whole"))
        #expect(sentence(isBest: false).hasSuffix("the best model of an earlier epoch, is there and whole"))
    }

    private func message(_ arguments: [String]) -> String {
        do {
            _ = try TrainCommand.parse(arguments)
            return ""
        } catch {
            return TrainCommand.message(for: error)
        }
    }

    @Test("Options take the place of the recipe's settings, 0 switches off, and few images hold few back")
    func settings() throws {
        let options = try TrainOptions.parse([
            "--recipe", "reference", "--epochs", "3", "--schedule", "cosine", "--warmup", "0.1", "--optimizer",
            "adamw", "--average", "0", "--gradient-clip", "5", "--kl-warmup", "cyclical:2:0.25", "--seed", "9",
        ])
        let settings = try options.settings(of: options.chosenRecipe(), images: 120)
        #expect(settings.epochs == 3 && settings.batchSize == 128 && settings.seed == 9)
        #expect(settings.schedule == .cosine(warmup: 0.1) && settings.optimizer == .adamW(weightDecay: 0.01))
        #expect(settings.averaging == nil && settings.gradientClip == 5 && settings.validationCount == 10)
        #expect(settings.klWarmup == .cyclical(cycles: 2, rise: 0.25))
    }

    @Test("What the data refuse leaves no folder behind")
    func refusedByData() throws {
        let scratch = try Scratch()
        let data = try scratch.makeImages(4)
        let out = "\(scratch.path)/run"
        let command = try TrainCommand.parse(["--data", data, "--out", out, "--validation", "4", "--quiet"])
        #expect(throws: TrainingError.tooFewImages(4, validation: 4)) { try command.run() }
        #expect(!FileManager.default.fileExists(atPath: out))
    }

    @Test("Numbers have their decimals, a true minus, and no minus at zero")
    func decimals() {
        #expect(fixed(137.694, 2) == "137.69")
        #expect(fixed(-0.5, 1) == "−0.5")
        #expect(fixed(-0.001, 2) == "0.00")
        #expect(fixed(7, 0) == "7")
        #expect(fixed(9.999, 2) == "10.00")
        #expect(fixed(.nan, 2) == "nan")
    }
}

@Suite("Plain output")
struct PlainOutputTests {
    private let utf8 = ["LANG": "C.UTF-8", "TERM": "xterm-256color"]

    @Test("Colors go to a terminal, or where they are asked for; glyphs follow the locale")
    func profiles() {
        let automatic = PlainOutput.profile(.init(), environment: utf8, isTerminal: true)
        #expect(automatic.depth == .palette256 && automatic.glyphs >= .blocks)
        #expect(PlainOutput.profile(.init(), environment: utf8, isTerminal: false).depth == .none)
        let asked = PlainOutput.profile(.init(color: .direct), environment: utf8, isTerminal: false)
        #expect(asked.depth == .direct)
        let dumb = PlainOutput.profile(.init(), environment: ["TERM": "dumb", "LANG": "C.UTF-8"], isTerminal: true)
        #expect(dumb.depth == .none)
        let quiet = utf8.merging(["NO_COLOR": "1"]) { $1 }
        #expect(PlainOutput.profile(.init(), environment: quiet, isTerminal: true).depth == .none)
        let plain = PlainOutput.profile(.init(), environment: utf8.merging(["LC_ALL": "C"]) { $1 }, isTerminal: true)
        #expect(plain.glyphs == .ascii)
        // The first variable that is set decides.
        let mixed = ["LC_ALL": "", "LC_CTYPE": "en_US.utf8", "LANG": "C"]
        #expect(PlainOutput.profile(.init(), environment: mixed, isTerminal: false).glyphs > .ascii)
    }
}
