import Importing
import Testing

@testable import ONNXModels

@Suite("Arguments of ONNX's operators that do not fit")
struct ArgumentTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let nodes: [NodeMessage]
        let constants: [TensorMessage]
        let words: String

        init(_ name: String, _ nodes: [NodeMessage], _ constants: [TensorMessage] = [], says words: String) {
            (testDescription, self.nodes, self.constants, self.words) = (name, nodes, constants, words)
        }
    }

    private static let truth: TensorMessage = {
        var tensor = integers("t", [1])
        (tensor.element, tensor.longIntegers, tensor.integers) = (9, [], [1])
        return tensor
    }()

    private static let ones = ["s", "b", "m", "v"].map { floats($0, [1, 1, 1, 1]) }

    private static let cases = [
        Case(
            "a bound of two numbers", [node("Clip", ["z", "a"])], [floats("a", [0, 1])],
            says: "its minimum must be one number"),
        Case(
            "a bound of none", [node("Clip", ["z", "", "a"])], [floats("a", [])],
            says: "its maximum must be one number"),
        Case(
            "a bound that is no number", [node("Clip", ["z", "a"])], [floats("a", [.nan])],
            says: "its minimum must be one number"),
        Case(
            "two numbers to pad with", [node("Pad", ["z", "p", "a"])],
            [integers("p", [0, 1, 0, 1]), floats("a", [0, 1])],
            says: "its value must be one number"),
        Case(
            "an axis that is padded twice", [node("Pad", ["z", "p", "", "x"])],
            [integers("p", [1, 1, 1, 1]), integers("x", [1, -1])], says: "its axis -1 is there twice"),
        Case(
            "a whole number for a float", [node("LeakyRelu", ["z"], ["y"], [attribute("alpha", integer: 2)])],
            says: "its attribute alpha must be a float"),
        Case(
            "an endless slope", [node("Elu", ["z"], ["y"], [attribute("alpha", number: -.infinity)])],
            says: "/net/Elu (Elu): alpha must be a number"),
        Case(
            "a dropout that drops", [node("Dropout", ["z", "r", "t"])], [floats("r", [0.5]), truth],
            says: "it is set to training"),
        Case(
            "a variance that may fall below 0",
            [node("BatchNormalization", ["z", "s", "b", "m", "v"], ["y"], [attribute("epsilon", number: -5)])], ones,
            says: "its epsilon is -5.0"),
        Case(
            "an axis that is not there", [node("Flatten", ["z"], ["y"], [attribute("axis", integer: 99)])],
            says: "node /net/Flatten (Flatten): its axis 99 does not exist in a value of 2 axes"),
        Case(
            "too many values in a sum", [node("Sum", Array(repeating: "z", count: 1025))],
            says: "it has 1025 inputs, and at most 1024 are supported"),
        Case(
            "too many values in a row", [node("Concat", Array(repeating: "z", count: 1025))],
            says: "it has 1025 inputs, and at most 1024 are supported"),
        Case("one value too few", [node("Add", ["z", ""])], says: "it needs 2 inputs, and has 1"),
        Case(
            "whole numbers of an unknown type",
            [
                node("Cast", ["z"], ["i"], [attribute("to", integer: 7)]),
                node("CastLike", ["z", "i"]),
            ], says: "it casts to a type that only shows when the model runs"),
        Case(
            "scales of more axes than what they scale",
            [node("DequantizeLinear", ["q", "s"], ["d"]), node("Mul", ["z", "d"])],
            [integers("q", [3, 4, 5, 6], [1, 4]), floats("s", [0.5], [1, 1])],
            says: "its scales or zero points of 1×1 do not fit an input of 1×4"),
        Case(
            "scales of none", [node("DequantizeLinear", ["q", "s"], ["d"]), node("Mul", ["z", "d"])],
            [integers("q", [3, 4]), floats("s", [])], says: "its axis 1 does not exist in a value of 1 axes"),
    ]

    @Test("Each is refused in a sentence", arguments: cases)
    func isRefused(_ wanted: Case) throws {
        let text = reason(try model(wanted.nodes, constants: wanted.constants))
        #expect(text.contains(wanted.words), "\(text)")
    }

    @Test("Constants are expanded and reshaped to what fits alone")
    func checksShapes() {
        let tensor = ConstantTensor([2, 1], floats: [1, 2])
        #expect(tensor.expanded(to: [2, 3])?.floats == [1, 1, 1, 2, 2, 2])
        for extents in [[], [2], [3, 3], [2, -1], [.max, 2, 1], [0, .max, .max, 2, 1]] {
            #expect(tensor.expanded(to: extents) == nil, "\(extents)")
            #expect(tensor.reshaped(extents + [.max]) == nil, "\(extents)")
        }
        #expect(ConstantTensor([0], floats: []).reshaped([0, .max, .max]) == nil)
    }

    @Test("Operators newer than all that are known are told of")
    func tellsOfNewOperators() throws {
        let weights = floats("w", Array(repeating: 1, count: 4 * 64), [4, 64])
        let folder = try TemporaryFolder()
        for (version, count) in [(GraphFile.newestVersion, 0), (GraphFile.newestVersion + 1, 1)] {
            let bytes = try model([node("MatMul", ["z", "w"])], constants: [weights], version: Int64(version))
            let found = try ONNXModel.read(folder.write(bytes, "model.onnx"))
            #expect(found.remarks.filter { $0.contains("the newest that is known") }.count == count)
        }
    }

    @Test("An input of an impossible size is named")
    func namesHugeInput() throws {
        let text = reason(try model([node("Relu", ["z"])], input: [1, 1 << 40]))
        #expect(text.contains("the input z has an axis of 1099511627776"))
    }

    @Test("Before version 7 a list of slopes had one for each channel")
    func bendsChannels() throws {
        let bytes = try model(
            [node("PRelu", ["z", "s"])], constants: [floats("s", [2, 3])], version: 6, input: [1, 2, 2, 2])
        let file = try GraphFile(bytes, path: "model.onnx")
        let graph = try TranslatedGraph(file, options: ImportOptions(), frozenBatch: nil)
        let output = try #require(try graph.computedOutputs().first?.value)
        let (network, tensors) = try graph.assembly.network(
            from: [graph.inputs[0].value], to: [output], inputNames: ["z"], outputNames: ["y"], prefix: "")
        let found = compute(network, tensors, [Array(repeating: -1, count: 8)])[0]
        #expect(found == [-2, -2, -2, -2, -3, -3, -3, -3])
    }
}
