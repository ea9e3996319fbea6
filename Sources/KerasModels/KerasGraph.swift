import Importing
import JSON

/// A model laid flat: calls of plain layers in an order in which each comes after what it reads; models within models are
/// taken apart.
struct KerasGraph: Sendable {
    /// One of the values that a call makes.
    struct Value: Hashable, Sendable {
        let call: Int
        let output: Int
    }

    indirect enum Argument: Sendable {
        case value(Value)
        case list([Argument])
        case constant(JSONValue)

        var values: [Value] {
            switch self {
            case .value(let value): [value]
            case .list(let list): list.flatMap(\.values)
            case .constant: []
            }
        }

        /// Nil where a value is in it.
        var json: JSONValue? {
            switch self {
            case .value: return nil
            case .constant(let json): return json
            case .list(let list):
                let parts = list.compactMap(\.json)
                return parts.count == list.count ? .array(parts) : nil
            }
        }
    }

    struct Call: Sendable {
        let layer: KerasLayer
        let arguments: [Argument]
        let keywords: [String: Argument]

        /// All values that it reads.
        var values: [Value] {
            arguments.flatMap(\.values) + keywords.sorted { $0.key < $1.key }.flatMap(\.value.values)
        }
    }

    /// A model within the model, as it was called.
    struct Instance: Sendable {
        let layer: KerasLayer
        let inputs: [Value]
        let outputs: [Value]
    }

    private(set) var calls: [Call] = []
    private(set) var inputs: [Value] = []
    private(set) var outputs: [Value] = []
    private(set) var instances: [Instance] = []
    /// Sums of a value and something drawn at random, by their calls: the value, and the other.
    private(set) var noisySums: [Int: (value: Value, noise: Value)] = [:]

    /// Calls in all: models within models may be called many times.
    private static let most = 20_000

    /// - Parameter address: where the model's own weights are.
    init(_ network: KerasNetwork, address: KerasAddress) throws(ImportProblem) {
        outputs = try lay(network, address, given: nil, depth: 0)
        findNoise()
    }

    func layer(of value: Value) -> KerasLayer { calls[value.call].layer }

    /// Whether a value is computed from another.
    func depends(_ value: Value, on other: Value) -> Bool {
        var seen: Set<Int> = []
        var open = [value]
        while let next = open.popLast() {
            if next == other { return true }
            guard next.call >= other.call, seen.insert(next.call).inserted else { continue }
            open += calls[next.call].values
        }
        return false
    }

    /// Finds where noise is added that was drawn by a plain function: what comes after that is not noisy any more.
    private mutating func findNoise() {
        var noisy: Set<Int> = []
        for (place, call) in calls.enumerated() {
            let name = (call.layer.className + " " + (call.layer.config["function"]?.string ?? "")).lowercased()
            if name.contains("random") && name.contains("normal") {
                noisy.insert(place)
                continue
            }
            let read = call.values
            let isNoise = read.map { noisy.contains($0.call) }
            guard isNoise.contains(true) else { continue }
            if read.count == 2, isNoise[0] != isNoise[1], name.contains("add") {
                noisySums[place] = isNoise[0] ? (read[1], read[0]) : (read[0], read[1])
            } else {
                noisy.insert(place)
            }
        }
    }

    // MARK: Laying flat

