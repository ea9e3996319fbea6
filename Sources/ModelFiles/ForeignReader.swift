import Checkpoints
import Deduction
import Files
import Importing
import KerasModels
import Neural
import ONNXModels
import TorchFiles

/// Opens other frameworks' files, of one part or of two.
struct ForeignReader {
    let path: String
    let kind: FileKind
    let request: ModelRequest

    /// How long answers are tried on pictures.
    private static let trialTime = Duration.milliseconds(900)

    func imported() throws(ImportProblem) -> ImportedModel {
        guard let other = try other() else { return try alone() }
        switch kind {
        case .onnx: return try ONNXModel.read(decoder: other.decoder, encoder: other.encoder, options: request.options)
        case .keras:
            let decoder = try KerasModel.decoder(other.decoder, options: request.options)
            let encoder = try KerasModel.encoder(other.encoder, for: decoder, options: request.options)
            return try KerasModel.join(decoder: decoder, encoder: encoder)
        default:
            let parts = try [("encoder", other.encoder), ("decoder", other.decoder)].map {
                name, path throws(ImportProblem) in
                let (dict, format) = try stateDict(path)
                return (dict.inside(name), format)
            }
            return try deduced(
                StateDict(
                    parts[0].0.entries + parts[1].0.entries,
                    modules: parts[0].0.modules.merging(parts[1].0.modules) { first, _ in first },
                    hints: parts[0].0.hints.merging(parts[1].0.hints) { first, _ in first }),
                format: parts[1].1)
        }
    }

    /// Both halves' files, where another one was named.
    private func other() throws(ImportProblem) -> (encoder: String, decoder: String)? {
        switch (request.encoder, request.decoder) {
        case (nil, nil): return nil
        case (let encoder?, nil):
            try checkKind(encoder, "--encoder")
            return (encoder, path)
        case (nil, let decoder?):
            try checkKind(decoder, "--decoder")
            return (path, decoder)
        case (_?, _?):
            throw ImportProblem(
                .options, "the file, --encoder and --decoder are three files",
                advice: "name one half and one of the options")
        }
    }

    private func checkKind(_ path: String, _ option: String) throws(ImportProblem) {
        let found: FileKind
        do {
            found = try FileKind(path)
        } catch {
            throw ImportProblem(.badFile, "\(option): \(error)")
        }
        guard found == kind || Set([found, kind]).isSubset(of: [.torch, .tensors]) else {
            throw ImportProblem(
                .options, "\(option) \(path.printable) is of another framework than the other half",
                advice: "take both halves from one")
        }
    }

    private func alone() throws(ImportProblem) -> ImportedModel {
        switch kind {
        case .onnx: return try ONNXModel.read(path, options: request.options)
        case .keras: return try KerasModel.read(path, options: request.options)
        case .torch:
            let file = try TorchFile.read(path)
            // A program says everything; one that cannot be followed still has names and tensors.
            if let model = try? file.program?.model(options: request.options) { return model }
            return try deduced(StateDict(file), format: file.format, remarks: file.remarks)
        case .tensors:
            let (dict, format) = try stateDict(path)
            return try deduced(dict, format: format)
        case .native, .other: preconditionFailure("our own reader has these")
        }
    }

    // MARK: State dicts

    private func deduced(
        _ dict: StateDict, format: String, remarks: [String] = []
    ) throws(ImportProblem) -> ImportedModel {
        let deduced = try Deduced(dict, options: request.options, format: format)
        var model = try deduced.imported()
        if model.isGuessed, let pictures = request.pictures() {
            let end = ContinuousClock.now + ForeignReader.trialTime
            model = try deduced.tried(on: pictures, isOver: { ContinuousClock.now >= end }) ?? model
        }
        model.remarks = remarks + model.remarks
        return model
    }

    private func stateDict(_ path: String) throws(ImportProblem) -> (StateDict, format: String) {
        guard (try? FileKind(path)) == .tensors else {
            let file = try TorchFile.read(path)
            return (StateDict(file), file.format)
        }
        do {
            // A copy of each tensor, since a training may be writing the file anew.
            let file = try SafetensorsFile(path, access: .copied)
            var entries: [StateDict.Entry] = []
            var numbersLeft = ImportLimit.numbers
            for entry in file.header.entries.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
                try ImportLimit.take(entry.range.count / entry.type.size, from: &numbersLeft)
                entries.append(StateDict.Entry(entry.name, try file.tensor(entry)))
            }
            let names = SharedPrefix.removed(from: entries.map(\.name)).names
            entries = zip(names, entries).map { StateDict.Entry($0, $1.tensor) }
            return (StateDict(entries), "safetensors without an architecture")
        } catch let problem as ImportProblem {
            throw problem
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }
}

extension StateDict {
    fileprivate init(_ file: TorchFile) {
        let modules = Dictionary(
            file.modules.map { ($0.path, StateDict.Record($0.kind, $0.settings)) },
            uniquingKeysWith: { first, _ in first })
        let hints = Dictionary(
            file.hints.compactMap { hint -> (String, Double)? in
                switch hint.value {
                case .integer(let number): (String(hint.word), Double(number))
                case .number(let number): (String(hint.word), Double(number))
                default: nil
                }
            }, uniquingKeysWith: { first, _ in first })
        self.init(file.entries.map { Entry($0.name, $0.tensor) }, modules: modules, hints: hints)
    }

    /// The same names within a module, unless they say so already.
    fileprivate func inside(_ name: String) -> StateDict {
        func moved(_ path: String) -> String { path.hasPrefix(name + ".") ? path : "\(name).\(path)" }
        return StateDict(
            entries.map { Entry(moved($0.name), $0.tensor) },
            modules: Dictionary(modules.map { (moved($0.key), $0.value) }, uniquingKeysWith: { first, _ in first }),
            hints: hints)
    }
}
