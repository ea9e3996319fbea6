import JSON
import Neural
import VAE

extension Architecture {
    /// The version of the JSON that is written, and the only one that is read.
    static let formatVersion = 1

    /// The architecture as the checkpoint's metadata carries it: `{"version": 1, "input": [1, 28, 28], "latent": 2,
    /// "likelihood": "bernoulli", "encoder": [{"type": "Conv2d", …}, …], "decoder": […]}`.
    ///
    /// A Gaussian likelihood of another variance than 1 has that beside it: `"variance": 0.1`, or `"learned"`.
    public var json: JSONValue {
        var object: JSONObject = [
            "version": .integer(Architecture.formatVersion),
            "input": .array(input.extents.map(JSONValue.integer)),
            "latent": .integer(latentSize),
            "likelihood": .string(likelihood.name),
        ]
        switch likelihood {
        case .bernoulli, .gaussian(.fixed(1)): break
        case .gaussian(.fixed(let variance)): _ = object.insert(.float(variance), named: "variance")
        case .gaussian(.learned): _ = object.insert(.string("learned"), named: "variance")
        }
        _ = object.insert(Architecture.json(encoder), named: "encoder")
        _ = object.insert(Architecture.json(decoder), named: "decoder")
        return .object(object)
    }

    private static func json(_ network: Network) -> JSONValue {
        .array(network.nodes.map { $0.operation.json(input: network.shapes[$0.inputs[0]]) })
    }

    /// Reads an architecture.
    ///
    /// - Throws: ``ArchitectureProblem`` naming the key and the layer that is wrong.
    public init(json: JSONValue) throws(ArchitectureProblem) {
        guard let object = json.object else { throw .notObject(json.kind) }
        var fields = FieldReader(object, what: "the architecture")
        // First, since a later version may have other keys.
        let version = try fields.integer("version")
        guard version <= Architecture.formatVersion else { throw .newerVersion(version) }
        guard version == Architecture.formatVersion else {
            throw .unsupported(key: "version", value: "\(version)", what: "the architecture", supported: "1")
        }
        let input = try fields.integers("input")
        let latentSize = try fields.integer("latent")
        let likelihood = try Architecture.likelihood(&fields)
        let encoder = try Architecture.layers("encoder", &fields)
        let decoder = try Architecture.layers("decoder", &fields)
        try fields.finish()
        do {
            try self.init(
                input: Shape(input), latentSize: latentSize, likelihood: likelihood, encoder: encoder.map(\.operation),
                decoder: decoder.map(\.operation))
        } catch {
            throw .inconsistent(error)
        }
        try Architecture.checkBatchNormalization(self.encoder, encoder)
        try Architecture.checkBatchNormalization(self.decoder, decoder)
    }

    private static func likelihood(_ fields: inout FieldReader) throws(ArchitectureProblem) -> Likelihood {
        guard let name = try fields.required("likelihood").string else { throw fields.wrong("likelihood", "a string") }
        switch name {
        case "bernoulli": return .bernoulli
        case "gaussian":
            guard let variance = fields.optional("variance") else { return .gaussian() }
            if variance.string == "learned" { return .gaussian(.learned) }
            guard let number = variance.number.map({ Float($0) }), number > 0, number.isNormal else {
                throw fields.wrong("variance", "a number above 0, or \"learned\"")
            }
            return .gaussian(.fixed(number))
        default: throw .unknownLikelihood(name)
        }
    }

    /// An operation, and the name that the file gives its type.
    private typealias NamedLayer = (operation: Operation, type: String?)

    private static func layers(
        _ part: String, _ fields: inout FieldReader
    ) throws(ArchitectureProblem) -> [NamedLayer] {
        guard let list = try fields.required(part).array else { throw fields.wrong(part, "a list of layers") }
        guard list.count <= ArchitectureProblem.largestLayerCount else { throw .tooManyLayers(part, list.count) }
        var layers: [NamedLayer] = []
        for (index, layer) in list.enumerated() {
            let operation = try LayerReader.operation(layer, name: "\(part).\(index)")
            layers.append((operation, layer.object?["type"]?.string))
        }
        return layers
    }

    /// `BatchNorm1d` and `BatchNorm2d` are one operation here; in PyTorch each refuses the other's input.
    private static func checkBatchNormalization(
        _ network: Network, _ layers: [NamedLayer]
    ) throws(ArchitectureProblem) {
        for (node, layer) in zip(network.nodes, layers) {
            guard case .batchNormalization = node.operation, let type = layer.type else { continue }
            let shape = network.shapes[node.inputs[0]]
            guard type != batchNormalizationType(of: shape) else { continue }
            let expected = type == "BatchNorm1d" ? "features" : "channels × height × width"
            throw .inconsistent(.layer(node.name, .wrongInput(type, found: shape, expected: expected)))
        }
    }
}
