import Deduction
import Importing
import ModelFiles
import Neural

/// A reader that hostile bytes are given to, and how bytes become what it reads.
public enum ReaderTarget: String, CaseIterable, Sendable {
    /// PyTorch's zip archives.
    case torch
    /// Its older streams, and plain pickles.
    case torchStream = "torch-stream"
    /// Its archives with code.
    case torchScript = "torch-script"
    /// HDF5, with the process that reads it.
    case hdf5
    case keras
    case onnx
    /// Safetensors files of names and tensors alone.
    case safetensors
    /// Safetensors files with an architecture.
    case native
    /// `model.json`, a zero byte, and what its one shard holds.
    case tensorFlowJS = "tensorflowjs"
    /// Names and shapes, a line each.
    case stateDict = "state-dict"

    /// Gives bytes to the reader.
    ///
    /// - Parameter folder: where files are put for it.
    public func open(_ bytes: some Collection<UInt8>, in folder: MemoryFolder) -> Opening {
        switch self {
        case .stateDict: return stateDict(bytes)
        case .tensorFlowJS:
            let json = bytes.prefix { $0 != 0 }
            folder.write(json, to: "model.json")
            folder.write(bytes.dropFirst(json.count + 1), to: "shard.bin")
            return Opening(of: folder.path("model.json"))
        case .onnx:
            // Tensors may lie beside the model.
            if !folder.holds("weights.bin") {
                folder.write([UInt8](repeating: 0x3C, count: 1 << 16), to: "weights.bin")
            }
            fallthrough
        default:
            folder.write(bytes, to: "model")
            return Opening(of: folder.path("model"))
        }
    }

    /// Names with extents: `fc1.weight 400 784`. Numbers have no bearing on what is found.
    private func stateDict(_ bytes: some Collection<UInt8>) -> Opening {
        var (entries, room) = ([StateDict.Entry](), 1 << 20)
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            let extents = words.dropFirst().prefix(8).compactMap { Int($0) }
            let count = extents.reduce(1) { product, extent in
                extent > 0 && extent <= room ? min(product * extent, room + 1) : room + 1
            }
            guard let name = words.first, count <= room else { continue }
            room -= count
            entries.append(
                StateDict.Entry(
                    String(name), Tensor(extents: extents, values: (0..<count).map { Float($0 % 7) * 0.01 - 0.02 })))
        }
        do throws(ImportProblem) {
            return Opening(using: try Deduced(StateDict(entries), format: "names").imported().model)
        } catch {
            return .refused("\(error)")
        }
    }
}
