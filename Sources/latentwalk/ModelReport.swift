import Checkpoints
import Files
import Importing
import JSON
import ModelFiles
import Neural
import VAE

/// What `latentwalk inspect` says of a model, as text for people and as JSON for programs.
struct ModelReport {
    let path: String
    let fileSize: Int
    let architecture: Architecture
    let provenance: Provenance
    /// The file's tensors, with the types that they have there.
    let tensors: [ModelFile.StoredTensor]
    /// What another framework's file is, what was found out about it, and what was left out of it.
    let format: String?
    let findings: [Finding]
    let remarks: [String]
    /// How many values of each tensor of the model are not finite, where there are any.
    let valuesNotFinite: [String: Int]

    /// What is wrong with what the model has learned, in one sentence; nil where nothing is known to be.
    let health: String?

    init(path: String, _ contents: ModelFile.Contents, health: String? = nil) {
        self.path = path
        self.health = health
        fileSize = contents.size
        architecture = contents.model.architecture
        provenance = contents.model.provenance
        tensors = contents.tensors
        (format, findings, remarks) = (contents.format, contents.findings, contents.remarks)
        valuesNotFinite = contents.model.tensors.mapValues { $0.values.count { !$0.isFinite } }.filter { $0.value > 0 }
    }

    private var networks: [(name: String, network: Network)] {
        (architecture.encoder.map { [("encoder", $0)] } ?? []) + [("decoder", architecture.decoder)]
    }

    // MARK: Text

