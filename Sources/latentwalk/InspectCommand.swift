import ArgumentParser
import ModelFiles

/// `latentwalk inspect [MODEL]`: what a model is made of and where it comes from.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print a model's layers, shapes, parameters and origin.",
        discussion: "The exit code is 66 if the file cannot be read and 65 if it is no model."
    )

    @Argument(help: "A model's file; the shipped model if none is named.", completion: .file())
    var model: String?

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

    func run() throws {
        let path = try model ?? Installation.current().shippedModel
        let contents = try opening.contents(path)
        if let file = writeArchitecture {
            try ModelFile.writeArchitecture(of: contents, at: path, opening.request, to: file)
        }
        let report = ModelReport(path: path, contents)
        try StandardOutput.write(json ? report.json.indentedText + "\n" : report.text)
    }
}
