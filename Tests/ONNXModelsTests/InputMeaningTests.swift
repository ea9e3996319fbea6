import Foundation
import Importing
import Testing
import VAE

@testable import ONNXModels

@Suite("What inputs beside the latents mean")
struct InputMeaningTests {
    private func port(_ name: String, _ extents: [Int64]) -> ValuePortMessage {
        var port = ValuePortMessage()
        port.name = name
        port.type.tensor.element = 1
        for extent in extents {
            var message = ExtentMessage()
            message.size = extent
            port.type.tensor.shape.extents.append(message)
        }
        return port
    }

    private func node(
        _ kind: String, _ inputs: [String], _ output: String, _ attributes: [String: Int64] = [:]
    ) -> NodeMessage {
        var node = NodeMessage()
        (node.operatorName, node.inputs, node.outputs, node.name) = (kind, inputs, [output], "/\(output)")
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            var attribute = AttributeMessage()
            (attribute.name, attribute.integer) = (name, value)
            node.attributes.append(attribute)
        }
        return node
    }

    private func floats(_ name: String, _ extents: [Int64]) -> TensorMessage {
        var tensor = TensorMessage()
        (tensor.name, tensor.element, tensor.extents) = (name, 1, extents)
        tensor.floats = (0..<Int(extents.reduce(1, *))).map { Float($0 % 7 - 3) / 4 }
        return tensor
    }

    private func whole(_ name: String, _ value: Int64) -> TensorMessage {
        var tensor = TensorMessage()
        (tensor.name, tensor.element, tensor.extents, tensor.longIntegers) = (name, 7, [], [value])
        return tensor
    }

    /// A decoder that ends in 64 pixels of what is called `joined`, of some width.
    private func model(
        _ inputs: [ValuePortMessage], _ nodes: [NodeMessage], _ constants: [TensorMessage] = [], width: Int64
    ) throws -> [UInt8] {
        var model = ModelMessage()
        var usual = OperatorSetMessage()
        usual.version = 17
        model.operatorSets = [usual]
        model.graph.inputs = inputs
        model.graph.nodes = nodes + [node("MatMul", ["joined", "weight"], "pixels"), node("Sigmoid", ["pixels"], "y")]
        model.graph.constants = constants + [floats("weight", [width, 64])]
        model.graph.outputs = [port("y", [1, 64])]
        return try model.serializedBytes()
    }

    private func read(_ bytes: [UInt8], label: String? = nil) throws -> ImportedModel {
        var options = ImportOptions()
        options.labelName = label
        let folder = try TemporaryFolder()
        return try withExtendedLifetime(folder) {
            try ONNXModel.read(folder.write(bytes, "model.onnx"), options: options)
        }
    }

    /// TensorFlow's embedding: a float is cast, and a negative index counts from the table's end.
    private func embedding(_ inputs: [ValuePortMessage]) throws -> [UInt8] {
        try model(
            inputs,
            [
                node("Cast", ["b"], "index", ["to": 6]), node("Less", ["index", "zero"], "below"),
                node("Cast", ["below"], "one", ["to": 6]), node("Mul", ["one", "rows"], "turn"),
                node("Add", ["index", "turn"], "row"), node("Gather", ["table", "row"], "taken", ["axis": 0]),
                node("Reshape", ["taken", "flat"], "features"),
                node("Concat", ["a", "features"], "joined", ["axis": 1]),
            ],
            [floats("table", [5, 3]), whole("zero", 0), whole("rows", 5), flat], width: 6)
    }

    private var flat: TensorMessage {
        var tensor = whole("flat", 1)
        (tensor.extents, tensor.longIntegers) = ([2], [1, 3])
        return tensor
    }

    @Test(
        "A number from which alone a table's row is computed is a label, whatever it is called and wherever it stands")
    func tables() throws {
        for inputs in [[port("a", [1, 3]), port("b", [1, 1])], [port("b", [1, 1]), port("a", [1, 3])]] {
            let found = try read(embedding(inputs))
            #expect(found.model.architecture.decoderRoles == [.latent, .label(classes: 5, .index)])
            #expect(!found.isGuessed)
        }
    }

    private func joined(_ count: Int64, _ name: String = "input_2", through kind: String? = nil) throws -> [UInt8] {
        let first = kind.map { [node($0, [name], "moved")] } ?? []
        return try model(
            [port("input_1", [1, 4]), port(name, [1, count])],
            first + [node("Concat", ["input_1", kind == nil ? name : "moved"], "joined", ["axis": 1])], width: 4 + count
        )
    }

    @Test("A second vector as long as data sets have classes is guessed to be a one-hot label")
    func vectors() throws {
        let found = try read(joined(10))
        #expect(found.model.architecture.decoderRoles == [.latent, .label(classes: 10, .oneHot)])
        #expect(found.isGuessed)
    }

    @Test(
        "A vector of another length, another use or another name is a condition, until --label says that it is a label")
    func conditions() throws {
        for bytes in [try joined(7), try joined(10, through: "Exp"), try joined(10, "style")] {
            #expect(try read(bytes).model.architecture.decoderRoles == [.latent, .condition])
        }
        let said = try read(joined(7), label: "input_2")
        #expect(said.model.architecture.decoderRoles == [.latent, .label(classes: 7, .oneHot)])
        #expect(!said.isGuessed)
    }
}
