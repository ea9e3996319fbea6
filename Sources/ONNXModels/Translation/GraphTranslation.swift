import Importing
import Neural
import Numbers

/// ONNX's graph as a network that is put together: what each name stands for, node by node.
///
/// What cannot be translated is kept as such, so that only what the wanted outputs need must be known.
final class GraphTranslation {
    /// Graphs within graphs: branches of conditions.
    private static let deepest = 8
    /// The most nodes, and elements of folded constants together.
    static let mostNodes = 20_000

    var assembly = GraphAssembly()
    let version: Int
    let tensors: TensorReader
    /// The size of the batch that the graph was made for, where that is more than one.
    let frozenBatch: Int?
    /// Weights that layers were made of, for those that take in what follows them.
    var recent: [GraphAssembly.Value: FoldableLayer] = [:]
    /// Noise that the graph draws itself.
    var noise: [GraphAssembly.Value] = []
    /// The elements that constants may still be computed of.
    var allowance: Int

    private var values: [String: TranslatedValue] = [:]
    private var unread: [String: TensorMessage] = [:]
    private var nodeCount = 0
    /// Names that the branch which is being translated has made; nil outside of all branches.
    private var inner: [String]?
    private let functions: Set<String>
    /// The line that helps where something is not supported, in the words of the framework that wrote the file.
    let exportAdvice: String

    /// - Parameter allowance: of elements of constants that are computed, by the file's size.
    init(_ model: ModelMessage, version: Int, tensors: TensorReader, frozenBatch: Int?, allowance: Int) {
        self.version = version
        self.tensors = tensors
        self.frozenBatch = frozenBatch
        self.allowance = allowance
        functions = Set(model.functions.map(\.name))
        let isKeras = ["tf2onnx", "keras", "tensorflow"].contains { model.producer.lowercased().contains($0) }
        exportAdvice =
            "write it otherwise, and export the decoder alone: "
            + (isKeras
                ? "decoder.export(\"decoder.onnx\", format=\"onnx\")"
                : ImportProblem.exportLine)
    }

    /// Gives a name its value; constants are read when somebody needs them.
    func define(_ name: String, _ value: TranslatedValue) throws(ImportProblem) {
        guard values[name] == nil, unread[name] == nil else {
            throw ImportProblem(.badFile, "the value \(name) is made twice")
        }
        values[name] = value
        inner?.append(name)
    }

    func value(_ name: String) -> TranslatedValue? {
        if let known = values[name] { return known }
        guard let message = unread[name] else { return nil }
        let value: TranslatedValue
        do throws(ImportProblem) { value = .constant(try tensors.read(message, name: name)) } catch {
            value = .failed(error)
        }
        values[name] = value
        return value
    }

    /// The type of a constant of the file; nil for what is computed.
    func type(ofConstant name: String) -> ElementType? { unread[name].flatMap { ElementType(onnx: $0.element) } }

    func addConstants(_ graph: GraphMessage) throws(ImportProblem) {
        for tensor in graph.constants {
            guard values[tensor.name] == nil, unread.updateValue(tensor, forKey: tensor.name) == nil else {
                throw ImportProblem(.badFile, "the tensor \(tensor.name) is there twice")
            }
            inner?.append(tensor.name)
        }
    }

    /// Translates the nodes of a graph whose inputs and constants are defined.
    func translate(_ nodes: [NodeMessage], depth: Int = 0) throws(ImportProblem) {
        guard depth <= GraphTranslation.deepest else {
            throw ImportProblem(.badFile, "its conditions are nested deeper than \(GraphTranslation.deepest) levels")
        }
        nodeCount += nodes.count
        guard nodeCount <= GraphTranslation.mostNodes else {
            throw ImportProblem(.badFile, "it has more than \(GraphTranslation.mostNodes) nodes")
        }
        for index in try NodeOrder(nodes).order { try translate(nodes[index], depth: depth) }
    }

    private func translate(_ node: NodeMessage, depth: Int) throws(ImportProblem) {
        let title = node.title
        let results: [TranslatedValue]
        do throws(ImportProblem) {
            results = try compute(node, title, depth: depth)
        } catch {
            for name in node.outputs where !name.isEmpty { try define(name, .failed(error)) }
            return
        }
        for (index, name) in node.outputs.enumerated() where !name.isEmpty {
            let missing = ImportProblem(
                .unsupported, "\(title): its output \(name) is not supported", advice: exportAdvice)
            try define(name, index < results.count ? results[index] : .failed(missing))
        }
    }

    private func compute(_ node: NodeMessage, _ title: String, depth: Int) throws(ImportProblem) -> [TranslatedValue] {
        var inputs: [TranslatedValue?] = []
        for name in node.inputs {
            guard !name.isEmpty else {
                inputs.append(nil)
                continue
            }
            guard let value = value(name) else {
                throw ImportProblem(.badFile, "\(title) reads \(name), which the file does not have")
            }
            if case .failed(let problem) = value { throw problem }
            inputs.append(value)
        }
        let call = try NodeCall(node, title: title, version: version, inputs: inputs, in: self)
        if node.operatorName == "If", isUsual(node.domain) { return try branch(call, depth: depth) }
        let name = isUsual(node.domain) ? node.operatorName : "\(node.domain).\(node.operatorName)"
        if let folded = try ConstantFolding.fold(call, name) {
            try call.refuseStrangeAttributes()
            return folded.map { .constant($0) }
        }
        guard let translate = OperatorTable.functions[name], !functions.contains(name) else {
            throw ImportProblem(
                .unsupported, "\(title): the operator \(name) is not supported", advice: exportAdvice)
        }
        let results = try translate(call)
        try call.refuseStrangeAttributes()
        return results
    }

    private func isUsual(_ domain: String) -> Bool { domain.isEmpty || domain == "ai.onnx" }

    /// The branch of a condition that is known.
    private func branch(_ call: NodeCall, depth: Int) throws(ImportProblem) -> [TranslatedValue] {
        let condition = try call.needed(0, "condition")
        guard let value = condition.scalar, let graph = call.graph(value != 0 ? "then_branch" : "else_branch") else {
            throw call.wrong("its condition is not one truth value, or the branch for it is missing")
        }
        // What a branch makes is its own: others may call theirs the same.
        let outer = inner
        inner = []
        defer {
            for name in inner ?? [] { (values[name], unread[name]) = (nil, nil) }
            inner = outer
        }
        try addConstants(graph)
        try translate(graph.nodes, depth: depth + 1)
        var results: [TranslatedValue] = []
        for output in graph.outputs {
            guard let result = self.value(output.name) else {
                throw call.wrong("its branch does not make \(output.name)")
            }
            results.append(result)
        }
        return results
    }
}
