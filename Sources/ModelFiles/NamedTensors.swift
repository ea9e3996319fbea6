import Checkpoints
import Deduction
import Importing
import TorchFiles

/// Names and tensors of a file, what the file is, and what was passed over in it.
struct NamedTensors {
    var dict: StateDict
    let format: String
    var remarks: [String] = []

    /// Reads a state dict in PyTorch's own files or in safetensors.
    init(_ place: ModelPlace) throws(ImportProblem) {
        switch place.kind {
        case .tensors(let open): try self.init([open])
        case .parts(let folder):
            try self.init(
                folder.parts().map { path throws(ImportProblem) in
                    do {
                        return try OpenSafetensors(path, access: .mapped)
                    } catch {
                        throw ImportProblem(.badFile, "\(error)")
                    }
                })
        default:
            self.init(try TorchFile.read(place.file), place.folder)
            return
        }
        if let folder = place.folder { add(folder) }
    }

    /// Takes what a `config.json` says.
    private mutating func add(_ folder: ModelFolder) {
        dict.configuration = folder.settings
        for (name, setting) in folder.settings {
            switch setting {
            case .integer(let number): dict.hints[name] = dict.hints[name] ?? Double(number)
            case .number(let number): dict.hints[name] = dict.hints[name] ?? Double(number)
            default: break
            }
        }
        remarks += folder.remarks
        guard folder.isPythae else { return }
        // What pythae calls the mean is elsewhere a table of classes.
        dict.entries = dict.entries.map { entry in
            guard entry.name.hasPrefix("encoder.embedding.") else { return entry }
            return StateDict.Entry("encoder.mu." + entry.name.dropFirst("encoder.embedding.".count), entry.tensor)
        }
    }

    /// - Parameter folder: where the file lies, if that is a model's.
    init(_ file: TorchFile, _ folder: ModelFolder?) {
        let hints = file.hints.flatMap { hint -> [(String, Double)] in
            switch hint.value {
            case .integer(let number): [(String(hint.word), Double(number))]
            case .number(let number): [(String(hint.word), Double(number))]
            // `input_shape.0`: channels, or a height.
            case .integers(let list): list.prefix(4).enumerated().map { ("\(hint.word).\($0)", Double($1)) }
            default: []
            }
        }
        dict = StateDict(
            file.entries.map { StateDict.Entry($0.name, $0.tensor) },
            modules: Dictionary(file.modules.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }),
            hints: Dictionary(hints, uniquingKeysWith: { first, _ in first }))
        (format, remarks) = (file.format, file.remarks)
        if let folder { add(folder) }
    }

    private init(_ files: [OpenSafetensors]) throws(ImportProblem) {
        var numbersLeft = ImportLimit.numbers
        for entry in files.flatMap({ $0.file.header.entries }) {
            try ImportLimit.take(entry.range.count / entry.type.size, from: &numbersLeft)
        }
        var stored: [StateDict.Entry] = []
        var others = 0
        for open in files {
            let entries = open.file.header.entries.sorted { $0.range.lowerBound < $1.range.lowerBound }
            do {
                // Counters and tables of positions hold no floats. A training may be writing the file anew: copied.
                for entry in entries where entry.type.isWeight {
                    stored.append(StateDict.Entry(entry.name, try open.file.tensor(entry, access: .copied)))
                }
            } catch {
                throw ImportProblem(.badFile, "\(error)")
            }
            others += entries.count { !$0.type.isWeight && !$0.name.hasSuffix("num_batches_tracked") }
            stored += NamedTensors.tied(open.file.header.metadata, stored)
        }
        if stored.isEmpty, let other = files.flatMap({ $0.file.header.entries }).first {
            throw ImportProblem(
                .unsupported,
                "its tensors are of the type \(other.type.safetensorsName), which is not supported as weights",
                advice: "save it with weights of the type F32, F16 or BF16")
        }
        let shared = SharedPrefix.removed(from: stored.map(\.name))
        dict = StateDict(zip(shared.names, stored).map { StateDict.Entry($0, $1.tensor) })
        format = "safetensors without an architecture"
        if others > 0 { remarks.append("left out \(others) tensors that hold no floats") }
        if let remark = shared.remark { remarks.append(remark) }
    }

    /// Tensors that were left out of a file since they are others', as its metadata says: `{"decoder.weight": "fc.weight"}`.
    private static func tied(_ metadata: [String: String], _ stored: [StateDict.Entry]) -> [StateDict.Entry] {
        guard !metadata.isEmpty else { return [] }
        let tensors = Dictionary(stored.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        return metadata.sorted { $0.key < $1.key }.compactMap { name, kept in
            tensors[name] == nil ? tensors[kept].map { StateDict.Entry(name, $0) } : nil
        }
    }

    /// An encoder's and a decoder's, as one file would have them.
    init(encoder: NamedTensors, decoder: NamedTensors) {
        let (first, second) = (encoder.dict.inside("encoder"), decoder.dict.inside("decoder"))
        dict = StateDict(
            first.entries + second.entries, modules: first.modules.merging(second.modules) { first, _ in first },
            hints: first.hints.merging(second.hints) { first, _ in first },
            configuration: first.configuration.merging(second.configuration) { first, _ in first })
        format = decoder.format
        remarks = [("encoder", encoder), ("decoder", decoder)].flatMap { name, half in
            half.remarks.map { "\(name): \($0)" }
        }
    }
}

extension StateDict {
    /// The same names within a module, unless they say so already.
    fileprivate func inside(_ name: String) -> StateDict {
        func moved(_ path: String) -> String { path.hasPrefix(name + ".") ? path : "\(name).\(path)" }
        return StateDict(
            entries.map { Entry(moved($0.name), $0.tensor) },
            modules: Dictionary(modules.map { (moved($0.key), $0.value) }, uniquingKeysWith: { first, _ in first }),
            hints: hints, configuration: configuration)
    }
}
