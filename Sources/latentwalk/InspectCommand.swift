import ArgumentParser

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

    func run() throws {
        let report = try ModelReport(path: try model ?? Installation.current().shippedModel, opening)
        try StandardOutput.write(json ? report.json.indentedText + "\n" : report.text)
    }
}
