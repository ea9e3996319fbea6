import Importing
import Neural

/// Puts a Keras model's calls together in the engine's language, on demand: what nobody asks for is never looked at.
struct KerasBuilder {
    let graph: KerasGraph
    let weights: KerasWeights
    /// Whether defaults are those of Keras 3.
    let isModern: Bool
    var assembly = GraphAssembly()
    private var known: [KerasGraph.Value: KerasValue] = [:]
    /// What was replaced or passed over on the way.
    var remarks: [String] = []
    /// The same, where it is a guess.
    var findings: [Finding] = []
    /// Calls that were taken to draw samples, and replaced by the mean.
    var samplings: [KerasSampling] = []

    init(_ graph: KerasGraph, weights: KerasWeights, isModern: Bool) {
        self.graph = graph
        self.weights = weights
        self.isModern = isModern
    }

    /// Says what a value is, so that what it is computed from is not needed.
    mutating func set(_ value: KerasGraph.Value, to known: KerasValue) { self.known[value] = known }

    /// Adds an input of the engine's graph for a value.
    ///
    /// - Parameters:
    ///   - shape: Keras's.
    ///   - isChannelsFirst: whether three extents are channels, height and width.
    mutating func addInput(
        _ name: String, for value: KerasGraph.Value, _ shape: [Int], isChannelsFirst: Bool
    ) throws(ImportProblem) -> KerasValue {
        let isImage = shape.count == 3 && !isChannelsFirst
        let extents = isImage ? [shape[2], shape[0], shape[1]] : shape.isEmpty ? [1] : shape
        let input = KerasValue(
            assembly.input(name, try KerasBuilder.shape(extents, name)), shape, isImage ? .image : .plain)
        set(value, to: input)
        return input
    }

    static func shape(_ extents: [Int], _ name: String) throws(ImportProblem) -> Shape {
        do {
            return try Shape(extents)
        } catch {
            throw ImportProblem(.badFile, "\(name.shortened): \(error)")
        }
    }

    /// The value, with all that it needs put into the graph.
    mutating func value(_ wanted: KerasGraph.Value) throws(ImportProblem) -> KerasValue {
        var stack = [wanted]
        while let next = stack.last {
            guard known[next] == nil else {
                stack.removeLast()
                continue
            }
            let call = graph.calls[next.call]
            let reads = try KerasLayers.values(that: call, graph, self, reads: next)
            let missing = reads.filter { known[$0] == nil }
            guard missing.isEmpty else {
                // Calls stand after what they read, so this ends.
                stack += missing
                continue
            }
            let values = try KerasLayers.make(next.call, &self)
            for (output, value) in values.enumerated() {
                known[KerasGraph.Value(call: next.call, output: output)] = value
            }
            guard known[next] != nil else {
                throw ImportProblem(.badFile, "\(call.layer.title) has no output \(next.output)")
            }
        }
        guard let value = known[wanted] else { preconditionFailure("the stack ends when the value is known") }
        return value
    }

    func knownValue(_ value: KerasGraph.Value) -> KerasValue? { known[value] }

    // MARK: Orders

    /// The value with its elements as Keras has them.
    mutating func plain(_ value: KerasValue) throws(ImportProblem) -> KerasValue {
        switch value.order {
        case .plain: return value
        case .image:
            let name = assembly.name(of: value.engine) + "_hwc"
            return KerasValue(
                try assembly.add("permute", ["dims": .integers([0, 2, 3, 1])], [value.engine], name: name), value.shape)
        case .flat(let height, let width, let channels):
            let name = assembly.name(of: value.engine) + "_hwc"
            let image = try assembly.add(
                "Unflatten", ["dim": .integer(1), "unflattened_size": .integers([channels, height, width])],
                [value.engine], name: name)
            let turned = try assembly.add("permute", ["dims": .integers([0, 2, 3, 1])], [image], name: name)
            return KerasValue(
                try assembly.add("Flatten", ["start_dim": .integer(1)], [turned], name: name), value.shape)
        }
    }

    /// A value of three extents, height, width and channels, as the engine has images.
    mutating func image(_ value: KerasValue) throws(ImportProblem) -> KerasValue {
        guard value.order == .plain, value.shape.count == 3 else { return value }
        let name = assembly.name(of: value.engine) + "_chw"
        return KerasValue(
            try assembly.add("permute", ["dims": .integers([0, 3, 1, 2])], [value.engine], name: name), value.shape,
            .image)
    }

    /// The values in one order, so that they can be computed with element by element.
    mutating func aligned(_ values: [KerasValue]) throws(ImportProblem) -> [KerasValue] {
        let orders = Set(values.map(\.order))
        guard orders.count > 1 else { return values }
        if values.allSatisfy({ $0.shape.count == 3 }) {
            return try values.map { value throws(ImportProblem) in try image(value) }
        }
        return try values.map { value throws(ImportProblem) in try plain(value) }
    }

    // MARK: Adding

    /// Adds a layer on the engine's side.
    mutating func add(
        _ kind: String, _ settings: KeyValuePairs<String, Setting> = [:], _ inputs: [GraphAssembly.Value],
        _ layer: KerasLayer, tensors: [String: Tensor] = [:]
    ) throws(ImportProblem) -> GraphAssembly.Value {
        try assembly.add(kind, settings, inputs, name: KerasBuilder.name(layer), tensors: tensors)
    }

    /// A layer that changes each element by itself.
    mutating func map(
        _ kind: String, _ settings: KeyValuePairs<String, Setting> = [:], _ value: KerasValue, _ layer: KerasLayer
    ) throws(ImportProblem) -> KerasValue {
        KerasValue(try add(kind, settings, [value.engine], layer), value.shape, value.order)
    }

    /// A value that is the same for all samples.
    mutating func constant(_ values: [Float], _ extents: [Int], _ layer: KerasLayer) throws(ImportProblem)
        -> GraphAssembly.Value
    {
        try add(
            "constant", ["shape": .integers(extents)], [], layer,
            tensors: ["value": Tensor(extents: extents, values: values)])
    }

    /// A layer's name, fit for files: letters, digits and underscores.
    static func name(_ layer: KerasLayer) -> String {
        let letters = layer.name.unicodeScalars.prefix(64).map { scalar -> Character in
            let isPlain = scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
            return isPlain || scalar == "-" ? Character(scalar) : "_"
        }
        return letters.isEmpty ? "layer" : String(letters)
    }
}
