import Importing
import Neural
import VAE

/// Reads models in ONNX's format: decoders, encoders, and whole autoencoders, which are cut where their latents are.
public enum ONNXModel {
    /// Reads a decoder, or a whole autoencoder.
    ///
    /// - Throws: ``ImportProblem`` for a file that is damaged, is an encoder alone, or needs an operator that is not
    ///   supported, which is named with its node.
    public static func read(_ path: String, options: ImportOptions = ImportOptions()) throws(ImportProblem)
        -> ImportedModel
    {
        try model(try GraphReading(path, options: options), encoder: nil, options)
    }

    /// Reads a model whose halves are two files.
    public static func read(
        decoder: String, encoder: String, options: ImportOptions = ImportOptions()
    ) throws(ImportProblem) -> ImportedModel {
        let decoder = try GraphReading(decoder, options: options, wanted: .decoder)
        var others = options
        // The names of inputs and outputs are the decoder's.
        (others.latentName, others.labelName, others.imageName) = (nil, options.labelName, nil)
        return try model(decoder, encoder: try GraphReading(encoder, options: others, wanted: .encoder), options)
    }

    private static func model(
        _ reading: GraphReading, encoder: GraphReading?, _ options: ImportOptions
    ) throws(ImportProblem) -> ImportedModel {
        try checkNames(options, in: [reading.graph] + [encoder?.graph].compactMap(\.self))
        switch reading.kind {
        case .decoder: return try ModelAssembly(decoder: reading, encoder: encoder, options).model()
        case .whole: return try WholeAssembly(reading, options).model()
        case .encoder:
            throw ImportProblem(
                .unsupported, "the file takes a picture and gives none: it is an encoder, or a classifier",
                advice: "--decoder FILE names the decoder that belongs to it")
        }
    }

    /// Refuses names that no input or output has.
    private static func checkNames(
        _ options: ImportOptions, in graphs: [TranslatedGraph]
    ) throws(ImportProblem) {
        let inputs = graphs.flatMap { $0.inputs.map(\.port.name) }
        let outputs = graphs.flatMap { $0.outputs.map(\.port.name) }
        if let name = options.labelName, !inputs.contains(name) {
            throw ImportProblem(
                .options, "there is no input \(name) in the file",
                advice: "its inputs are \(inputs.joined(separator: ", "))")
        }
        if let name = options.imageName, !(inputs + outputs).contains(name) {
            throw ImportProblem(
                .options, "there is no input or output \(name) in the file",
                advice: "they are \((inputs + outputs).joined(separator: ", "))")
        }
    }

    /// What the file is, with who made it.
    static func format(_ file: GraphFile) -> String {
        let producer = String(
            file.message.producer.unicodeScalars.filter { $0.value >= 32 && $0.value < 127 }.map(Character.init).prefix(
                40))
        return "ONNX, operators of version \(file.version)" + (producer.isEmpty ? "" : ", by \(producer)")
    }
}
