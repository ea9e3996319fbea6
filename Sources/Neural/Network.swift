/// A graph of operations whose every value is made before it is read and whose shapes agree; `init` refuses all others.
///
/// Values are numbered: first the network's inputs, then one for each node in turn. Nodes may read any earlier values,
/// so that sums, concatenations and graphs from elsewhere have their place.
public struct Network: Hashable, Sendable {
    /// The number of a value.
    public typealias Value = Int

    /// Reads earlier values and makes one new value.
    public struct Node: Hashable, Sendable {
        public let operation: Operation
        public let inputs: [Value]
        /// What its parameters' names begin with: `decoder.3`.
        public let name: String

        public init(_ operation: Operation, inputs: [Value], name: String) {
            self.operation = operation
            self.inputs = inputs
            self.name = name
        }
    }

    public let inputs: [Shape]
    /// What the inputs are called: `z`, `label`.
    public let inputNames: [String]
    public let nodes: [Node]
    /// The values that the network answers with.
    public let outputs: [Value]
    /// What they are called: `image`, `mean`.
    public let outputNames: [String]
    /// The shape of each value.
    public let shapes: [Shape]

    /// - Parameters:
    ///   - inputNames, outputNames: one for each; numbers where they are left out.
    /// - Throws: ``ArchitectureError/layer(_:_:)`` naming the first node that doesn't fit.
    public init(
        inputs: [Shape], nodes: [Node], outputs: [Value], inputNames: [String]? = nil, outputNames: [String]? = nil
    ) throws(ArchitectureError) {
        let inputNames = inputNames ?? inputs.indices.map { "input\($0)" }
        let outputNames = outputNames ?? outputs.indices.map { "output\($0)" }
        guard inputNames.count == inputs.count, outputNames.count == outputs.count, !outputs.isEmpty else {
            throw .invalid("a network has a name for each of its inputs and outputs, and at least one output")
        }
        var names = Set(inputNames)
        var shapes = inputs
        for node in nodes {
            guard names.insert(node.name).inserted else { throw .invalid("the name \(node.name) occurs twice") }
            var arguments: [Shape] = []
            for value in node.inputs {
                guard shapes.indices.contains(value) else { throw .layer(node.name, .unknownValue(value)) }
                arguments.append(shapes[value])
            }
            do {
                shapes.append(try node.operation.outputShape(of: arguments))
            } catch {
                throw .layer(node.name, error)
            }
        }
        for value in outputs where !shapes.indices.contains(value) { throw .unknownValue(value) }
        self.inputNames = inputNames
        self.outputNames = outputNames
        self.inputs = inputs
        self.nodes = nodes
        self.outputs = outputs
        self.shapes = shapes
    }

    /// A chain of layers, as `torch.nn.Sequential` has it; the layers' names are `name.0`, `name.1` ….
    public init(
        sequential layers: [Operation], input: Shape, name: String, inputName: String? = nil, outputName: String? = nil
    ) throws(ArchitectureError) {
        let nodes = layers.enumerated().map { index, layer in
            Node(layer, inputs: [index], name: "\(name).\(index)")
        }
        try self.init(
            inputs: [input], nodes: nodes, outputs: [layers.count], inputNames: inputName.map { [$0] },
            outputNames: outputName.map { [$0] })
    }

    /// Whether each node reads the one before it, and the last one's value is the only output.
    public var isChain: Bool {
        inputs.count == 1 && outputs == [nodes.count] && nodes.indices.allSatisfy { nodes[$0].inputs == [$0] }
    }

    /// The same network without a node, whose readers read what it read.
    ///
    /// - Precondition: the node has one input of its own shape.
    public func removing(_ index: Int) -> Network {
        let removed = inputs.count + index
        let source = nodes[index].inputs[0]
        func moved(_ value: Value) -> Value { value == removed ? source : (value > removed ? value - 1 : value) }
        let rest = nodes.enumerated().filter { $0.offset != index }.map { _, node in
            Node(node.operation, inputs: node.inputs.map(moved), name: node.name)
        }
        guard
            let network = try? Network(
                inputs: inputs, nodes: rest, outputs: outputs.map(moved), inputNames: inputNames,
                outputNames: outputNames)
        else { preconditionFailure("a node that keeps its input's shape can go") }
        return network
    }

    public var outputShapes: [Shape] { outputs.map { shapes[$0] } }

    /// The shapes of what a node reads.
    public func inputShapes(of node: Node) -> [Shape] { node.inputs.map { shapes[$0] } }

    /// Multiplications of the layers that have many of them, for one sample: about what it takes to run.
    public var multiplications: Int {
        nodes.enumerated().reduce(0) { sum, node in
            sum
                + node.element.operation.multiplications(
                    of: inputShapes(of: node.element), to: shapes[inputs.count + node.offset])
        }
    }

    /// Numbers that all values have together for one sample.
    public var valueCount: Int { shapes.reduce(0) { $0 + $1.count } }
}
