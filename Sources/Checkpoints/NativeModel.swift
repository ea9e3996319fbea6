import Files
import Importing
import JSON
import VAE

/// A model in our own format: a safetensors file with its architecture, or a folder with `config.json` and
/// `model.safetensors`.
public enum NativeModel {
    /// What the names of native checkpoints end in.
    public static let suffix = ".safetensors"

    /// What a folder's weights are called.
    public static let weights = "model" + suffix

    /// What lies beside them.
    public static let configuration = "config.json"

    /// A model, and how the file stores it.
    public struct Contents: Sendable {
        public let model: Model
        /// Bytes of the file that holds the tensors.
        public let size: Int
        /// The tensors, with the types that they have there.
        public let entries: [SafetensorsHeader.Entry]
        /// What it was converted from; nil for a model of our own.
        public let origin: ModelOrigin?
    }

    /// Reads a model.
    ///
    /// - Throws: ``CheckpointError``.
    public static func read(
        _ path: String, access: SafetensorsFile.Access = .mapped
    ) throws(CheckpointError) -> Model {
        try contents(of: path, access: access).model
    }

    /// The same with how the file stores it; weights of other float types become float32.
    ///
    /// - Throws: ``CheckpointError``.
    public static func contents(
        of path: String, access: SafetensorsFile.Access = .mapped
    ) throws(CheckpointError) -> Contents {
        let isFolder = Folder.exists(path)
        return try contents(
            of: SafetensorsFile(isFolder ? "\(path)/\(weights)" : path, access: access),
            configuration: isFolder ? "\(path)/\(configuration)" : nil)
    }

    /// The same of a file that is open.
    ///
    /// - Parameter configuration: what lies beside it in its folder: where the file has no architecture, it is that, or has it
    ///   as its `architecture`.
    /// - Throws: ``CheckpointError``.
    public static func contents(
        of file: borrowing SafetensorsFile, configuration: String? = nil
    ) throws(CheckpointError) -> Contents {
        let architecture: Architecture
        if let configuration, !Checkpoint.hasArchitecture(file) {
            architecture = try ConfigurationFile.architecture(configuration)
        } else {
            architecture = try Checkpoint.architecture(of: file)
        }
        return Contents(
            model: try Checkpoint.model(of: file, architecture), size: file.size, entries: file.header.entries,
            origin: try Checkpoint.origin(of: file))
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
