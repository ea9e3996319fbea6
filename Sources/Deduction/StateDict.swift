import Importing
import Neural

/// Names and tensors as a file has them, in its order, and what else it says of its layers.
public struct StateDict: Sendable {
    public struct Entry: Hashable, Sendable {
        public let name: String
        public let tensor: Tensor

        public init(_ name: String, _ tensor: Tensor) {
            self.name = name
            self.tensor = tensor
        }

        private var dot: String.Index? { name.lastIndex(of: ".") }
        /// The path of the module that holds it: `decoder.3` of `decoder.3.weight`.
        var module: String { dot.map { String(name[..<$0]) } ?? "" }
        /// What it is there: `weight`.
        var word: Substring { dot.map { name[name.index(after: $0)...] } ?? name[...] }
    }

    public var entries: [Entry]
    /// What a pickled module or TorchScript says of modules, by their paths: also of those without tensors.
    public var modules: [String: ModuleRecord]
    /// Hyper-parameters: `latent_dim`.
    public var hints: [String: Double]
    /// What a `config.json` beside the weights says: `act_fn`, `norm_num_groups`.
    public var configuration: [String: Setting]
    /// What a known layout says of modules that stand after a layer, by its path.
    var followers: [String: [ModuleRecord]] = [:]

    public init(
        _ entries: [Entry], modules: [String: ModuleRecord] = [:], hints: [String: Double] = [:],
        configuration: [String: Setting] = [:]
    ) {
        self.entries = entries
        self.modules = modules
        self.hints = hints
        self.configuration = configuration
    }
}
