import Foundation
import Importing

@testable import ONNXModels

// Graphs of few nodes, as tests need them.

/// What is said of a file that cannot be read; empty where it can.
func reason(_ bytes: [UInt8]) -> String {
    do {
        let folder = try TemporaryFolder()
        _ = try ONNXModel.read(folder.write(bytes, "model.onnx"))
        return ""
    } catch { return "\(error)" }
}

/// A decoder from `z` to `y`, beside constants.
func model(
    _ nodes: [NodeMessage], constants: [TensorMessage] = [], version: Int64 = 17, input: [Int64] = [1, 4]
) throws -> [UInt8] {
    var model = ModelMessage()
    var usual = OperatorSetMessage()
    usual.version = version
    model.operatorSets = [usual]
    model.graph.nodes = nodes
    model.graph.constants = constants
    model.graph.inputs = [port("z", input)]
    model.graph.outputs = [port("y", nil)]
    return try model.serializedBytes()
}

func port(_ name: String, _ extents: [Int64]?) -> ValuePortMessage {
    var port = ValuePortMessage()
    port.name = name
    port.type.tensor.element = 1
    for extent in extents ?? [] {
        var message = ExtentMessage()
        message.size = extent
        port.type.tensor.shape.extents.append(message)
    }
    return port
}

func node(
    _ kind: String, _ inputs: [String], _ outputs: [String] = ["y"], _ attributes: [AttributeMessage] = []
) -> NodeMessage {
    var node = NodeMessage()
    (node.operatorName, node.inputs, node.outputs, node.name) = (kind, inputs, outputs, "/net/\(kind)")
    node.attributes = attributes
    return node
}

func attribute(_ name: String, number: Float) -> AttributeMessage {
    var attribute = AttributeMessage()
    (attribute.name, attribute.kind, attribute.number) = (name, 1, number)
    return attribute
}

func attribute(_ name: String, integer: Int64) -> AttributeMessage {
    var attribute = AttributeMessage()
    (attribute.name, attribute.kind, attribute.integer) = (name, 2, integer)
    return attribute
}

func integers(_ name: String, _ list: [Int64], _ extents: [Int64]? = nil) -> TensorMessage {
    var tensor = TensorMessage()
    (tensor.name, tensor.element, tensor.extents, tensor.longIntegers) = (name, 7, extents ?? [Int64(list.count)], list)
    return tensor
}

func floats(_ name: String, _ list: [Float], _ extents: [Int64]? = nil) -> TensorMessage {
    var tensor = TensorMessage()
    (tensor.name, tensor.element, tensor.extents, tensor.floats) = (name, 1, extents ?? [Int64(list.count)], list)
    return tensor
}
