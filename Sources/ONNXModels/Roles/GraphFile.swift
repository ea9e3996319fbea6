import Files
import Importing
internal import SwiftProtobuf

/// A model's file as messages, within limits of size and depth.
struct GraphFile {
    /// Protocol buffers end at 2 GB; networks of this program are far smaller.
    private static let largest = 1 << 30
    private static let deepest = 16
    /// The newest version of ONNX's operators whose changes were looked at.
    static let newestVersion = 28

    let path: String
    let message: ModelMessage
    let version: Int
    let size: Int

    init(_ path: String) throws(ImportProblem) {
        let bytes: [UInt8]?
        do throws(FileError) {
            let file = try MappedFile(path)
            bytes = file.size <= GraphFile.largest ? try file.read(file.size, at: 0) : nil
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
        guard let bytes else {
            throw ImportProblem(.unsupported, "the file is larger than 1 GB, which is not supported")
        }
        try self.init(bytes, path: path)
    }

    /// - Parameter path: where the bytes come from; tensors in other files lie beside it.
    init(_ bytes: [UInt8], path: String) throws(ImportProblem) {
        self.path = path
        size = bytes.count
        guard !bytes.starts(with: Array("version https://git-lfs".utf8)) else {
            throw ImportProblem(.badFile, "the file is a Git LFS pointer, not the model", advice: "git lfs pull")
        }
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = GraphFile.deepest
        options.discardUnknownFields = true
        do { message = try ModelMessage(serializedBytes: bytes, options: options) } catch BinaryDecodingError
            .messageDepthLimit
        {
            throw ImportProblem(.badFile, "its messages are nested deeper than \(GraphFile.deepest) levels")
        } catch {
            let damage = bytes.withUnsafeBytes { TextConversion($0) }.map { ": \($0)" } ?? ", or is not an ONNX model"
            throw ImportProblem(.badFile, "the file is damaged\(damage)")
        }
        guard message.hasGraph, !message.graph.nodes.isEmpty else {
            throw ImportProblem(.badFile, "the file is damaged, or is not an ONNX model: it has no graph")
        }
        let versions = message.operatorSets.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }.map(\.version)
        guard let found = versions.max() ?? (message.operatorSets.isEmpty ? 1 : nil), (1...1000).contains(found) else {
            throw ImportProblem(.badFile, "the model does not say which version of the operators it uses")
        }
        version = Int(found)
    }

    var ports: [Port] {
        let constants = Set(message.graph.constants.map(\.name))
        return message.graph.inputs.filter { !constants.contains($0.name) }.map { Port($0) }
    }

    var outputs: [Port] { message.graph.outputs.map { Port($0) } }

    /// What a file that we wrote says beside its graph; nil in any other.
    func property(_ name: String) -> String? {
        message.properties.first { $0.key == FileProperty.prefix + name }?.value
    }
}

/// An input or output of a graph, as the file declares it.
struct Port {
    let name: String
    let isInteger: Bool
    /// Whether it is one truth value.
    let isFlag: Bool
    /// Nil for those that are known when the model runs; the whole list is nil where the file doesn't say.
    let extents: [Int?]?
    /// An extent beside the batch's that no model has.
    let hugeExtent: Int64?

    init(_ message: ValuePortMessage) {
        name = message.name
        let type = message.type.tensor
        isInteger = ![0, 1, 10, 11, 16].contains(type.element)
        isFlag = type.element == 9 && type.shape.extents.isEmpty
        hugeExtent = type.shape.extents.dropFirst().lazy.map(\.size).first { $0 > Port.largest }
        extents =
            message.type.hasTensor && type.hasShape
            ? type.shape.extents.map { extent in
                guard case .size(let size) = extent.what, size > 0, size <= Port.largest else { return nil }
                return Int(size)
            } : nil
    }

    private static let largest: Int64 = 1 << 28

    /// The words of its name, in lower case.
    var words: [String] {
        var spaced = ""
        var wasLower = false
        for character in name {
            if character.isUppercase, wasLower { spaced += " " }
            wasLower = character.isLowercase
            spaced.append(contentsOf: character.isLetter ? character.lowercased() : " ")
        }
        return spaced.split(separator: " ").map(String.init)
    }

    func has(_ known: Set<String>) -> Bool { words.contains { known.contains($0) } }
}

/// Words that authors call inputs and outputs by.
enum PortWords {
    static let noise: Set = ["noise", "eps", "epsilon"]
    static let label: Set = [
        "label", "labels", "class", "classes", "cls", "y", "c", "onehot", "hot", "digit", "target", "targets",
    ]
    static let condition: Set = [
        "cond", "condition", "conditions", "conditioning", "attributes", "attr", "attrs", "style",
    ]
    static let latent: Set = ["z", "latent", "latents", "code", "codes", "embedding", "sample"]
    static let image: Set = [
        "image", "images", "img", "picture", "pixels", "recon", "reconstruction", "reconstructed", "xhat", "decoded",
        "generated", "rgb", "sample",
    ]
    static let mean: Set = ["mu", "mean", "means", "loc"]
    static let second: Set = [
        "logvar", "log", "var", "variance", "logsigma", "sigma", "std", "stddev", "scale", "lnvar", "logstd",
    ]
}
