import Foundation
import Neural
import Testing

/// A few layers with what PyTorch computes with them: the cases that the engine's own tests are made of.
struct WrittenLayerCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Node: Decodable, Sendable {
        let type: String
        let keywords: [String: Keyword]
        let inputs: [Int]
    }

    struct Values: Decodable, Sendable {
        let extents: [Int]
        let values: [Float]
    }

    let name: String
    let batch: Int
    let shapes: [[Int]]
    let nodes: [Node]
    let tensors: [String: Values]
    let inputs: [[Float]]
    let output: [Float]

    var testDescription: String { name }

    static let all: [WrittenLayerCase] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "NeuralTests/Fixtures")
        return ["operations.json", "operations-shapes.json"].flatMap { name -> [WrittenLayerCase] in
            guard let data = try? Data(contentsOf: folder.appending(path: name)) else { return [] }
            return (try? JSONDecoder().decode([WrittenLayerCase].self, from: data)) ?? []
        }
    }()

    func network() throws -> Network {
        let nodes = try nodes.enumerated().map { index, node in
            let entry = LayerCatalog.entry(named: node.type)
            guard let operation = try entry?.make(node.keywords.map { (name: $0.key, value: $0.value.setting) }) else {
                throw CocoaError(.featureUnsupported)
            }
            return Network.Node(operation, inputs: node.inputs, name: "node\(index)")
        }
        return try Network(
            inputs: shapes.map { try Shape($0) }, nodes: nodes, outputs: [shapes.count + nodes.count - 1])
    }

    var parameters: [String: Tensor] { tensors.mapValues { Tensor(extents: $0.extents, values: $0.values) } }

    /// A keyword's value, as JSON has it.
    struct Keyword: Decodable, Sendable {
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
}

/// Puts records together as ``RecordReader`` takes them apart.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ count: Int) {
        bytes += withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) { Array($0) }
    }

    mutating func add(_ content: [UInt8]) {
        add(content.count)
        bytes += content
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ values: [Float]) {
        add(values.count)
        for value in values { add(Int(value.bitPattern)) }
    }
}
