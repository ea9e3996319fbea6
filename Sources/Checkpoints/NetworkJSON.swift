import Files
import JSON
import Neural
import VAE

/// A part of an architecture in JSON: a list of layers where each reads the one before it, else an object with `inputs`,
/// `layers` that name what they read, and `outputs`.
enum NetworkJSON {
    /// Keys of a layer in a graph that are not its keywords.
    private static let apart: Set<String> = ["name", "inputs"]

    // MARK: Writing

    static func json(_ part: Architecture.Part, name: String) -> JSONValue {
        isPlain(part, name) ? .array(layers(part.network, name: name, isGraph: false)) : graph(part, name: name)
    }

    /// Whether a list of layers says it all.
    static func isPlain(_ part: Architecture.Part, _ name: String) -> Bool {
        part.network.isChain && part.roles.count == 1
            && part.network.nodes.enumerated().allSatisfy { $0.element.name == "\(name).\($0.offset)" }
    }

    private static func layers(_ network: Network, name: String, isGraph: Bool) -> [JSONValue] {
        network.nodes.enumerated().map { index, node in
            let layer = node.operation.json(inputs: network.inputShapes(of: node))
            guard isGraph else { return .object(layer) }
            var object: JSONObject = ["name": .string(shortName(node, name))]
            for member in layer.members { object.append(member.value, named: member.name) }
            if node.inputs != [network.inputs.count + index - 1] || index == 0 {
                object.append(
                    .array(node.inputs.map { .string(valueName($0, network, name)) }), named: "inputs")
            }
            return .object(object)
        }
    }

    private static func graph(_ part: Architecture.Part, name: String) -> JSONValue {
        let network = part.network
        let inputs = network.inputs.indices.map { index -> JSONValue in
            var object: JSONObject = ["name": .string(network.inputNames[index])]
            switch part.roles[index] {
            case .latent: object.append(.string("latent"), named: "role")
            case .image: object.append(.string("image"), named: "role")
            case .condition: object.append(.string("condition"), named: "role")
            case .noise: object.append(.string("noise"), named: "role")
            case .label(let classes, let coding):
                object.append(.string("label"), named: "role")
                object.append(.integer(classes), named: "classes")
                object.append(.string(coding.rawValue), named: "coding")
            }
            if [.condition, .noise].contains(part.roles[index]) {
                object.append(.array(network.inputs[index].extents.map(JSONValue.integer)), named: "shape")
            }
            return .object(object)
        }
        return .object([
            "inputs": .array(inputs), "layers": .array(layers(network, name: name, isGraph: true)),
            "outputs": .array(network.outputs.map { .string(valueName($0, network, name)) }),
        ])
    }

    private static func shortName(_ node: Network.Node, _ name: String) -> String {
        node.name.hasPrefix("\(name).") ? String(node.name.dropFirst(name.count + 1)) : node.name
    }

    private static func valueName(_ value: Int, _ network: Network, _ name: String) -> String {
        value < network.inputs.count
            ? network.inputNames[value] : shortName(network.nodes[value - network.inputs.count], name)
    }

    // MARK: Reading

    /// What the part's first input is, and how large.
    struct Entrance {
        let role: InputRole
        let name: String
        let shape: Shape
    }

    static func part(
        _ value: JSONValue, name: String, entrance: Entrance
    ) throws(ArchitectureProblem) -> Architecture.Part {
        if let list = value.array { return try chain(list, name: name, entrance: entrance) }
        guard let object = value.object else {
            throw .wrongType(
                key: name, what: "the architecture", expected: "a list of layers, or an object with inputs and layers",
                found: value.kind)
        }
        var fields = FieldReader(object, what: "the \(name)")
        let inputs = try inputs(&fields, name: name, entrance: entrance)
        guard let layers = try fields.required("layers").array else { throw fields.wrong("layers", "a list of layers") }
        let outputs = fields.optional("outputs")
        try fields.finish()
        return try graph(inputs, layers, outputs, name: name)
    }

    private static func chain(
        _ list: [JSONValue], name: String, entrance: Entrance
    ) throws(ArchitectureProblem) -> Architecture.Part {
        try checkCount(list, name)
        var operations: [Operation] = []
        for (index, layer) in list.enumerated() {
            operations.append(try LayerReader.operation(layer, name: "\(name).\(index)"))
        }
        let network: Network
        do {
            network = try Network(
                sequential: operations, input: entrance.shape, name: name, inputName: entrance.name,
                outputName: entrance.role == .image ? "posterior" : "image")
        } catch {
            throw .inconsistent(error)
        }
        try checkTypes(network, list)
        return Architecture.Part(network, roles: [entrance.role])
    }

    private static func checkCount(_ list: [JSONValue], _ name: String) throws(ArchitectureProblem) {
        guard list.count <= ArchitectureProblem.largestLayerCount else { throw .tooManyLayers(name, list.count) }
    }

    private static let nameRule = "a text of 1 to 200 printable letters"

