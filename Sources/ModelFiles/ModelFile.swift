import Checkpoints
import Deduction
import Files
import Importing
import KerasModels
import Neural
import ONNXModels
import TorchFiles
import VAE

/// The one door through which models come in: looks at what a path is and at its first bytes, and hands over to a reader.
public enum ModelFile {
    /// A model, and what its file says of itself.
    public struct Contents: Sendable {
        public var model: Model
        /// What the file is: `PyTorch state dict in a zip archive`; nil for one of our own.
        public let format: String?
        /// Bytes of the file that holds the tensors.
        public let size: Int
        /// The tensors as the file has them.
        public let tensors: [StoredTensor]
        public let findings: [Finding]
        /// What was left out or changed on the way, a sentence each.
        public let remarks: [String]

        /// What of it is a guess, in a clause; nil where nothing is.
        public var guessed: String? {
            let guesses = findings.filter { $0.certainty == .guessed }.map { "\($0.subject): \($0.value)" }
            return guesses.isEmpty ? nil : guesses.joined(separator: ", ")
        }
    }

    /// A tensor of a file.
    public struct StoredTensor: Hashable, Sendable {
        public let name: String
        /// `F32`, as safetensors names it.
        public let type: String
        public let extents: [Int]
        public let bytes: Int
    }

    /// Reads a model.
    ///
    /// - Throws: ``CheckpointError``.
    public static func read(
        _ path: String, _ request: ModelRequest = ModelRequest(), access: SafetensorsFile.Access = .mapped
    ) throws(CheckpointError) -> Model {
        try contents(of: path, request, access: access).model
    }

    /// The same with what the file says of itself.
    ///
    /// - Throws: ``CheckpointError``.
    public static func contents(
        of path: String, _ request: ModelRequest = ModelRequest(), access: SafetensorsFile.Access = .mapped
    ) throws(CheckpointError) -> Contents {
        let kind = try FileKind(path)
        // What is none of the others' files gets its sentence from our own reader.
        guard kind != .native, kind != .other else {
            guard request.isEmpty || kind == .other else {
                throw .foreign(
                    path, ImportProblem(.options, "the file says all that these options could: leave them out"))
            }
            do {
                return Contents(try NativeModel.contents(of: path, access: access))
            } catch {
                throw kind == .other ? ModelFile.decodedAsText(path) ?? error : error
            }
        }
        do throws(ImportProblem) {
            let reader = ForeignReader(path: path, kind: kind, request: request)
            return Contents(try reader.imported(), size: FileKind.size(of: path))
        } catch {
            throw .foreign(path, error)
        }
    }

    /// What becomes of a file's first bytes, and of its kind, where it was decoded as text and written again.
    private static func decodedAsText(_ path: String) -> CheckpointError? {
        guard let start = try? GrowingFile(path).read(TextConversion.most, at: 0),
            start.withUnsafeBytes({ TextConversion($0) }) == .decoding
        else { return nil }
        return .foreign(path, ImportProblem(.badFile, "the file is damaged: \(TextConversion.decoding)"))
    }

    /// Whether a path's name is that of a native model's file.
    public static func isNamedLikeModel(_ path: String) -> Bool { path.lowercased().hasSuffix(NativeModel.suffix) }

    /// A file's name without what models' names end in.
    public static func title(of name: String) -> String {
        for suffix in suffixes where name.lowercased().hasSuffix(suffix) && name.count > suffix.count {
            return String(name.dropLast(suffix.count))
        }
        return name
    }

    /// What the names of models end in, of all frameworks.
    private static let suffixes = [
        NativeModel.suffix, ".pth", ".pt", ".ckpt", ".tar", ".h5", ".hdf5", ".keras", ".onnx",
    ]

    /// Whether there is a model at a path, by what is there: a folder with weights, or the first bytes of a model's file.
    public static func recognizes(_ path: String) -> Bool { (try? FileKind(path)).map(\.isModel) ?? false }
}

extension CheckpointError {
    static func foreign(_ path: String, _ problem: ImportProblem) -> CheckpointError {
        .invalid(path: path, .foreign(problem))
    }
}

extension ModelFile.Contents {
    fileprivate init(_ native: NativeModel.Contents) {
        self.init(
            model: native.model, format: nil, size: native.size,
            tensors: native.entries.map {
                ModelFile.StoredTensor(
                    name: $0.name, type: $0.type.safetensorsName, extents: $0.extents, bytes: $0.range.count)
            }, findings: [], remarks: [])
    }

    /// - Parameter longest: characters of a text that is shown; readers quote names that files give.
    fileprivate init(_ imported: ImportedModel, size: Int, longest: Int = 1000) {
        let tensors = imported.model.architecture.parameters.map { parameter in
            ModelFile.StoredTensor(
                name: parameter.name, type: "F32", extents: parameter.extents, bytes: 4 * parameter.count)
        }
        self.init(
            model: imported.model, format: imported.format.printable(atMost: longest), size: size, tensors: tensors,
            findings: imported.findings.map {
                Finding($0.subject.printable(atMost: longest), $0.value.printable(atMost: longest), $0.certainty)
            },
            remarks: imported.remarks.map { $0.printable(atMost: longest) })
    }
}
