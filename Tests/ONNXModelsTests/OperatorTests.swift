import Importing
import Neural
import Testing

@testable import ONNXModels

@Suite("Operators of ONNX")
struct OperatorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let model: [UInt8]
        let input: [Float]
        let output: [Float]

        var testDescription: String { name }
    }

    static let cases: [Case] = {
        guard let bytes = try? fixture("operators.bin") else { return [] }
        var reader = RecordReader(bytes)
        var cases: [Case] = []
        while !reader.isAtEnd {
            cases.append(
                Case(name: reader.text(), model: reader.bytes(), input: reader.floats(), output: reader.floats()))
        }
        return cases
    }()

    @Test("The fixture has its cases")
    func fixtureIsThere() {
        #expect(OperatorTests.cases.count > 300)
    }

    @Test("An operator computes what ONNX Runtime computes", arguments: cases)
    func computesTheSame(_ wanted: Case) throws {
        let file = try GraphFile(wanted.model, path: "operator.onnx")
        let graph = try TranslatedGraph(
            file, options: ImportOptions(), frozenBatch: GraphReading.frozenBatch(file))
        let output = try #require(try graph.computedOutputs().first?.value)
        let (network, tensors) = try graph.assembly.network(
            from: [graph.inputs[0].value], to: [output], inputNames: ["x"], outputNames: ["y"], prefix: "")
        let found = compute(network, tensors, [wanted.input])[0]
        #expect(difference(found, wanted.output) < 1e-4)
    }
}
