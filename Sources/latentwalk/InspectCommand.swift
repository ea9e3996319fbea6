import ArgumentParser
import Checkpoints
import Files
import ModelFiles
import Neural

/// `latentwalk inspect [MODEL] [OTHER]`: what a model is made of and where it comes from, or how two models differ.
struct InspectCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk inspect"),
        Example("latentwalk inspect mnist-2d mnist-8d"),
        Example("latentwalk inspect fashion-2d --json"),
    ]

    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print a model's layers, shapes, parameters and origin; of two models, how they differ.",
        discussion: help(
            """
            Of two models it compares what they are, their layers, their tensors, number by number, and what they decode \
            and encode. The exit code is 0 whether they differ or not (--json says "same"), 66 if a file cannot be read and \
            65 if it is no model.
            """)
    )

    @Argument(help: "A model's file; the shipped model if none is named.", completion: .file())
    var model: String?

    @Argument(help: "Another model's file, to compare it with.", completion: .file())
    var other: String?

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write what was found out into a file, to be corrected and given back with --architecture.",
            valueName: "file.json"),
        completion: .file(extensions: ["json"]))
    var writeArchitecture: String?

    func validate() throws {
        if other != nil, writeArchitecture != nil {
            throw ValidationError("--write-architecture is for one model: leave the other one out.")
        }
    }

    func run() throws {
        if let model, let other {
            return try compare(Installation.model(model), Installation.model(other))
        }
        let path = try Installation.model(model)
        let contents = try opening.contents(path)
        if let file = writeArchitecture {
            try ModelFile.writeArchitecture(of: contents, at: path, opening.request, to: file)
        }
        let report = ModelReport(path: path, contents, health: ModelHealth.sentence(contents.model))
        try StandardOutput.write(json ? report.json.indentedText + "\n" : report.text)
    }

    private func compare(_ first: String, _ second: String) throws {
        let (one, other) = (try side(first, isWhole: false), try side(second, isWhole: true))
        let comparison = ModelComparison(one, other, pool: WorkerPool(threads: 1))
        try StandardOutput.write(json ? comparison.json.indentedText + "\n" : comparison.text)
    }

    /// What the options say is meant for files that leave something open; another half's file belongs to the first model.
    private func side(_ path: String, isWhole: Bool) throws -> ModelComparison.Side {
        let contents =
            ModelFile.saysAll(path) ? try ModelFile.contents(of: path) : try opening.contents(path, isWhole: isWhole)
        if let guessed = contents.guessed {
            StandardError.write("latentwalk: \(path.printable): guessed: \(guessed.printable)\n")
        }
        return ModelComparison.Side(
            path: path, format: contents.format ?? "native", model: try opening.prepared(contents.model))
    }
}
