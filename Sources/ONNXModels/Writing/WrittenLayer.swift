import Neural

/// A layer of a network on its way into a graph of ONNX's operators.
struct WrittenLayer {
    /// `3`, `block.conv`.
    let name: String
    /// What files call it: `Conv2d`.
    let kind: String
    let operation: Neural.Operation
    let inputs: [GraphWriter.Value]
    /// Of what it reads, and of what it makes, without the batch.
    let shapes: [Shape]
    let output: Shape
    /// By their names within the layer: `weight`.
    let tensors: [String: Tensor]
    let graph: GraphWriter
    /// Rows and columns that are cut off the ends of its image by whoever reads it.
    var crop: (rows: Int, columns: Int)?

    /// What it reads first, or only.
    var input: String { graph.float(inputs[0]) }
    var extents: [Int] { shapes[0].extents }

    func add(
        _ kind: String, _ inputs: [String], _ attributes: KeyValuePairs<String, GraphWriter.Attribute> = [:]
    ) -> String {
        graph.add(kind, inputs, attributes, name: name)
    }

    /// One of its tensors.
    ///
    /// - Parameter extents: where the operator wants another shape.
    func tensor(_ word: String, _ extents: [Int]? = nil) -> String? {
        tensors[word].map { graph.constant("\(name).\(word)", $0.values, extents ?? $0.extents) }
    }

    /// The same number for each of some channels, where a layer has no such tensor.
    func repeated(_ number: Float, _ word: String, _ count: Int) -> String {
        graph.constant("\(name).\(word)", Array(repeating: number, count: count), [count])
    }

    /// A value with other extents, without the batch.
    func reshaped(_ value: String, _ extents: [Int]) -> String {
        add("Reshape", [value, graph.list([0] + extents)])
    }

    /// A value with its axes in another order, without the batch.
    func transposed(_ value: String, _ order: [Int]) -> String {
        add("Transpose", [value], ["perm": .integers([0] + order.map { $0 + 1 })])
    }

    /// Places along an axis that counts the batch.
    func gathered(_ value: String, _ places: [Int], axis: Int) -> String {
        add("Gather", [value, graph.list(places)], ["axis": .integer(axis)])
    }

    /// A function of a value and a number.
    func combined(_ kind: String, _ value: String, _ number: Float) -> String {
        add(kind, [value, graph.number(number)])
    }

    /// A value of truth as 0 and 1.
    func asNumbers(_ truth: String) -> String {
        add("Cast", [truth], ["to": .integer(Int(GraphWriter.Element.float32.rawValue))])
    }
}

/// How each layer becomes operators of ONNX, by the name that files know it by.
enum LayerTable {
    /// - Returns: the name of the layer's value.
    typealias Function = @Sendable (WrittenLayer) -> String

    static let functions: [String: Function] = [
        products, convolutions, pooling, normalizations, activations, arithmetic, reductions, moves, paddings,
    ].reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }

    /// Layers whose values may be single for the whole batch where others are not: ONNX repeats them.
    static let broadcasting: Set = [
        "add", "sub", "mul", "div", "minimum", "maximum", "pow", "gt", "ge", "lt", "le", "eq", "ne", "where", "matmul",
    ]

    /// The name of a layer of a type, which the catalog has under that name alone.
    static func layer<Subject: Layer>(_ layer: WrittenLayer, _ type: Subject.Type) -> Subject {
        guard let subject = layer.operation.as(type) else { preconditionFailure("\(layer.kind) is a \(type)") }
        return subject
    }
}
