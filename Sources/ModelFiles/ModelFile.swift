import Checkpoints
import Files
import Importing
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
        /// Tries guesses on pictures, which takes up to a second unless it is asked to end before, and answers with the model
        /// that fits them best; with nil where pictures decide nothing. Nil itself where nothing is left to try.
        public let trial: (@Sendable (_ isOver: () -> Bool) -> Contents?)?
        /// What the file is, or was before it was converted; nil for a model of our own.
        public let origin: ModelOrigin?

        /// What of it is a guess, in a clause; nil where nothing is.
        public var guessed: String? { findings.guesses() }
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
        let place = try ModelPlace(path, access: access)
        switch place.kind {
        case .native(let open):
            guard request.isEmpty else {
                throw .foreign(
                    path, ImportProblem(.options, "the file says all that these options could: leave them out"))
            }
            return Contents(try NativeModel.contents(of: open.file, configuration: place.folder?.configurationPath))
        case .damaged(let error): throw error
        // What is none of the others' files gets its sentence from our own reader.
        case .other:
            if GrowingFile.identity(of: "\(path)/saved_model.pb") != nil {
                throw .foreign(
                    path,
                    ImportProblem(
                        .unsupported, "it is a SavedModel of TensorFlow, which is not read",
                        advice: "load it in Keras and save it once more, `model.save(\"decoder.keras\")`"))
            }
            if place.folder == nil, Folder.exists(path) {
                throw .foreign(
                    path,
                    ImportProblem(
                        .noInput, "the folder has no file of weights that is named as models' are",
                        advice: "name the file itself"))
            }
            do {
                return Contents(try NativeModel.contents(of: place.file, access: access))
            } catch {
                throw decodedAsText(place.file) ?? damaged(place.file, error) ?? error
            }
        case .tensors, .parts, .torch, .keras, .onnx:
            do throws(ImportProblem) {
                let size = place.size
                let opened = try ForeignReader(place: place, request: request).opened()
                let answer = request.defersTrial ? opened : opened.tried()
                return Contents(
                    answer.model, size: size,
                    trial: answer.trial.map { trial in { @Sendable in trial($0).map { Contents($0, size: size) } } })
            } catch {
                throw .foreign(path, error)
            }
        }
    }

    /// Whether a file is one of our own, which leaves nothing open that options could say.
    public static func saysAll(_ path: String) -> Bool {
        guard case .native = try? ModelPlace(path).kind else { return false }
        return true
    }

    /// What becomes of a file's first bytes, and of its kind, where it was decoded as text and written again.
    private static func decodedAsText(_ path: String) -> CheckpointError? {
        guard let start = try? GrowingFile(path).read(TextConversion.most, at: 0),
            start.withUnsafeBytes({ TextConversion($0) }) == .decoding
        else { return nil }
        return .foreign(path, ImportProblem(.badFile, "the file is damaged: \(TextConversion.decoding)"))
    }

    /// What is said of a file that is named as another framework's, and begins like nothing that is known.
    private static func damaged(_ path: String, _ error: CheckpointError) -> CheckpointError? {
        switch error {
        case .invalid(_, .tooShort), .invalid(_, .headerTooLong), .invalid(_, .headerPastEnd),
            .invalid(_, .unknownFormat):
            break
        default: return nil
        }
        guard let kind = otherKinds.first(where: { path.lowercased().hasSuffix($0.key) })?.value else { return nil }
        return .foreign(
            path,
            ImportProblem(
                .badFile, "it is named as \(kind), and does not begin as one: it was damaged or cut off",
                advice: "copy, download or export it again"))
    }

    private static let otherKinds: KeyValuePairs = [
        ".onnx": "an ONNX model", ".pth": "a PyTorch file", ".pt": "a PyTorch file", ".ckpt": "a PyTorch file",
        ".h5": "a Keras model", ".hdf5": "a Keras model", ".keras": "a Keras model",
    ]

    /// Whether a path's name is that of a native model's file.
    public static func isNamedLikeModel(_ path: String) -> Bool { path.lowercased().hasSuffix(NativeModel.suffix) }

    /// Whether a file that a training wrote may be a model, by its name: of any framework, and not of an optimizer.
    public static func isNamedLikeCheckpoint(_ name: String) -> Bool {
        let lower = name.lowercased()
        return (suffixes.filter { $0 != ".tar" } + checkpointSuffixes).contains { lower.hasSuffix($0) }
            && !besideModels.contains { lower.hasPrefix($0) }
    }

    private static let checkpointSuffixes = [".pth.tar", ".pt.tar", ".ckpt.tar"]
    /// What the names of files begin with that trainings write beside their models.
    private static let besideModels = ["optim", "scheduler", "scaler", "rng_state"]

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
    public static func recognizes(_ path: String) -> Bool { (try? ModelPlace(path))?.isModel ?? false }
}

extension CheckpointError {
    static func foreign(_ path: String, _ problem: ImportProblem) -> CheckpointError {
        .invalid(path: path, .foreign(problem))
    }
}

extension ModelFile.Contents {
    fileprivate init(_ native: NativeModel.Contents) {
        let origin = native.origin
        self.init(
            model: native.model, format: nil, size: native.size,
            tensors: native.entries.map {
                ModelFile.StoredTensor(
                    name: $0.name, type: $0.type.safetensorsName, extents: $0.extents, bytes: $0.range.count)
            }, findings: origin?.findings ?? [], remarks: origin.map { ["converted from: \($0.format)"] } ?? [],
            trial: nil, origin: origin)
    }

    /// - Parameter longest: characters of a text that is shown; readers quote names that files give.
    fileprivate init(
        _ imported: ImportedModel, size: Int, longest: Int = 1000,
        trial: (@Sendable (_ isOver: () -> Bool) -> ModelFile.Contents?)? = nil
    ) {
        let format = imported.format.printable(atMost: longest)
        let findings = imported.findings.map {
            Finding(
                $0.subject.printable(atMost: longest), $0.value.printable(atMost: longest), $0.certainty, of: $0.half)
        }
        let tensors = imported.model.architecture.parameters.map { parameter in
            ModelFile.StoredTensor(
                name: parameter.name, type: "F32", extents: parameter.extents, bytes: 4 * parameter.count)
        }
        self.init(
            model: imported.model, format: format, size: size, tensors: tensors, findings: findings,
            remarks: imported.remarks.map { $0.printable(atMost: longest) }, trial: trial,
            origin: ModelOrigin(format: format, findings: findings))
    }
}
