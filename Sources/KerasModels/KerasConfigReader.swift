import Importing
import JSON

/// Reads a model's configuration: what Keras writes as `model_config`, `config.json` or `to_json`.
struct KerasConfigReader {
    /// Models within each other.
    static let depth = 12
    /// Layers in all.
    static let most = 20_000

    private var count = 0

    /// - Returns: the model; one of a class of the author's own has no network, but perhaps parts that have one.
    static func model(_ json: JSONValue) throws(ImportProblem) -> KerasLayer {
        var reader = KerasConfigReader()
        return try reader.layer(json, name: "model", depth: 0)
    }

    /// The parts of a model of the author's own class: attributes that are layers or models.
    static func parts(of layer: KerasLayer) throws(ImportProblem) -> [KerasLayer] {
        var reader = KerasConfigReader()
        var parts: [KerasLayer] = []
        for member in layer.config.members {
            guard let object = member.value.object, object["class_name"]?.string != nil, object["config"]?.object != nil
            else { continue }
            guard var part = try? reader.layer(member.value, name: member.name, depth: 1), part.network != nil else {
                continue
            }
            // Keras 2 numbers the parts as it numbers layers. Keras 3 goes by the attribute's name, which is the part's
            // more often than that of the constructor's argument.
            let word = String(part.bareClass).kerasSnakeCase
            let before = parts.filter { String($0.bareClass).kerasSnakeCase == word }.count
            let words = [part.name, before == 0 ? word : "\(word)_\(before)"]
            part.address = KerasAddress(
                names: [part.name], base: member.name,
                otherBases: ["layers", "_layer_checkpoint_dependencies"].flatMap { container in
                    words.map { "\(container)/\($0)" }
                } + [part.name])
            parts.append(part)
        }
        return parts
    }

    private mutating func layer(_ json: JSONValue, name: String, depth: Int) throws(ImportProblem) -> KerasLayer {
        count += 1
        guard count <= KerasConfigReader.most else {
            throw ImportProblem(.badFile, "the configuration has more than \(KerasConfigReader.most) layers")
        }
        guard depth <= KerasConfigReader.depth else {
            throw ImportProblem(
                .badFile, "the configuration has models nested deeper than \(KerasConfigReader.depth)")
        }
        guard let object = json.object, let className = object["class_name"]?.string else {
            throw ImportProblem(.badFile, "a layer of the configuration has no class_name")
        }
        // Keras 1 and early 2 wrote a chain as a bare list of layers.
        var config: JSONObject
        if let list = object["config"]?.array {
            config = ["layers": .array(list)]
        } else {
            config = object["config"]?.object ?? [:]
        }
        if className == "TensorFlowOpLayer" { config = KerasConfigReader.function(of: config) }
        let own = object["name"]?.string ?? config["name"]?.string ?? name
        var network: KerasNetwork?
        if let layers = config["layers"]?.array {
            let isFunctional = config["output_layers"] != nil
            network =
                isFunctional
                ? try functional(own, config, layers, depth)
                : try chain(own, config, layers, object["build_config"]?.object, depth)
        }
        let whole = KerasLayer.className(
            className, module: object["module"]?.string, registeredName: object["registered_name"]?.string)
        return KerasLayer(className: whole, name: own, config: config, network: network)
    }

    /// TensorFlow 2.0 to 2.3 wrote a function as a node of its graph, in JSON within the JSON.
    private static func function(of config: JSONObject) -> JSONObject {
        var config = config
        guard let text = config["node_def"]?.string, let node = try? KerasFile.json(Array(text.utf8), "node_def"),
            let name = node.object?["op"]
        else { return config }
        _ = config.insert(name, named: "function")
        return config
    }

    // MARK: Graphs

    private mutating func functional(
        _ name: String, _ config: JSONObject, _ list: [JSONValue], _ depth: Int
    ) throws(ImportProblem) -> KerasNetwork {
        var layers: [KerasLayer] = []
        var calls: [String: [KerasCall]] = [:]
        for json in list {
            let layer = try layer(json, name: "layer", depth: depth + 1)
            guard calls[layer.name] == nil else {
                throw ImportProblem(.badFile, "two layers are called \(layer.name.shortened)")
            }
            var made: [KerasCall] = []
            for node in json.object?["inbound_nodes"]?.array ?? [] { made.append(try KerasCallReader.call(node)) }
            // An input is made by nobody.
            if made.isEmpty { made = [KerasCall()] }
            layers.append(layer)
            calls[layer.name] = made
        }
        let ends = KerasCallReader.ends(config["output_layers"])
        // A model within the model has a first call of its own, from when it was made, which is not written down.
        let read = calls.values.flatMap { $0.flatMap(\.references) } + ends
        let firsts = Set(read.filter { $0.call == 0 }.map(\.layer))
        for layer in layers where layer.network != nil && !firsts.contains(layer.name) {
            calls[layer.name]?.insert(KerasCall(), at: 0)
        }
        return KerasNetwork(
            name: name, layers: layers, calls: calls,
            inputs: KerasCallReader.ends(config["input_layers"]), outputs: ends
        )
    }

    // MARK: Chains

    private mutating func chain(
        _ name: String, _ config: JSONObject, _ list: [JSONValue], _ built: JSONObject?, _ depth: Int
    ) throws(ImportProblem) -> KerasNetwork {
        var layers: [KerasLayer] = []
        for json in list { layers.append(try layer(json, name: "layer\(layers.count)", depth: depth + 1)) }
        var calls: [String: [KerasCall]] = [:]
        var names = Set(layers.map(\.name))
        guard names.count == layers.count else { throw ImportProblem(.badFile, "two layers of \(name) have one name") }
        let input: String
        if let first = layers.first, first.className == "InputLayer" {
            input = first.name
        } else {
            // The shape of what a chain takes stands with the first layer, or with the chain.
            let shape =
                layers.first?.config["batch_input_shape"] ?? layers.first?.config["batch_shape"]
                ?? config["build_input_shape"] ?? built?["input_shape"]
                ?? layers.first?.network.flatMap { inner in
                    inner.layers.first { $0.name == inner.inputs.first?.layer }.flatMap {
                        $0.config["batch_input_shape"] ?? $0.config["batch_shape"]
                    }
                }
                ?? KerasConfigReader.shape(before: layers.first)
            var own = "input"
            while !names.insert(own).inserted { own += "_" }
            input = own
            layers.insert(
                KerasLayer(
                    className: "InputLayer", name: own, config: ["name": .string(own), "batch_shape": shape ?? .null],
                    network: nil), at: 0)
        }
        calls[input] = [KerasCall()]
        var last = KerasReference(layer: input, call: 0, output: 0)
        for layer in layers where layer.name != input {
            calls[layer.name] = [KerasCall(arguments: [.value(last)])]
            last = KerasReference(layer: layer.name, call: 0, output: 0)
        }
        return KerasNetwork(
            name: name, layers: layers, calls: calls, inputs: [KerasReference(layer: input, call: 0, output: 0)],
            outputs: [last])
    }

    /// Keras 1's `input_dim` of a first dense layer.
    private static func shape(before layer: KerasLayer?) -> JSONValue? {
        layer?.config["input_dim"].map { .array([.null, $0]) }
    }
}
