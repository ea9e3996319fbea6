import Foundation
import Neural
import Testing

/// A few nodes and what PyTorch computes with them; made by Fixtures/make_operations.py and its like.
struct OperationCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Node: Decodable, Sendable {
        let type: String
        let keywords: [String: SettingValue]
        let inputs: [Int]
    }

    struct Values: Decodable, Sendable {
        let extents: [Int]
        let values: [Float]
    }

    let name: String
    let batch: Int
    /// Of each input, without the batch.
    let shapes: [[Int]]
    let nodes: [Node]
    let tensors: [String: Values]
    let inputs: [[Float]]
    let output: [Float]
    /// Along which the inputs change, and how the output does.
    let directions: [[Float]]
    let derivative: [Float]
    /// For each input, by its number, and each parameter: the gradient's weighted sum and sum of squares.
    let gradients: [String: [Double]]
    let trains: Bool
    let kinks: Bool
    let chained: Bool

    var testDescription: String { name }

    static let all: [OperationCase] = {
        let paths = Bundle.module.paths(forResourcesOfType: "json", inDirectory: "Fixtures")
        return paths.filter { $0.contains("/operations") }.sorted().flatMap { path in
            guard let data = FileManager.default.contents(atPath: path),
                let cases = try? JSONDecoder().decode([OperationCase].self, from: data)
            else { return [OperationCase]() }
            return cases
        }
    }()
}

/// What stands around the nodes, and so in which order their images lie.
enum Surroundings: CaseIterable {
    /// Nothing: a plan's images have their channels innermost.
    case none
    /// The inputs are vectors that are unflattened: in PyTorch's order.
    case vectors
    /// Convolutions that change nothing, before and after.
    case convolutions
}

extension OperationCase {
    /// Those that make a difference to it.
    var surroundings: [Surroundings] {
        chained ? Surroundings.allCases.filter { $0 == .none || shapes.contains { $0.count == 3 } } : [.none]
    }

    func network(_ surroundings: Surroundings = .none) throws -> Network {
        let inputs = try shapes.map { shape in
            try Shape(surroundings == .vectors && shape.count == 3 ? [shape.reduce(1, *)] : shape)
        }
        var nodes: [Network.Node] = []
        // Where the case's values are.
        var places = Array(inputs.indices)
        func append(_ operation: Neural.Operation, _ read: [Int], _ name: String) -> Int {
            nodes.append(Network.Node(operation, inputs: read, name: name))
            return inputs.count + nodes.count - 1
        }
        if surroundings != .none {
            for (index, shape) in shapes.enumerated() where shape.count == 3 {
                let operation: Neural.Operation =
                    surroundings == .vectors ? .unflatten(try Shape(shape)) : Self.pointwise(shape[0])
                places[index] = append(operation, [index], "before\(index)")
            }
        }
        for (index, node) in self.nodes.enumerated() {
            places.append(append(try node.operation(), node.inputs.map { places[$0] }, "node\(index)"))
        }
        let made = try Network(inputs: inputs, nodes: nodes, outputs: [places[places.count - 1]])
        guard surroundings == .convolutions, let image = made.outputShapes[0].image else { return made }
        nodes.append(Network.Node(Self.pointwise(image.channels), inputs: made.outputs, name: "after"))
        return try Network(inputs: inputs, nodes: nodes, outputs: [inputs.count + nodes.count - 1])
    }

    private static func pointwise(_ channels: Int) -> Neural.Operation {
        .convolution(Convolution(inputs: channels, outputs: channels, kernel: Extent(1), bias: false))
    }

    /// The tensors of a network of these nodes: with the unit weights of the convolutions around them.
    func parameters(_ network: Network) -> [String: Tensor] {
        var tensors = tensors.mapValues { Tensor(extents: $0.extents, values: $0.values) }
        for declaration in network.parameters where tensors[declaration.name] == nil {
            let channels = declaration.extents[0]
            tensors[declaration.name] = Tensor(
                extents: declaration.extents,
                values: (0..<declaration.count).map { $0 / channels == $0 % channels ? 1 : 0 })
        }
        return tensors
    }

    /// The case's values of one input as a plan of the network wants them.
    func stored(_ values: [Float], input: Int, of network: Network) -> [Float] {
        channelsInnermost(values, shape: network.inputs[input], count: batch)
    }
}

extension OperationCase.Node {
    struct UnknownType: Error, CustomStringConvertible {
        let description: String
    }

    func operation() throws -> Neural.Operation {
        guard let entry = LayerCatalog.entry(named: type) else {
            throw UnknownType(description: "the catalog has no \(type)")
        }
        return try entry.make(keywords.map { (name: $0.key, value: $0.value.setting) })
    }
}

/// A keyword's value, as JSON has it.
struct SettingValue: Decodable, Sendable {
    let setting: Setting

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            setting = .none
        } else if let value = try? container.decode(Bool.self) {
            setting = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            setting = .integer(value)
        } else if let value = try? container.decode(Float.self) {
            setting = .number(value)
        } else if let value = try? container.decode(String.self) {
            setting = .text(value)
        } else if let value = try? container.decode([Int].self) {
            setting = .integers(value)
        } else {
            setting = .numbers(try container.decode([Float].self))
        }
    }
}