    var text: String {
        ([overview, found, remarks] + networks.map(layers) + [tensorTable, damage, origin])
            .filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var overview: [String] {
        var table = TextTable([.left, .left])
        let parts = networks.map { "\($0.name) \(grouped($0.network.parameters.learned.elementCount))" }
            .joined(separator: ", ")
        table.add(["file", "\(path.printable), \(grouped(fileSize)) bytes"])
        if let format { table.add(["format", format.printable]) }
        table.add(["images", "\(architecture.image)"])
        table.add(["latents", latents])
        table.add(["likelihood", architecture.likelihood?.text ?? "unknown: name it with --likelihood"])
        if let range = architecture.pixelRange.words { table.add(["pixels", range]) }
        if let classes = architecture.classCount { table.add(["classes", "\(classes)"]) }
        if let count = architecture.conditionCount { table.add(["condition", counted(count, "number")]) }
        if architecture.encoder == nil { table.add(["encoder", "none: the model is a decoder alone"]) }
        if architecture.encoder != nil, architecture.secondHead != .logVariance {
            table.add(["second head", architecture.secondHead.words])
        }
        table.add(["parameters", "\(grouped(architecture.parameterCount)): \(parts)"])
        if let health { table.add(["health", health]) }
        return table.lines
    }

    private var latents: String {
        architecture.latent.extents.count == 1
            ? "\(architecture.latentSize)" : "\(architecture.latentSize), a map of \(architecture.latent)"
    }

    /// What a node computes, and what it reads where that is not just the value before.
    private func summary(_ index: Int, of network: Network) -> String {
        let node = network.nodes[index]
        let call = node.operation.summary(of: network.inputShapes(of: node))
        guard !node.inputs.isEmpty, node.inputs != [network.inputs.count + index - 1], network.inputs.count + index > 1
        else { return call }
        let sources = node.inputs.map { value in
            value < network.inputs.count
                ? network.inputNames[value].printable : shortName(network.nodes[value - network.inputs.count])
        }
        return "\(call) of \(sources.joined(separator: ", "))"
    }

    /// `3` of `decoder.3`.
    private func shortName(_ node: Network.Node) -> String {
        (node.name.split(separator: ".", maxSplits: 1).last.map(String.init) ?? node.name).printable
    }

    private func layers(of name: String, _ network: Network) -> [String] {
        var table = TextTable([.right, .left, .left, .right])
        table.add(["", name, "output", "parameters"])
        for (index, node) in network.nodes.enumerated() {
            let count = node.operation.learnedCount
            table.add([
                shortName(node), summary(index, of: network),
                "\(network.shapes[network.inputs.count + index])", count == 0 ? "" : grouped(count),
            ])
        }
        return table.lines
    }

    /// What was found out, and how sure it is.
    private var found: [String] {
        guard !findings.isEmpty else { return [] }
        var table = TextTable([.left, .left, .left])
        table.add(["of", "found", ""])
        for finding in findings {
            table.add([finding.subject.printable, finding.value.printable, finding.certainty.words])
        }
        return table.lines
    }

    private var tensorTable: [String] {
        var table = TextTable([.left, .left, .left, .right])
        table.add(["tensor", "type", "shape", "bytes"])
        for tensor in tensors {
            table.add([tensor.name.printable, tensor.type, Shape.text(of: tensor.extents), grouped(tensor.bytes)])
        }
        return table.lines
    }

    /// What makes every answer of the model worthless.
    private var damage: [String] {
        let names = tensors.map(\.name).filter { valuesNotFinite[$0] != nil }
        guard !names.isEmpty else { return [] }
        let lines = names.map { "  \($0.printable): \(counted(valuesNotFinite[$0, default: 0], "value"))" }
        return ["not finite, so that the model can only answer with nonsense: take an earlier checkpoint"] + lines
    }

    private var origin: [String] {
        var table = TextTable([.left, .left])
        if let dataset = provenance.dataset { table.add(["data set", dataset.printable]) }
        if let recipe = provenance.recipe { table.add(["recipe", recipe.printable]) }
        for (name, value) in provenance.settings.sorted(by: { $0.key < $1.key }) {
            table.add([name.printable, value.printable])
        }
        if let figures = provenance.evaluation {
            table.add(["evaluated on", "\(figures.data.printable), \(grouped(figures.images)) images"])
            table.add(["−ELBO", "\(fixed(figures.negativeELBO, 2)) nats an image"])
            table.add(["reconstruction", "\(fixed(figures.reconstruction, 2)) nats"])
            table.add(["KL", "\(fixed(figures.kl, 2)) nats"])
        }
        return table.lines
    }

    // MARK: JSON

    var json: JSONValue {
        .object([
            "path": .string(path),
            "bytes": .integer(fileSize),
            "format": format.map(JSONValue.string) ?? .null,
            "findings": .array(findings.map(\.json)),
            "remarks": .array(remarks.map(JSONValue.string)),
            "input": .array(architecture.image.extents.map(JSONValue.integer)),
            "latent": .integer(architecture.latentSize),
            "likelihood": architecture.likelihood.map { .string($0.name) } ?? .null,
            "variance": architecture.likelihood?.varianceJSON ?? .null,
            "parameters": .integer(architecture.parameterCount), "health": health.map(JSONValue.string) ?? .null,
            "encoder": architecture.encoder.map { .array(layersJSON($0)) } ?? .null,
            "decoder": .array(layersJSON(architecture.decoder)),
            "tensors": .array(
                tensors.map { tensor in
                    .object([
                        "name": .string(tensor.name), "dtype": .string(tensor.type),
                        "shape": .array(tensor.extents.map(JSONValue.integer)), "bytes": .integer(tensor.bytes),
                    ])
                }),
            "values_not_finite": .object(
                valuesNotFinite.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { object, entry in
                    object.append(.integer(entry.value), named: entry.key)
                }),
            "provenance": provenance.json,
            "negative_elbo": provenance.evaluation.map { .number($0.negativeELBO) } ?? .null,
        ])
    }

    private func layersJSON(_ network: Network) -> [JSONValue] {
        network.nodes.enumerated().map { index, node in
            .object([
                "name": .string(node.name),
                "layer": .string(summary(index, of: network)),
                "output": .array(network.shapes[network.inputs.count + index].extents.map(JSONValue.integer)),
                "parameters": .integer(node.operation.learnedCount),
            ])
        }
    }
}

extension Certainty {
    var words: String {
        switch self {
        case .known: "known"
        case .inferred: "inferred"
        case .tried(let best, let runnerUp?): "tried: \(fixed(best, 3)), the next \(fixed(runnerUp, 3))"
        case .tried(let best, nil): "tried: \(fixed(best, 3))"
        case .guessed: "guessed"
        }
    }
}

extension PixelRange {
    /// Nil for 0…1.
    var words: String? {
        switch self {
        case .unit: nil
        case .bounded(let low, let high): "\(Setting.number(low)) to \(Setting.number(high))"
        case .free: "of no fixed range: found from samples, unless --pixel-range says it"
        case .logits: "logits"
        }
    }
}

extension SecondHead {
    var words: String {
        switch self {
        case .logVariance: "log σ²"
        case .logSigma: "log σ"
        case .sigma: "σ"
        case .softplus: "softplus gives σ"
        case .none: "none: a plain autoencoder"
        }
    }
}

extension Likelihood {
    var text: String {
        switch self {
        case .bernoulli: name
        case .gaussian(.fixed(let variance)): "\(name), variance \(variance == 1 ? "1" : "\(variance)")"
        case .gaussian(.learned): "\(name), learned variance"
        }
    }

    /// The variance where there is one, `"learned"` or a number.
    fileprivate var varianceJSON: JSONValue {
        switch self {
        case .bernoulli: .null
        case .gaussian(.fixed(let variance)): .float(variance)
        case .gaussian(.learned): .string("learned")
        }
    }
}

extension Operation {
    /// The number of learned numbers; running statistics are not learned.
    var learnedCount: Int { parameters(named: "").learned.elementCount }
}

/// `1,234,567`.
func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
        if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
        text.append(digit)
    }
    return String(text.reversed())
}