    /// Names are shown, and begin the names of tensors.
    private static func isName(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count) && text.printable == text
    }

    private typealias Input = (name: String, role: InputRole, shape: Shape)

    private static func inputs(
        _ fields: inout FieldReader, name: String, entrance: Entrance
    ) throws(ArchitectureProblem) -> [Input] {
        guard let list = try fields.required("inputs").array, !list.isEmpty else {
            throw fields.wrong("inputs", "a list of inputs")
        }
        var inputs: [Input] = []
        for (index, value) in list.enumerated() {
            guard let object = value.object else { throw fields.wrong("inputs", "a list of objects") }
            var input = FieldReader(object, what: "input \(index) of the \(name)")
            guard let title = try input.required("name").string, isName(title) else {
                throw input.wrong("name", nameRule)
            }
            guard !inputs.contains(where: { $0.name == title }) else {
                throw .inconsistent(.invalid("the \(name) has two inputs called \(title)"))
            }
            inputs.append(try self.input(&input, title, entrance))
            try input.finish()
        }
        return inputs
    }

    private static func input(
        _ fields: inout FieldReader, _ title: String, _ entrance: Entrance
    ) throws(ArchitectureProblem) -> Input {
        switch try fields.required("role").string {
        case "latent" where entrance.role == .latent, "image" where entrance.role == .image:
            return (title, entrance.role, entrance.shape)
        case "condition": return (title, .condition, try Shape.read(try fields.integers("shape")))
        case "noise": return (title, .noise, try Shape.read(try fields.integers("shape")))
        case "label":
            let classes = try fields.integer("classes")
            let word = fields.optional("coding") ?? .string(LabelCoding.oneHot.rawValue)
            guard let coding = word.string.flatMap(LabelCoding.init) else {
                throw fields.wrong("coding", "one_hot or index")
            }
            return (title, .label(classes: classes, coding), try Shape.read([coding == .oneHot ? max(1, classes) : 1]))
        default:
            throw fields.wrong(
                "role", "\(entrance.role == .image ? "image" : "latent"), label, condition or noise")
        }
    }

    private static func graph(
        _ inputs: [Input], _ layers: [JSONValue], _ outputs: JSONValue?, name: String
    ) throws(ArchitectureProblem) -> Architecture.Part {
        try checkCount(layers, name)
        var values: [String: Int] = [:]
        for (index, input) in inputs.enumerated() { values[input.name] = index }
        var nodes: [Network.Node] = []
        var titles: [String] = []
        for (index, layer) in layers.enumerated() {
            let title = layer.object?["name"] ?? .string("\(index)")
            guard let text = title.string, isName(text) else {
                throw .wrongType(
                    key: "name", what: "layer \(index) of the \(name)", expected: nameRule, found: title.compactText)
            }
            titles.append(text)
        }
        for (index, layer) in layers.enumerated() {
            let title = titles[index]
            guard values[title] == nil else {
                throw .inconsistent(.invalid("the name \(title) occurs twice in the \(name)"))
            }
            let operation = try LayerReader.operation(layer, name: "\(name).\(title)", apart: apart)
            let read = try references(
                layer.object?["inputs"], values, what: "layer \(name).\(title)",
                standard: index == 0 ? 0 : inputs.count + index - 1)
            nodes.append(Network.Node(operation, inputs: read, name: "\(name).\(title)"))
            values[title] = inputs.count + index
        }
        // Without layers the first input is the answer.
        let last = nodes.isEmpty ? 0 : inputs.count + nodes.count - 1
        let read = try references(outputs, values, what: "the \(name)", key: "outputs", standard: last)
        let network: Network
        do {
            let names = outputs?.array?.compactMap(\.string) ?? [titles.last ?? inputs[0].name]
            network = try Network(
                inputs: inputs.map(\.shape), nodes: nodes, outputs: read, inputNames: inputs.map(\.name),
                outputNames: names)
        } catch {
            throw .inconsistent(error)
        }
        try checkTypes(network, layers)
        return Architecture.Part(network, roles: inputs.map(\.role))
    }

    /// The values that names stand for.
    private static func references(
        _ value: JSONValue?, _ values: [String: Int], what: String, key: String = "inputs", standard: Int
    ) throws(ArchitectureProblem) -> [Int] {
        guard let value else { return [standard] }
        guard let names = value.array?.compactMap(\.string), names.count == value.array?.count else {
            throw .wrongType(key: key, what: what, expected: "a list of names", found: value.compactText)
        }
        var read: [Int] = []
        for name in names {
            guard let value = values[name] else { throw .unknownValue(name, what: what) }
            read.append(value)
        }
        return read
    }

    /// Some layers have one name for images and another for features; in PyTorch each refuses the other's input.
    private static func checkTypes(_ network: Network, _ layers: [JSONValue]) throws(ArchitectureProblem) {
        for (node, layer) in zip(network.nodes, layers) {
            guard let type = layer.object?["type"]?.string else { continue }
            let shapes = network.inputShapes(of: node)
            guard node.operation.kind(of: shapes) != type, let shape = shapes.first else { continue }
            let expected = type.hasSuffix("1d") ? "features" : "channels × height × width"
            throw .inconsistent(.layer(node.name, .wrongInput(type, found: shape, expected: expected)))
        }
    }
}
