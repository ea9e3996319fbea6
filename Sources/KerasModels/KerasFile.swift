import Archives
import Files
import HDF5Files
import Importing
import JSON
import Platform

/// The files that Keras writes, told by their first bytes.
enum KerasFile {
    /// How deep a configuration may be nested: a model in a model takes some six levels.
    private static let limits = JSONLimits(depth: 128, values: 4_000_000)

    static func source(
        _ path: String, _ options: ImportOptions, executable: String
    ) throws(ImportProblem) -> KerasSource {
        switch try firstByte(of: path) {
        case 0x50: return try archive(path, options, executable)
        case 0x7B: return try TensorFlowJSFile.source(path)
        default: return try whole(try hdf5(path, executable), options)
        }
    }

    static func source(
        config: JSONValue, weights: String, executable: String
    ) throws(ImportProblem) -> KerasSource {
        let model = try KerasConfigReader.model(config)
        let tree =
            try firstByte(of: weights) == 0x50
            ? tree(in: try open(weights), executable) : hdf5(weights, executable)
        guard let layout = KerasWeights.layout(of: tree) else {
            throw ImportProblem(.badFile, "it is HDF5, but does not hold Keras's weights")
        }
        let version = config.object?["keras_version"]?.string ?? version(of: tree)
        return KerasSource(
            model: model, layout: layout, version: version, format: "Keras weights with their architecture")
    }

    /// Whether a file holds weights and no description of their layers.
    static func holdsWeightsAlone(_ path: String, executable: String) -> Bool {
        switch try? firstByte(of: path) {
        case 0x50: (try? open(path))?["config.json"] == nil
        case 0x7B: false
        default: (try? hdf5(path, executable)).map { $0.text("model_config", of: "") == nil } ?? false
        }
    }

    /// All variables under their names in the file.
    static func tensors(_ path: String, executable: String) throws(ImportProblem) -> [String: KerasTensor] {
        switch try firstByte(of: path) {
        case 0x50: return try tree(in: open(path), executable).datasets
        case 0x7B:
            if case .flat(let tensors) = try TensorFlowJSFile.source(path).weights.layout { return tensors }
            return [:]
        default: return try hdf5(path, executable).datasets
        }
    }

    private static func firstByte(of path: String) throws(ImportProblem) -> UInt8? {
        do {
            let file = try MappedFile(path)
            return file.size > 0 ? try file.read(1, at: 0)[0] : nil
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }

    // MARK: HDF5

    private static func hdf5(_ path: String, _ executable: String) throws(ImportProblem) -> HDF5Tree {
        do {
            return try HDF5File.read(path, executable: executable)
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }

    private static func version(of tree: HDF5Tree) -> String? {
        tree.text("keras_version", of: "") ?? tree.text("keras_version", of: "model_weights")
    }

    /// A whole model in HDF5, or weights of a layout that is known.
    private static func whole(_ tree: HDF5Tree, _ options: ImportOptions) throws(ImportProblem) -> KerasSource {
        guard let layout = KerasWeights.layout(of: tree) else {
            if tree.text("model_config", of: "") != nil {
                throw ImportProblem(
                    .badFile, "it has a model's layers and none of their weights", advice: KerasAdvice.whole)
            }
            throw ImportProblem(
                .badFile, "it is HDF5, but not a model of Keras",
                advice: "Keras writes one with `model.save(\"decoder.keras\")`")
        }
        let version = version(of: tree)
        guard let text = tree.text("model_config", of: "") else {
            return try KerasDeduction(layout, options, version: version).source()
        }
        let model = try KerasConfigReader.model(try json(Array(text.utf8), "model_config"))
        if model.network == nil, try KerasConfigReader.parts(of: model).isEmpty,
            let deduced = try? KerasDeduction(layout, options, version: version).source()
        {
            return deduced
        }
        return KerasSource(
            model: model, layout: layout, version: version, format: "Keras \(version?.shortened ?? "") model in HDF5",
            training: tree.text("training_config", of: "").flatMap { try? json(Array($0.utf8), "training_config") })
    }

    static func json(_ bytes: [UInt8], _ name: String) throws(ImportProblem) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes, limits: limits)
        } catch {
            throw ImportProblem(.badFile, "\(name) cannot be read: \(error)")
        }
    }

    // MARK: Archives

    private static func open(_ path: String) throws(ImportProblem) -> ZipArchive {
        do {
            return try ZipArchive(path: path)
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }

    private static func read(_ name: String, in archive: ZipArchive) throws(ImportProblem) -> [UInt8]? {
        guard let entry = archive[name] else { return nil }
        do {
            return try archive.read(entry)
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }

    private static func archive(
        _ path: String, _ options: ImportOptions, _ executable: String
    ) throws(ImportProblem) -> KerasSource {
        let archive = try open(path)
        guard let config = try read("config.json", in: archive) else {
            throw ImportProblem(.badFile, "it is a zip archive, but not one of Keras's: config.json is missing")
        }
        let metadata = try read("metadata.json", in: archive).map { bytes throws(ImportProblem) in
            try KerasFile.json(bytes, "metadata.json")
        }
        let version = metadata?.object?["keras_version"]?.string
        let json = try KerasFile.json(config, "config.json")
        let tree = try KerasFile.tree(in: archive, executable)
        guard let layout = KerasWeights.layout(of: tree) else {
            throw ImportProblem(.badFile, "its weights are HDF5, but not of Keras")
        }
        let model = try KerasConfigReader.model(json)
        if model.network == nil, try KerasConfigReader.parts(of: model).isEmpty,
            let deduced = try? KerasDeduction(layout, options, version: version).source()
        {
            // A class of the author's own, whose parts are known by their weights alone.
            return deduced
        }
        return KerasSource(
            model: model, layout: layout, version: version, format: "Keras \(version?.shortened ?? "") archive",
            training: json.object?["compile_config"])
    }

    private static func tree(in archive: ZipArchive, _ executable: String) throws(ImportProblem) -> HDF5Tree {
        guard let bytes = try read("model.weights.h5", in: archive) else {
            throw archive["model.weights.npz"] == nil
                ? ImportProblem(.badFile, "the archive holds no weights: model.weights.h5 is missing")
                : ImportProblem(
                    .unsupported, "its weights are NumPy's (model.weights.npz), which are not read",
                    advice: "load it in Keras and save it once more, `model.save(\"decoder.keras\")`")
        }
        do {
            return try HDF5File.read(bytes: bytes, archiveSize: archive.size, executable: executable)
        } catch {
            throw ImportProblem(.badFile, "model.weights.h5: \(error)")
        }
    }
}
