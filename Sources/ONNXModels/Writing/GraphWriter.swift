internal import Foundation
import Neural

/// A graph of ONNX's operators as it is put together, node by node.
final class GraphWriter {
    /// Every recent ONNX Runtime has it, and layer normalization is an operator in it.
    static let operatorVersion = 17
    static let formatVersion = 8

    /// A value of the graph; its first axis is the batch.
    struct Value: Hashable {
        let name: String
        /// The numbers of classes, int64; all else is float32.
        var isInteger = false
        /// Whether its first axis is as long as the batch, or 1 for all: it depends on no input.
        var hasBatch = true
    }

    enum Attribute {
        case integer(Int)
        case integers([Int])
        case number(Float)
        case text(String)
    }

    /// The numbers by which the format knows types of elements.
    enum Element: Int32 {
        case float32 = 1
        case int64 = 7
        case boolean = 9
    }

    private(set) var message = GraphMessage()
    private var names: Set<String> = []
    private var known: [[Int]: String] = [:]
    private var numbers: [Float: String] = [:]
    private var casts: [String: String] = [:]
    /// Bytes of all constants.
    private(set) var size = 0

    init(name: String) { message.name = name }

    // MARK: Ends

    /// - Parameter extents: without the batch.
    func input(_ name: String, _ extents: [Int], _ element: Element = .float32) -> Value {
        message.inputs.append(port(name, extents, element))
        names.insert(name)
        return Value(name: name, isInteger: element == .int64)
    }

    /// Makes a value an output, under a name that people know.
    func output(_ value: Value, _ wanted: String, _ extents: [Int]) {
        let name = unique(wanted)
        message.outputs.append(port(name, extents, .float32))
        // Inputs, constants and what is an output already keep their names.
        guard message.nodes.contains(where: { $0.outputs.contains(value.name) }),
            !message.outputs.contains(where: { $0.name == value.name })
        else {
            var node = NodeMessage()
            (node.operatorName, node.name, node.inputs, node.outputs) = ("Identity", name, [value.name], [name])
            return message.nodes.append(node)
        }
        for index in message.nodes.indices {
            message.nodes[index].inputs = message.nodes[index].inputs.map { $0 == value.name ? name : $0 }
            message.nodes[index].outputs = message.nodes[index].outputs.map { $0 == value.name ? name : $0 }
        }
    }

    private func port(_ name: String, _ extents: [Int], _ element: Element) -> ValuePortMessage {
        var port = ValuePortMessage()
        port.name = name
        port.type.tensor.element = element.rawValue
        var batch = ExtentMessage()
        batch.what = .name("batch")
        port.type.tensor.shape.extents =
            [batch]
            + extents.map { extent in
                var message = ExtentMessage()
                message.what = .size(Int64(extent))
                return message
            }
        return port
    }

    // MARK: Nodes

    /// Adds a node, and gives what it answers with.
    ///
    /// - Parameter name: the layer's; the operator's follows it.
    func add(
        _ kind: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute> = [:], name: String
    ) -> String {
        add(kind, inputs, attributes, name: name, outputs: 1)[0]
    }

    /// The same of a node with several answers.
    func add(
        _ kind: String, _ inputs: [String], _ attributes: KeyValuePairs<String, Attribute>, name: String, outputs: Int
    ) -> [String] {
        add(kind, inputs, list: attributes.map { ($0.key, $0.value) }, name: name, outputs: outputs)
    }

    func add(
        _ kind: String, _ inputs: [String], list attributes: [(String, Attribute)], name: String, outputs: Int
    ) -> [String] {
        var node = NodeMessage()
        node.operatorName = kind
        node.inputs = inputs
        node.outputs = (0..<outputs).map { _ in unique("\(name)/\(kind)") }
        node.name = node.outputs[0]
        node.attributes = attributes.map(attribute)
        message.nodes.append(node)
        return node.outputs
    }

    private func attribute(_ name: String, _ value: Attribute) -> AttributeMessage {
        var message = AttributeMessage()
        message.name = name
        switch value {
        case .number(let number): (message.number, message.kind) = (number, 1)
        case .integer(let number): (message.integer, message.kind) = (Int64(number), 2)
        case .text(let text): (message.text, message.kind) = (Data(text.utf8), 3)
        case .integers(let list): (message.integers, message.kind) = (list.map(Int64.init), 7)
        }
        return message
    }

    private func unique(_ wanted: String) -> String {
        var (name, number) = (wanted, 2)
        while !names.insert(name).inserted {
            name = "\(wanted)_\(number)"
            number += 1
        }
        return name
    }

    // MARK: Constants

    /// Float32 numbers of some shape.
    func constant(_ name: String, _ values: [Float], _ extents: [Int]) -> String {
        constant(name, values.withUnsafeBytes { Data($0) }, extents, .float32)
    }

    /// A single number.
    func number(_ value: Float) -> String {
        if let name = numbers[value] { return name }
        let name = constant("number", [value], [])
        numbers[value] = name
        return name
    }

    /// A list of whole numbers: a shape, axes.
    func list(_ values: [Int]) -> String {
        if let name = known[values] { return name }
        let name = constant("list", values.map(Int64.init).withUnsafeBytes { Data($0) }, [values.count], .int64)
        known[values] = name
        return name
    }

    private func constant(_ wanted: String, _ content: Data, _ extents: [Int], _ element: Element) -> String {
        var tensor = TensorMessage()
        tensor.name = unique(wanted)
        tensor.extents = extents.map(Int64.init)
        tensor.element = element.rawValue
        tensor.content = content
        size += content.count
        message.constants.append(tensor)
        return tensor.name
    }

    // MARK: Kinds of values

    /// A value as float32.
    func float(_ value: Value) -> String {
        guard value.isInteger else { return value.name }
        if let name = casts[value.name] { return name }
        let name = add("Cast", [value.name], ["to": .integer(Int(Element.float32.rawValue))], name: value.name)
        casts[value.name] = name
        return name
    }

    /// A value that is the same for all samples, once for each of the batch.
    ///
    /// - Parameter extents: without the batch.
    func repeated(_ value: Value, _ extents: [Int]) -> Value {
        guard !value.hasBatch, let first = message.inputs.first?.name else { return value }
        let batch = add("Shape", [first], ["start": .integer(0), "end": .integer(1)], name: value.name)
        let target = add("Concat", [batch, list(extents)], ["axis": .integer(0)], name: value.name)
        return Value(name: add("Expand", [value.name, target], name: value.name))
    }
}
