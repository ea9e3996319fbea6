import Deduction
import Importing
import Neural

/// State dicts for tests, of which only names and shapes matter.
enum SmallDicts {
    static func entry(_ name: String, _ extents: Int...) -> StateDict.Entry {
        let count = extents.reduce(1, *)
        return StateDict.Entry(
            name, Tensor(extents: extents, values: (0..<count).map { Float($0 * 31 % 17) / 20 - 0.4 }))
    }

    static func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> [StateDict.Entry] {
        [entry(name + ".weight", outputs, inputs), entry(name + ".bias", outputs)]
    }

    static func convolution(
        _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int = 3, bias: Bool = true
    ) -> [StateDict.Entry] {
        [entry(name + ".weight", outputs, inputs, kernel, kernel)] + (bias ? [entry(name + ".bias", outputs)] : [])
    }

    static func transposed(
        _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int = 3, bias: Bool = true
    ) -> [StateDict.Entry] {
        [entry(name + ".weight", inputs, outputs, kernel, kernel)] + (bias ? [entry(name + ".bias", outputs)] : [])
    }

    static func normalization(_ name: String, _ channels: Int) -> [StateDict.Entry] {
        ["weight", "bias", "running_mean", "running_var"].map { word in
            StateDict.Entry(
                "\(name).\(word)", Tensor(extents: [channels], values: Array(repeating: 1, count: channels)))
        }
    }

    /// The layers of a half as PyTorch prints them.
    static func layers(_ network: Network) -> [String] { network.nodes.map { $0.operation.summary(of: []) } }

    static func imported(
        _ entries: [StateDict.Entry], _ modules: [ModuleRecord] = [], hints: [String: Double] = [:]
    ) throws(ImportProblem) -> ImportedModel {
        let dict = StateDict(
            entries, modules: Dictionary(modules.map { ($0.path, $0) }, uniquingKeysWith: { $1 }), hints: hints)
        return try Deduced(dict, format: "test").imported()
    }
}
