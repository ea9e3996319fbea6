import Files
import JSON
import VAE

/// The one door through which models come in: looks at what a path is and at its first bytes, and hands over to a reader.
public enum ModelFile {
    /// What the names of native checkpoints end in.
    public static let suffix = ".safetensors"

    /// What a folder's weights are called.
    private static let weights = "model" + suffix

    /// A model, and how the file stores it.
    public struct Contents: Sendable {
        public let model: Model
        /// Bytes of the file that holds the tensors.
        public let size: Int
        /// The tensors, with the types that they have there.
        public let entries: [SafetensorsHeader.Entry]
    }

    /// Reads a model from a file, or from a folder with `config.json` and `model.safetensors`; weights of other float types
    /// become float32.
    ///
    /// - Throws: ``CheckpointError``.
    public static func read(
        _ path: String, access: SafetensorsFile.Access = .mapped
    ) throws(CheckpointError) -> Model {
        try contents(of: path, access: access).model
    }

    /// The same with what the file says of itself.
    ///
    /// - Throws: ``CheckpointError``.
    public static func contents(
        of path: String, access: SafetensorsFile.Access = .mapped
    ) throws(CheckpointError) -> Contents {
        let isFolder = Folder.exists(path)
        let file = try SafetensorsFile(isFolder ? "\(path)/\(weights)" : path, access: access)
        // In a folder the architecture may also stand beside the weights: as `config.json`, or as its `architecture`.
        let architecture =
            isFolder && !Checkpoint.hasArchitecture(file)
            ? try ConfigurationFile.architecture("\(path)/config.json") : try Checkpoint.architecture(of: file)
        return Contents(
            model: try Checkpoint.model(of: file, architecture), size: file.size, entries: file.header.entries)
    }

    /// Whether a path's name is that of a model's file.
    public static func isNamedLikeModel(_ path: String) -> Bool { path.lowercased().hasSuffix(suffix) }

    /// A file's name without what models' names end in.
    public static func title(of name: String) -> String {
        name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
    }

    /// Whether there is a model at a path, by what is there: a folder with weights, or the first bytes of a checkpoint.
    public static func recognizes(_ path: String) -> Bool {
        if Folder.exists(path) { return (try? SafetensorsFile("\(path)/\(weights)")) != nil }
        guard let file = try? GrowingFile(path), let start = try? file.read(16, at: 0) else { return false }
        return start.count > 8 && start[8] == UInt8(ascii: "{") && start[6] == 0 && start[7] == 0
    }
}

/// `config.json` beside a folder's weights.
private enum ConfigurationFile {
    private static let largestSize = 4 << 20

    static func architecture(_ path: String) throws(CheckpointError) -> Architecture {
        let bytes: [UInt8]
        do {
            bytes = try GrowingFile.contents(of: path, atMost: largestSize)
        } catch {
            throw .file(error)
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes, limits: Checkpoint.jsonLimits)
        } catch {
            throw .invalid(path: path, .badConfiguration(error))
        }
        do {
            return try Architecture(json: document.object?["architecture"] ?? document)
        } catch {
            throw .invalid(path: path, .badArchitecture(error))
        }
    }
}
