import Importing
import Neural
import Numbers

/// What a PyTorch file holds, read as data: nothing in it is imported or run.
///
/// State dicts, alone or within a checkpoint's dictionary, whole pickled modules, Lightning's checkpoints and
/// TorchScript's archives all give the same: names and tensors in the file's order, and what else the file says.
public struct TorchFile: Sendable {
    /// How the file is laid out.
    public enum Kind: Hashable, Sendable {
        /// A zip archive, since PyTorch 1.6.
        case archive
        /// A stream of pickles, before that.
        case stream
        /// A zip archive with code.
        case torchScript
        /// Written by Python's own `pickle`.
        case pickle
    }

    /// A tensor under its name.
    public struct Entry: Hashable, Sendable {
        public let name: String
        public let tensor: Tensor
        /// What the file stores its numbers as.
        public let type: ElementType
    }

    /// A plain value that stands beside the tensors.
    public struct Hint: Hashable, Sendable {
        /// With the names of the dictionaries around it: `hyper_parameters.latent_dim`.
        public let name: String
        public let value: Setting

        /// The name's last word: `latent_dim`.
        public var word: Substring { name.split(separator: ".").last ?? "" }
    }

    public let kind: Kind
    /// What the file is, in words: `PyTorch state dict in a zip archive`.
    public let format: String
    /// The state dict in the file's order, without prefixes that all names share.
    public let entries: [Entry]
    /// What a pickled module or TorchScript says of its modules, in order, a module before its parts; empty for a state
    /// dict. Paths have no shared prefixes either.
    public let modules: [ModuleRecord]
    /// TorchScript's, whose `forward` can be followed; nil for all others.
    public let program: ScriptedProgram?
    /// The module that the file is, where it is a plain chain of layers; nil for all others.
    public let chain: ModuleChain?
    /// Hyper-parameters, arguments, and whatever else is plain.
    public let hints: [Hint]
    /// What was chosen, passed over and taken off, a clause each.
    public let remarks: [String]

    /// Bytes of a name, as in safetensors.
    private static let longestName = 512

    /// Reads a file.
    ///
    /// - Throws: ``ImportProblem``: what the file is, where it is none of PyTorch's; what is damaged, or not supported.
    public static func read(_ path: String) throws(ImportProblem) -> TorchFile {
        try TorchFile(TorchContainer(path: path))
    }

    private init(_ container: TorchContainer) throws(ImportProblem) {
        let graph = container.graph
        if let length = graph.longestName, length > Self.longestName {
            throw ImportProblem(
                .badFile, "it has a name of \(length) bytes, and names of tensors have at most \(Self.longestName)")
        }
        let candidates = CandidateSearch(graph, code: container.code).candidates
        let choice = CandidateChoice(candidates)
        guard let chosen = choice?.chosen ?? Self.frozen(container) else {
            throw Contents.problem(of: graph, candidates: candidates)
        }
        var remarks = choice?.remarks ?? ["its weights are constants of its code"]
        let selection = EntrySelection(chosen)
        remarks += selection.remarks
        kind = container.kind
        modules = selection.modules
        format = container.kind.sentence(isModule: !selection.modules.isEmpty)
        hints = Hints(graph).found
        entries = try Self.read(selection.entries, graph, container.storages)
        self.remarks = remarks
        // Under their full names, as the modules have them.
        let full = zip(chosen.entries, entries)
        program = try container.code.map { code throws(ImportProblem) in
            try ScriptedProgram(code, chosen.modules, Self.read(chosen.entries, graph, container.storages))
        }
        chain =
            container.code == nil && chosen.entries.count == entries.count
            ? ModuleChain(
                chosen.modules, full.map { Entry(name: $0.name, tensor: $1.tensor, type: $1.type) }, format: format)
            : nil
    }

    /// A program whose weights are in its code, and whose modules have none.
    private static func frozen(_ container: TorchContainer) -> Candidate? {
        guard let code = container.code, !code.constants.isEmpty else { return nil }
        let tree = ModuleTree(container.graph, root: container.graph.root, code: code)
        return tree.modules.isEmpty ? nil : Candidate(path: [], entries: [], modules: tree.modules)
    }

    static func read(
        _ found: [(name: String, tensor: FoundTensor)], _ graph: PickleGraph, _ storages: any StorageSource
    ) throws(ImportProblem) -> [Entry] {
        var stored: [(name: String, tensor: StoredTensor)] = []
        for (name, tensor) in found {
            switch tensor {
            case .stored(let tensor): stored.append((name, tensor))
            case .refused(let why):
                throw ImportProblem(.unsupported, "the tensor \(name.printable) is \(why), which is not supported")
            }
        }
        var reader = TensorReader(graph, storages, reading: stored.map(\.tensor))
        var entries: [Entry] = []
        for (name, tensor) in stored {
            let values = try reader.read(tensor, name: name.printable)
            entries.append(Entry(name: name, tensor: values, type: tensor.type))
        }
        return entries
    }
}

extension TorchFile.Kind {
    fileprivate func sentence(isModule: Bool) -> String {
        let what = isModule ? "PyTorch module" : "PyTorch state dict"
        return switch self {
        case .archive: "\(what) in a zip archive"
        case .stream: "\(what) in a stream of pickles"
        case .torchScript: "TorchScript archive"
        case .pickle: "\(what) in a plain pickle"
        }
    }
}
