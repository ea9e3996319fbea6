import HDF5Files
import Importing
import JSON
import Neural
import VAE

/// Opens models that Keras wrote: `.h5`, `.keras` and TensorFlow.js layers models.
public enum KerasModel {
    /// Whether a zip archive is one of Keras's, by the names of its entries.
    public static func recognizes(entries: some Sequence<String>) -> Bool {
        let names = Set(entries)
        // Without its weights, too, so that it is said what is missing.
        return names.contains("config.json")
            && (names.count == 1
                || ["model.weights.h5", "model.weights.npz", "metadata.json"].contains(where: names.contains))
    }

    /// Whether a document is a TensorFlow.js model: a description and a list of shards.
    public static func recognizes(model json: JSONValue) -> Bool {
        json.object?["modelTopology"] != nil && json.object?["weightsManifest"] != nil
    }

    /// Whether a document is what Keras's `to_json` gives, which belongs beside a file of weights.
    public static func recognizes(architecture json: JSONValue) -> Bool {
        json.object?["class_name"]?.string != nil && json.object?["config"] != nil
    }

    /// Reads a model from a file, told by its first bytes, not by its name.
    ///
    /// - Parameter executable: a program that calls `HDF5Child.run` first; the running one where it is left out.
    public static func read(
        _ path: String, options: ImportOptions = ImportOptions(), executable: String = HDF5File.runningProgram()
    ) throws(ImportProblem) -> ImportedModel {
        try reading(path, options: options, executable: executable).model
    }

    /// The same, with what can be tried where the file holds weights alone.
    public static func reading(
        _ path: String, options: ImportOptions = ImportOptions(), executable: String = HDF5File.runningProgram()
    ) throws(ImportProblem) -> KerasReading {
        let source = try KerasFile.source(path, options, executable: executable)
        return KerasReading(model: try model(source, options), deduction: source.deduction, options: options)
    }

    /// Reads a model whose file holds weights alone.
    ///
    /// - Parameters:
    ///   - config: what `to_json` gave.
    ///   - weights: the path of the weights.
    public static func read(
        config: JSONValue, weights: String, options: ImportOptions = ImportOptions(),
        executable: String = HDF5File.runningProgram()
    ) throws(ImportProblem) -> ImportedModel {
        try model(KerasFile.source(config: config, weights: weights, executable: executable), options)
    }

    /// Whether a file holds weights alone, without a description of their layers.
    public static func holdsWeightsAlone(
        _ path: String, executable: String = HDF5File.runningProgram()
    ) -> Bool {
        KerasFile.holdsWeightsAlone(path, executable: executable)
    }

    /// All variables under their names in the file, in the order of the names.
    public static func tensors(
        in path: String, executable: String = HDF5File.runningProgram()
    ) throws(ImportProblem) -> [(name: String, tensor: Tensor)] {
        try KerasFile.tensors(path, executable: executable).sorted { $0.key < $1.key }.map {
            ($0.key, Tensor(extents: $0.value.shape, values: $0.value.values))
        }
    }

    /// Reads the decoder alone.
    public static func decoder(
        _ path: String, options: ImportOptions = ImportOptions(), executable: String = HDF5File.runningProgram()
    ) throws(ImportProblem) -> KerasHalf {
        let planner = try KerasPlanner(KerasFile.source(path, options, executable: executable), options)
        return try planner.decoderHalf(try planner.decoder())
    }

    /// Reads the encoder that belongs to a decoder.
    public static func encoder(
        _ path: String, for decoder: KerasHalf, options: ImportOptions = ImportOptions(),
        executable: String = HDF5File.runningProgram()
    ) throws(ImportProblem) -> KerasHalf {
        try encoder(
            path, image: decoder.part.network.outputShapes[0], latents: decoder.part.network.inputs[0],
            options: options, executable: executable)
    }

    /// Reads the encoder that belongs to a decoder of these shapes, wherever that comes from.
    public static func encoder(
        _ path: String, image: Shape, latents: Shape, options: ImportOptions = ImportOptions(),
        executable: String = HDF5File.runningProgram()
    ) throws(ImportProblem) -> KerasHalf {
        let planner = try KerasPlanner(KerasFile.source(path, options, executable: executable), options)
        guard let plan = try planner.encoder(latents: latents.count, image: image.count) else {
            throw ImportProblem(
                .badFile, "it holds no encoder: nothing in it makes \(latents.count) latents of an image of \(image)")
        }
        return try planner.encoderHalf(plan, image: image, latents: latents)
    }

    /// Makes a model of two halves.
    public static func join(decoder: KerasHalf, encoder: KerasHalf?) throws(ImportProblem) -> ImportedModel {
        let model: Model
        do {
            let architecture = try Architecture(
                encoder: encoder?.part, secondHead: encoder?.secondHead ?? .logVariance, decoder: decoder.part,
                pixelRange: decoder.pixelRange, likelihood: nil)
            model = try Model(
                architecture: architecture, tensors: decoder.tensors.merging(encoder?.tensors ?? [:]) { a, _ in a })
        } catch {
            throw ImportProblem(.unsupported, "\(error)")
        }
        return ImportedModel(
            model, format: decoder.format, findings: decoder.findings + (encoder?.findings ?? []),
            remarks: decoder.remarks + (encoder?.remarks ?? []).filter { !decoder.remarks.contains($0) },
            usedOptions: decoder.usedOptions.union(encoder?.usedOptions ?? []))
    }

    static func model(_ source: KerasSource, _ options: ImportOptions) throws(ImportProblem) -> ImportedModel {
        let planner = try KerasPlanner(source, options)
        let found = try planner.decoder()
        let decoder = try planner.decoderHalf(found)
        // The decoder is what counts: a file whose encoder cannot be read is still a model.
        var problem: ImportProblem?
        do {
            let (image, latents) = (decoder.part.network.outputShapes[0], decoder.part.network.inputs[0])
            let plan =
                try found.isBottleneck
                ? KerasEncoderPlan(upTo: found) : planner.encoder(latents: latents.count, image: image.count)
            if let plan {
                return try join(
                    decoder: decoder, encoder: try planner.encoderHalf(plan, image: image, latents: latents))
            }
        } catch {
            problem = error
        }
        var alone = try join(decoder: decoder, encoder: nil)
        if let problem { alone.remarks.append("the encoder is left out: \(problem.reason)") }
        return alone
    }
}
