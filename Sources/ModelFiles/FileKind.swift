import Archives
import Checkpoints
import Files
import JSON
import KerasModels
import TorchFiles

/// Which reader a file belongs to, by what lies there and never by its name.
enum FileKind: Hashable, Sendable {
    /// Ours: a safetensors file or a folder with an architecture.
    case native
    /// A safetensors file of names and tensors alone.
    case tensors
    case torch
    /// HDF5, Keras's archive, or TensorFlow.js.
    case keras
    case onnx
    /// None of those.
    case other

    var isModel: Bool { self != .other }

    /// - Throws: ``CheckpointError`` where nothing can be read.
    init(_ path: String) throws(CheckpointError) {
        if Folder.exists(path) {
            self = try FileKind.folder(path)
            return
        }
        let start: [UInt8]
        do {
            start = try GrowingFile(path).read(ForeignFormat.startLength, at: 0)
        } catch {
            throw .file(error)
        }
        switch ForeignFormat(start: start) {
        case .zip: self = FileKind.archive(path)
        case .pickle: self = .torch
        case .hdf5: self = .keras
        case .onnx: self = .onnx
        case .gzip, .numPy, .largeFilePointer, .webPage: self = .other
        case .text, nil:
            if TorchFile.mayBegin(with: start) {
                self = .torch
            } else if FileKind.isManifest(path, start) {
                self = .keras
            } else {
                self = FileKind.safetensors(path, start)
            }
        }
    }

    /// Bytes of a file, or of a folder's weights.
    static func size(of path: String) -> Int {
        let file = Folder.exists(path) ? "\(path)/\(NativeModel.weights)" : path
        return (try? GrowingFile(file).size()) ?? 0
    }

    private static func folder(_ path: String) throws(CheckpointError) -> FileKind {
        let weights = "\(path)/\(NativeModel.weights)"
        if GrowingFile.identity(of: weights) != nil { return .native }
        return GrowingFile.identity(of: "\(path)/model.json") != nil ? .keras : .other
    }

    /// Keras's archives have entries of their own; arrays of NumPy are data.
    private static func archive(_ path: String) -> FileKind {
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

    private static func safetensors(_ path: String, _ start: [UInt8]) -> FileKind {
        guard start.count > 8, start[8] == UInt8(ascii: "{"), start[6] == 0, start[7] == 0 else { return .other }
        guard let file = try? SafetensorsFile(path) else { return .native }
        return Checkpoint.hasArchitecture(file) ? .native : .tensors
    }
}