    /// - Parameter given: what the model was called with; nil for the outermost, whose inputs become calls.
    private mutating func lay(
        _ network: KerasNetwork, _ address: KerasAddress, given: [Value]?, depth: Int
    ) throws(ImportProblem) -> [Value] {
        guard depth <= KerasConfigReader.depth else {
            throw ImportProblem(.badFile, "models are nested deeper than \(KerasConfigReader.depth)")
        }
        var known: [KerasReference: Value] = [:]
        for (place, input) in network.inputs.enumerated() {
            guard let index = network.layer(named: input.layer) else { throw missing(input.layer) }
            if let given {
                guard place < given.count else {
                    throw ImportProblem(.badFile, "the model \(network.name.shortened) is called with too few values")
                }
                known[input] = given[place]
            } else {
                calls.append(Call(layer: addressed(network, index, address), arguments: [], keywords: [:]))
                known[input] = Value(call: calls.count - 1, output: 0)
                inputs.append(Value(call: calls.count - 1, output: 0))
            }
        }
        let order = try order(of: network)
        for (name, number) in order {
            let reference = KerasReference(layer: name, call: number, output: 0)
            guard known[reference] == nil, let index = network.layer(named: name),
                let call = network.calls[name]?[number]
            else { continue }
            let layer = addressed(network, index, address)
            guard calls.count < KerasGraph.most else {
                throw ImportProblem(.badFile, "the model has more than \(KerasGraph.most) layers")
            }
            if let inner = layer.network {
                let values = try call.arguments.map { argument throws(ImportProblem) in try resolve(argument, known) }
                    .flatMap(\.values)
                let made = try lay(inner, layer.address, given: values, depth: depth + 1)
                instances.append(Instance(layer: layer, inputs: values, outputs: made))
                for (output, value) in made.enumerated() {
                    known[KerasReference(layer: name, call: number, output: output)] = value
                }
            } else {
                var keywords: [String: Argument] = [:]
                for (word, argument) in call.keywords { keywords[word] = try resolve(argument, known) }
                let arguments = try call.arguments.map { argument throws(ImportProblem) in
                    try resolve(argument, known)
                }
                calls.append(Call(layer: layer, arguments: arguments, keywords: keywords))
                known[reference] = Value(call: calls.count - 1, output: 0)
            }
        }
        return try network.outputs.map { output throws(ImportProblem) in try value(output, known) }
    }

    private func value(
        _ reference: KerasReference, _ known: [KerasReference: Value]
    ) throws(ImportProblem) -> Value {
        if let value = known[reference] { return value }
        let first = KerasReference(layer: reference.layer, call: reference.call, output: 0)
        guard let value = known[first], value.output == 0 else { throw missing(reference.layer) }
        return Value(call: value.call, output: reference.output)
    }

    private func resolve(
        _ argument: KerasArgument, _ known: [KerasReference: Value]
    ) throws(ImportProblem) -> Argument {
        switch argument {
        case .value(let reference): return .value(try value(reference, known))
        case .constant(let json): return .constant(json)
        case .list(let list):
            return .list(try list.map { inner throws(ImportProblem) in try resolve(inner, known) })
        }
    }

    private func missing(_ name: String) -> ImportProblem {
        ImportProblem(.badFile, "a layer reads \(name.shortened), which is not in the configuration")
    }

    /// The layer with the place of its weights.
    private func addressed(_ network: KerasNetwork, _ index: Int, _ address: KerasAddress) -> KerasLayer {
        var layer = network.layers[index]
        layer.address = KerasAddress(
            names: address.names + [layer.name], base: address.base, otherBases: address.otherBases,
            words: address.words + [network.words[index]])
        return layer
    }

    /// The calls of a model that its outputs need, each after those that it reads.
    private func order(of network: KerasNetwork) throws(ImportProblem) -> [(String, Int)] {
        struct Key: Hashable {
            let layer: String
            let call: Int
        }
        enum Mark { case open, done }
        var marks: [Key: Mark] = [:]
        var order: [(String, Int)] = []
        var stack: [(key: Key, isLeft: Bool)] = network.outputs.reversed().map {
            (Key(layer: $0.layer, call: $0.call), false)
        }
        let ends = Set(network.inputs.map { Key(layer: $0.layer, call: $0.call) })
        while let (key, isLeft) = stack.popLast() {
            if isLeft {
                marks[key] = .done
                order.append((key.layer, key.call))
                continue
            }
            switch marks[key] {
            case .done: continue
            case .open: throw ImportProblem(.badFile, "the layer \(key.layer.shortened) reads what it makes itself")
            case nil: break
            }
            guard let calls = network.calls[key.layer], calls.indices.contains(key.call) else {
                throw missing(key.layer)
            }
            marks[key] = .open
            stack.append((key, true))
            guard !ends.contains(key) else { continue }
            for reference in calls[key.call].references {
                let next = Key(layer: reference.layer, call: reference.call)
                if marks[next] != .done { stack.append((next, false)) }
            }
        }
        return order
    }
}
