import Neural

/// A graph as a reader puts it together, layer by layer, with the tensors of each; networks are cut from it afterwards.
///
/// Layers are named and set as PyTorch has them, so that all readers speak one language; shapes are without the batch.
public struct GraphAssembly: Sendable {
    /// A value of the graph: an input, or what a layer makes.
    public struct Value: Hashable, Sendable {
        fileprivate let number: Int
    }

    private struct Node: Sendable {
        /// Nil for an input.
        let operation: Neural.Operation?
        let inputs: [Value]
        var name: String
        let shape: Shape
        /// By the parameters' names within the layer: `weight`.
        let tensors: [String: Tensor]
    }

    private var nodes: [Node] = []
    /// The names that are taken, each with the last number that was added to it.
    private var names: [String: Int] = [:]

    public init() {}

    public func shape(of value: Value) -> Shape { nodes[value.number].shape }

    public func name(of value: Value) -> String { nodes[value.number].name }

    /// The values that a value is computed from; none for an input.
    public func sources(of value: Value) -> [Value] { nodes[value.number].inputs }

    /// What makes a value; nil for an input.
    public func operation(of value: Value) -> Neural.Operation? { nodes[value.number].operation }

    /// The tensors of what makes a value, by their names within the layer.
    public func tensors(of value: Value) -> [String: Tensor] { nodes[value.number].tensors }

    /// The value that a value is a reshaped copy of, at whose shape one may stop before; itself where it is none.
    public func unreshaped(_ value: Value, until isWanted: (Shape) -> Bool = { _ in false }) -> Value {
        var source = value
        while !isWanted(shape(of: source)), operation(of: source)?.onlyReshapes == true,
            let earlier = sources(of: source).first
        {
            source = earlier
        }
        return source
    }

    /// Lets two layers exchange their names, as where one takes the other's place.
    public mutating func exchangeNames(_ left: Value, _ right: Value) {
        let name = nodes[left.number].name
        nodes[left.number].name = nodes[right.number].name
        nodes[right.number].name = name
    }

    public mutating func input(_ name: String, _ shape: Shape) -> Value {
        append(nil, [], name, shape, [:])
    }

    /// Adds a layer.
    ///
    /// - Parameters:
    ///   - name: what it is called; a number is added where the name is taken.
    ///   - tensors: by their names within the layer (`weight`, `bias`), all that the operation declares.
    /// - Throws: ``ImportProblem`` with the layer's name where a shape does not fit.
    public mutating func add(
        _ operation: Neural.Operation, _ inputs: [Value], name: String, tensors: [String: Tensor] = [:]
    ) throws(ImportProblem) -> Value {
        let shape: Shape
        do {
            shape = try operation.outputShape(of: inputs.map { self.shape(of: $0) })
        } catch {
            throw ImportProblem(.badFile, "\(name): \(error)")
        }
        for parameter in operation.parameters(named: "") {
            let word = String(parameter.name.dropFirst())
            guard let tensor = tensors[word] else {
                throw ImportProblem(.badFile, "\(name) has no \(word)")
            }
            guard tensor.extents == parameter.extents else {
                throw ImportProblem(
                    .badFile,
                    "\(name): its \(word) is \(Shape.text(of: tensor.extents)), "
                        + "where \(Shape.text(of: parameter.extents)) belongs")
            }
        }
        return append(operation, inputs, name, shape, tensors)
    }

    /// Adds a layer by its name and keywords, as a native file's JSON has them.
    public mutating func add(
        _ kind: String, _ settings: KeyValuePairs<String, Setting> = [:], _ inputs: [Value], name: String,
        tensors: [String: Tensor] = [:]
    ) throws(ImportProblem) -> Value {
        try add(kind, list: settings.map { (name: $0.key, value: $0.value) }, inputs, name: name, tensors: tensors)
    }

    /// Adds a layer by its name and keywords, where those are not known when the program is written.
    public mutating func add(
        _ kind: String, list settings: [(name: String, value: Setting)], _ inputs: [Value], name: String,
        tensors: [String: Tensor] = [:]
    ) throws(ImportProblem) -> Value {
        guard let entry = LayerCatalog.entry(named: kind) else {
            preconditionFailure("there is no layer \(kind)")
        }
        let operation: Neural.Operation
        do {
            operation = try entry.make(settings)
        } catch {
            throw ImportProblem(.unsupported, "\(name): \(error)")
        }
        return try add(operation, inputs, name: name, tensors: tensors)
    }

    private mutating func append(
        _ operation: Neural.Operation?, _ inputs: [Value], _ name: String, _ shape: Shape, _ tensors: [String: Tensor]
    ) -> Value {
        let wanted = name.isEmpty ? "layer" : name
        var (unique, number) = (wanted, names[wanted] ?? 1)
        while names[unique] != nil {
            number += 1
            unique = "\(wanted)_\(number)"
        }
        names[wanted] = number
        if unique != wanted { names[unique] = 1 }
        nodes.append(Node(operation: operation, inputs: inputs, name: unique, shape: shape, tensors: tensors))
        return Value(number: nodes.count - 1)
    }

    // MARK: Cutting

    /// Whether a value depends on another.
    public func depends(_ value: Value, on other: Value) -> Bool {
        var seen: Set<Value> = []
        var open = [value]
        while let next = open.popLast() {
            if next == other { return true }
            guard next.number > other.number, seen.insert(next).inserted else { continue }
            open += nodes[next.number].inputs
        }
        return false
    }

    /// The part of the graph between some values and others, as a network with its tensors; what neither needs is left out.
    ///
    /// - Parameters:
    ///   - inputs: any values, not only the graph's inputs.
    ///   - prefix: what the nodes' names, and so the tensors', shall begin with: `decoder.`.
    /// - Throws: ``ImportProblem`` where the outputs depend on something else.
    public func network(
        from inputs: [Value], to outputs: [Value], inputNames: [String], outputNames: [String], prefix: String
    ) throws(ImportProblem) -> (network: Network, tensors: [String: Tensor]) {
        var needed = Set(inputs)
        var open = outputs
        while let next = open.popLast() {
            guard needed.insert(next).inserted else { continue }
            guard nodes[next.number].operation != nil else {
                throw ImportProblem(
                    .unsupported,
                    "\(outputNames.joined(separator: ", ")) needs the input \(nodes[next.number].name) too")
            }
            open += nodes[next.number].inputs
        }
        var place = Dictionary(uniqueKeysWithValues: inputs.enumerated().map { ($0.element, $0.offset) })
        var made: [Network.Node] = []
        var tensors: [String: Tensor] = [:]
        for value in needed.subtracting(inputs).sorted(by: { $0.number < $1.number }) {
            let node = nodes[value.number]
            guard let operation = node.operation else { continue }
            let name = prefix + node.name
            place[value] = inputs.count + made.count
            made.append(Network.Node(operation, inputs: node.inputs.compactMap { place[$0] }, name: name))
            for parameter in operation.parameters(named: "") {
                let word = String(parameter.name.dropFirst())
                tensors["\(name).\(word)"] = node.tensors[word]
            }
        }
        do {
            let network = try Network(
                inputs: inputs.map { self.shape(of: $0) }, nodes: made, outputs: outputs.compactMap { place[$0] },
                inputNames: inputNames, outputNames: outputNames)
            return (network, tensors)
        } catch {
            throw ImportProblem(.badFile, "\(error)")
        }
    }
}
