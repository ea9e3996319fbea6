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
        if case .tensors(let open) = place.kind {
            try self.init(open)
        } else {
            self.init(try TorchFile.read(place.file))
        }
    }

    init(_ file: TorchFile) {
        let hints = file.hints.compactMap { hint -> (String, Double)? in
            switch hint.value {
            case .integer(let number): (String(hint.word), Double(number))
            case .number(let number): (String(hint.word), Double(number))
            default: nil
            }
        }
        dict = StateDict(
            file.entries.map { StateDict.Entry($0.name, $0.tensor) },
            modules: Dictionary(file.modules.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }),
            hints: Dictionary(hints, uniquingKeysWith: { first, _ in first }))
        (format, remarks) = (file.format, file.remarks)
    }

    private init(_ open: OpenSafetensors) throws(ImportProblem) {
        var entries: [StateDict.Entry] = []
        let all = open.file.header.entries.sorted { $0.range.lowerBound < $1.range.lowerBound }
        // Counters, and tables of positions.
        let stored = all.filter(\.type.isWeight)
        let shared = SharedPrefix.removed(from: stored.map(\.name))
        do {
            for (name, entry) in zip(shared.names, stored) {
                entries.append(StateDict.Entry(name, try open.file.tensor(entry)))
            }
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
        dict = StateDict(entries)
        format = "safetensors without an architecture"
        let others = all.filter { !$0.type.isWeight && !$0.name.hasSuffix("num_batches_tracked") }
        if !others.isEmpty { remarks.append("left out \(others.count) tensors that hold no floats") }
        if let remark = shared.remark { remarks.append(remark) }
    }

    /// An encoder's and a decoder's, as one file would have them.
    init(encoder: NamedTensors, decoder: NamedTensors) {
        let (first, second) = (encoder.dict.inside("encoder"), decoder.dict.inside("decoder"))
        dict = StateDict(
            first.entries + second.entries, modules: first.modules.merging(second.modules) { first, _ in first },
            hints: first.hints.merging(second.hints) { first, _ in first })
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
            hints: hints)
    }
}
