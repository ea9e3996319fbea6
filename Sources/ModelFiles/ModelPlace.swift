import Archives
import Checkpoints
import Files
import Importing
import JSON
import KerasModels

/// What lies at a path, and so which reader it belongs to: told by what is there and never by its name.
struct ModelPlace {
    /// What kind of file it is. What had to be opened to find that out stays open.
    enum Kind {
        /// Ours: safetensors with an architecture, in the file or beside it.
        case native(OpenSafetensors)
        /// A safetensors file of names and tensors alone.
        case tensors(OpenSafetensors)
        /// Several such files, which an index names.
        case parts(ModelFolder)
        /// A safetensors file whose header is none, and why.
        case damaged(CheckpointError)
        case torch
        /// HDF5, Keras's archive, or TensorFlow.js.
        case keras
        case onnx
        /// None of those.
        case other
    }

    /// As it was named: a file, or a folder.
    let path: String
    /// The file that holds the model; in a folder one of its files.
    let file: String
    let kind: Kind
    /// The folder, where it is one.
    let folder: ModelFolder?

    /// - Parameter access: how a safetensors file is read.
    /// - Throws: ``CheckpointError`` where nothing can be read.
    init(_ path: String, access: SafetensorsFile.Access = .mapped) throws(CheckpointError) {
        self.path = path
        let isFolder = Folder.exists(path)
        folder = isFolder ? ModelFolder(path) : nil
        file = folder?.weights ?? path
        if let folder, file.hasSuffix(".index.json") {
            kind = .parts(folder)
        } else if isFolder, folder == nil {
            kind = .other
        } else {
            kind = try ModelPlace.kind(of: file, hasArchitecture: folder?.hasArchitecture ?? false, access)
        }
    }

    /// Whether a model was recognized, be it damaged.
    var isModel: Bool { if case .other = kind { false } else { true } }

    /// Whether the file holds names and tensors, and not what they make.
    var isStateDict: Bool {
        switch kind {
        case .tensors, .parts, .torch: true
        default: false
        }
    }

    /// Whether both halves of one model may be in this file and in another.
    func isOfSameFramework(as other: ModelPlace) -> Bool {
        switch (kind, other.kind) {
        case (.keras, .keras), (.onnx, .onnx): true
        default: isStateDict && other.isStateDict
        }
    }

    var size: Int { (try? GrowingFile(file).size()) ?? 0 }

    // MARK: Telling

    private static func kind(
        of file: String, hasArchitecture: Bool, _ access: SafetensorsFile.Access
    ) throws(CheckpointError) -> Kind {
        let start: [UInt8]
        do {
            start = try GrowingFile(file).read(ForeignFormat.startLength, at: 0)
        } catch {
            throw .file(error)
        }
        switch ForeignFormat(start: start) {
        case .zip: return archive(file)
        case .pickle, .tar: return .torch
        case .hdf5: return .keras
        case .onnx: return .onnx
        case .compressed, .numPy, .picture, .largeFilePointer, .webPage, .zeros: return .other
        case .text, nil:
            return isManifest(file, start) ? .keras : safetensors(file, start, hasArchitecture, access)
        }
    }

    /// Keras's archives have entries of their own; arrays of NumPy are data.
    private static func archive(_ path: String) -> Kind {
        guard let names = try? ZipArchive(path: path).entries.map(\.name) else { return .torch }
        if KerasModel.recognizes(entries: names) { return .keras }
        return !names.isEmpty && names.allSatisfy { $0.hasSuffix(".npy") } ? .other : .torch
    }

    /// Whether it is the JSON of a TensorFlow.js layers model.
    private static func isManifest(_ path: String, _ start: [UInt8]) -> Bool {
        guard start.first(where: { $0 > 0x20 }) == UInt8(ascii: "{"),
            let bytes = try? GrowingFile.contents(of: path, atMost: 16 << 20),
            let document = try? JSONValue(parsing: bytes, limits: JSONLimits(depth: 64, values: 1_000_000))
        else { return false }
        return KerasModel.recognizes(model: document)
    }

    private static func safetensors(
        _ path: String, _ start: [UInt8], _ hasArchitecture: Bool, _ access: SafetensorsFile.Access
    ) -> Kind {
        guard ForeignFormat.beginsAsSafetensors(start) else { return .other }
        do {
            let open = try OpenSafetensors(path, access: access)
            return hasArchitecture || Checkpoint.hasArchitecture(open.file) ? .native(open) : .tensors(open)
        } catch {
            return .damaged(error)
        }
    }
}
