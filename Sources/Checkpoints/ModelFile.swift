import Files
import JSON
import VAE

/// The one door through which models come in: looks at what a path is and at its first bytes, and hands over to a reader.
public enum ModelFile {
    /// What the names of native checkpoints end in.
    public static let suffix = ".safetensors"

    /// What a folder's weights are called.
    private static let weights = "model" + suffix

    /// The file that holds a model's tensors: the path itself, or what lies in a folder.
    public static func weights(of path: String) -> String { Folder.exists(path) ? "\(path)/\(weights)" : path }

    /// Reads a model from a file, or from a folder with `config.json` and `model.safetensors`.
    ///
    /// - Throws: ``CheckpointError``.
    public static func read(_ path: String) throws(CheckpointError) -> Model {
        Folder.exists(path) ? try readFolder(path) : try Checkpoint.read(path)
    }

    /// The architecture stands in the weights' metadata, else in `config.json`: as that file, or as its `architecture`.
    private static func readFolder(_ path: String) throws(CheckpointError) -> Model {
        let file = try SafetensorsFile("\(path)/\(weights)")
        if Checkpoint.hasArchitecture(file) { return try Checkpoint.model(of: file) }
        let architecture = try ConfigurationFile.architecture("\(path)/config.json")
        return try Checkpoint.model(of: file, architecture)
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
