import Importing
import JSON
import Neural
import Numbers
import VAE

/// The native checkpoint: a safetensors file whose metadata carries the architecture, and where the model comes from.
///
/// Tensors have PyTorch's names, shapes and order of elements, so that a `torch.nn.Sequential` of the same layers loads
/// them; Documentation/checkpoint-format.md describes all of it. Models are read through ``ModelFile``.
public enum Checkpoint {
    /// Keys of `__metadata__`.
    enum Key {
        static let format = "format"
        static let architecture = "latentwalk"
        static let provenance = "provenance"
        static let training = "training"
        static let origin = "origin"
    }

    /// What a file holds beside its model, so that its training can go on: an optimizer's moments, averages.
    public struct TrainingPart: Sendable {
        /// What the names of its tensors begin with. Readers of models pass such tensors over.
        public static let prefixes = ["optimizer.", "average."]

        /// All that is no tensor.
        public var state: JSONValue
        /// By names that begin with one of ``prefixes``.
        public var tensors: [String: Tensor]

        public init(state: JSONValue, tensors: [String: Tensor]) {
            self.state = state
            self.tensors = tensors
        }
    }

    /// Writes a model, in one step; the same model always gives the same bytes.
    ///
    /// - Parameters:
    ///   - training: what its training needs to go on, if that is to be kept.
    ///   - origin: what it was converted from, and what was found out about that; nil for models of our own.
    /// - Throws: ``CheckpointError/file(_:)``; the path is then as it was.
    public static func write(
        _ model: Model, training: TrainingPart? = nil, origin: ModelOrigin? = nil, to path: String
    ) throws(CheckpointError) {
        var tensors: [(name: String, tensor: Tensor)] = []
        for parameter in model.architecture.parameters {
            if let tensor = model.tensors[parameter.name] { tensors.append((parameter.name, tensor)) }
        }
        var metadata = [
            // What PyTorch users write, and transformers asks for.
            (name: Key.format, text: "pt"),
            (name: Key.architecture, text: model.architecture.json.compactText),
            (name: Key.provenance, text: model.provenance.json.compactText),
        ]
        if let origin { metadata.append((name: Key.origin, text: origin.json.compactText)) }
        if let training {
            for (name, tensor) in training.tensors.sorted(by: { $0.key < $1.key }) { tensors.append((name, tensor)) }
            metadata.append((name: Key.training, text: training.state.compactText))
        }
        try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
    }

    /// What a file holds for its training to go on; nil if it holds a model only.
    public static func training(of file: borrowing SafetensorsFile) throws(CheckpointError) -> TrainingPart? {
        let header = file.header
        let state = try SafetensorsFile.invalid(file.path) { () throws(CheckpointProblem) in
            try json(Key.training, of: header)
        }
        guard let state else { return nil }
        var tensors: [String: Tensor] = [:]
        for entry in header.entries where isForTraining(entry.name) { tensors[entry.name] = try file.tensor(entry) }
        return TrainingPart(state: state, tensors: tensors)
    }

    private static func isForTraining(_ name: String) -> Bool {
        TrainingPart.prefixes.contains { name.hasPrefix($0) }
    }

    /// The architecture in a file's metadata.
    static func architecture(of file: borrowing SafetensorsFile) throws(CheckpointError) -> Architecture {
        let header = file.header
        return try SafetensorsFile.invalid(file.path) { () throws(CheckpointProblem) in
            guard let json = try json(Key.architecture, of: header) else { throw .noArchitecture }
            do throws(ArchitectureProblem) {
                return try Architecture(json: json)
            } catch {
                throw .badArchitecture(error)
            }
        }
    }

    /// Where a file's model comes from; an empty provenance if it doesn't say.
    private static func provenance(of file: borrowing SafetensorsFile) throws(CheckpointError) -> Provenance {
        let header = file.header
        return try SafetensorsFile.invalid(file.path) { () throws(CheckpointProblem) in
            guard let json = try json(Key.provenance, of: header) else { return Provenance() }
            return try Provenance(json: json)
        }
    }

    /// What a file's model was converted from; nil where it doesn't say.
    static func origin(of file: borrowing SafetensorsFile) throws(CheckpointError) -> ModelOrigin? {
        let header = file.header
        return try SafetensorsFile.invalid(file.path) { () throws(CheckpointProblem) in
            guard let json = try json(Key.origin, of: header) else { return nil }
            return try ModelOrigin(json: json)
        }
    }

    /// Whether a file's metadata has an architecture.
    public static func hasArchitecture(_ file: borrowing SafetensorsFile) -> Bool {
        file.header.metadata[Key.architecture] != nil
    }

    /// The whole model of a file. Names and shapes are checked against the architecture before any weight is read.
    public static func model(of file: borrowing SafetensorsFile) throws(CheckpointError) -> Model {
        try model(of: file, try architecture(of: file))
    }

    /// - Parameter architecture: the file's own, or what stands in its place.
    static func model(
        of file: borrowing SafetensorsFile, _ architecture: Architecture
    ) throws(CheckpointError) -> Model {
        let provenance = try provenance(of: file)
        let header = file.header
        let tensorEntries = try SafetensorsFile.invalid(file.path) { () throws(CheckpointProblem) in
            try entries(of: architecture, in: header)
        }
        var tensors: [String: Tensor] = [:]
        for entry in tensorEntries { tensors[entry.name] = try file.tensor(entry) }
        do {
            return try Model(architecture: architecture, tensors: tensors, provenance: provenance)
        } catch {
            throw .invalid(path: file.path, .tensors(error))
        }
    }

    /// The entries that an architecture's tensors come from: all of the file's, but for counters that PyTorch's batch
    /// normalization keeps for training with `momentum=None`, and what is there for training to go on.
    private static func entries(
        of architecture: Architecture, in header: SafetensorsHeader
    ) throws(CheckpointProblem) -> [SafetensorsHeader.Entry] {
        var entries: [SafetensorsHeader.Entry] = []
        var known: Set<String> = []
        for parameter in architecture.parameters {
            guard let entry = header[parameter.name] else { throw .tensors(.missingTensor(parameter.name)) }
            guard entry.extents == parameter.extents else {
                throw .tensors(
                    .wrongShape(parameter.name, found: entry.extents, expected: parameter.extents))
            }
            guard entry.type.isWeight else { throw .tensor(entry.name, .notFloat(entry.type)) }
            entries.append(entry)
            known.insert(entry.name)
        }
        for node in architecture.nodes where node.operation.keepsStatistics {
            known.insert("\(node.name).num_batches_tracked")
        }
        let mayHaveTraining = header.metadata[Key.training] != nil
        let unknown = header.entries.first { entry in
            !known.contains(entry.name) && !(mayHaveTraining && isForTraining(entry.name))
        }
        if let entry = unknown {
            throw .tensors(.superfluousTensor(entry.name))
        }
        return entries
    }

    /// Of documents that describe models.
    static let jsonLimits = JSONLimits(depth: 8, values: 100_000)

    private static func json(_ key: String, of header: SafetensorsHeader) throws(CheckpointProblem) -> JSONValue? {
        guard let text = header.metadata[key] else { return nil }
        do {
            return try JSONValue(parsing: text, limits: jsonLimits)
        } catch {
            throw .badMetadata(key, error)
        }
    }
}
