import ArgumentParser
import Checkpoints
import Files
import ModelFiles
import ONNXModels
import VAE

/// `latentwalk convert MODEL OUT`: any model as a native checkpoint, or one of its networks as an ONNX file.
struct ConvertCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk convert mnist-2d decoder.onnx"),
        Example("latentwalk convert mnist-8d encoder.onnx --part encoder"),
        Example("latentwalk convert fashion-2d copy.safetensors"),
    ]

    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a model of any format as a native checkpoint, or as ONNX.",
        discussion: help(
            """
            The file's suffix decides: .safetensors holds the whole model, with where it comes from; .onnx holds the \
            decoder, or with --part encoder the encoder, for ONNX Runtime and others. Both compute what the model \
            computes. What was guessed about the model is said, and kept in the file.
            """)
    )

    @Argument(help: "A model's file.", completion: .file())
    var model: String

    @Argument(help: "The file to write: .safetensors or .onnx.", completion: .file())
    var output: String

    @Option(help: "Which network an .onnx file holds: decoder or encoder. (default: decoder)")
    var part: ONNXExport.Part?

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    /// What the suffix says.
    private enum Target { case native, onnx }

    private var target: Target? {
        let name = output.lowercased()
        return name.hasSuffix(NativeModel.suffix) ? .native : name.hasSuffix(".onnx") ? .onnx : nil
    }

    func validate() throws {
        guard let target else {
            throw ValidationError(
                "\(output.printable): the name must end in .safetensors or .onnx, which decides about the format.")
        }
        guard part == nil || target == .onnx else {
            throw ValidationError("--part is for .onnx files: a native checkpoint holds the whole model.")
        }
        guard opening.label == nil, opening.condition == nil else {
            throw ValidationError(
                "a converted model can still be asked for any class and condition: leave out --class and --condition.")
        }
    }

    func run() throws {
        // A folder that cannot be written to is refused before any work.
        try AtomicFile.check(output)
        let contents = try opening.contents(Installation.model(model))
        let part = part ?? .decoder
        let guessed = contents.findings.guesses(about: target != .onnx ? nil : part == .decoder ? .decoder : .encoder)
        if let guessed {
            StandardError.write(
                "latentwalk: \(model.printable): converted with guesses, since the file does not say: \(guessed.printable); "
                    + "options say it\n")
        }
        let model = try opening.prepared(contents.model)
        switch target {
        case .onnx: try ONNXExport(model, part, guessed: guessed).write(to: output)
        case .native, nil:
            do {
                try model.architecture.checkWritable()
            } catch {
                throw ConversionError.notWritable(self.model, "\(error)")
            }
            try Checkpoint.write(model, origin: contents.origin, to: output)
        }
    }
}

extension ONNXExport.Part: ExpressibleByArgument {}

/// Why a model is not converted. Prints one sentence.
enum ConversionError: CommandError {
    case notWritable(String, String)

    var exit: SystemExit { .dataError }

    var description: String {
        switch self {
        case .notWritable(let path, let reason):
            "\(path.printable): the native format cannot say what this model is: \(reason); it opens as it is"
        }
    }
}

extension ONNXExportProblem: CommandError {
    var exit: SystemExit { self == .noEncoder ? .usage : .dataError }
}
