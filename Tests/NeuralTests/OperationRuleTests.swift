import Testing

@testable import Neural

@Suite("Operations' rules")
struct OperationRuleTests {
    @Test("An operation is made again by the name and the keywords that it writes", arguments: OperationCase.all)
    func keywords(_ test: OperationCase) throws {
        let network = try test.network()
        for node in network.nodes {
            let shapes = node.inputs.map { network.shapes[$0] }
            let entry = try #require(LayerCatalog.entry(named: node.operation.kind(of: shapes)))
            #expect(try entry.make(node.operation.settings(of: shapes)) == node.operation)
        }
    }

    @Test(
        "What is large enough to be cut for two threads comes to the same numbers on one",
        arguments: [
            ("add", [[3, 96, 96], [3, 96, 96]]), ("mul", [[3, 96, 96], [3, 1, 1]]), ("maximum", [[2, 3, 30_001]]),
            ("sub", [[40_001], [40_001]]), ("div", [[1, 20_011], [2, 1]]), ("matmul", [[7, 40, 64], [7, 64, 40]]),
            ("matmul", [[2, 150, 30], [2, 30, 45]]),
        ])
    func cuts(_ name: String, _ extents: [[Int]]) throws {
        let shapes = try (extents.count == 1 ? extents + extents : extents).map { try Shape($0) }
        let operation = try #require(LayerCatalog.entry(named: name)).make([])
        let network = try Network(
            inputs: shapes, nodes: [.init(operation, inputs: [0, 1], name: "node")], outputs: [2])
        let results = [1, 2].map { threads in
            let plan = Plan(network, purpose: .inference, capacity: 1, pool: WorkerPool(threads: threads))
            for (index, shape) in shapes.enumerated() {
                let values = unevenWeights(shape.count).map { $0 + 0.3 + Float(index) }
                plan.input(index).update(from: values, count: shape.count)
            }
            plan.forward(count: 1)
            return Array(UnsafeBufferPointer(start: plan.output(), count: network.outputShapes[0].count))
        }
        #expect(results[0] == results[1])
        #expect(results[0].contains { $0 != 0 })
    }

    @Test(
        "Shapes and keywords that don't fit are refused",
        arguments: [
            ("add", [[3, 4], [4, 4]], []), ("add", [[3, 4], [4]], []), ("mul", [[3, 4]], []),
            ("add", [[3], [3]], [("other", .integer(2))]), ("where", [[3], [3], [2]], []),
            ("matmul", [[4], [4]], []), ("matmul", [[4, 5], [4, 5]], []), ("matmul", [[2, 4, 5], [3, 5, 4]], []),
            ("mean", [[3, 4]], [("dim", .integers([]))]), ("mean", [[3, 4]], [("dim", .integers([0]))]),
            ("mean", [[3, 4]], [("dim", .integers([1, -2]))]), ("sum", [[3]], [("dim", .integer(1))]),
            ("var", [[1, 4]], [("dim", .integer(1))]), ("GLU", [[3]], []),
            ("PReLU", [[3]], [("num_parameters", .integer(2))]),
            ("PReLU", [[3]], [("num_parameters", .integer(0))]),
            ("AdaptiveAvgPool2d", [[3, 4, 5]], [("output_size", .integer(0))]),
            (
                "MaxPool2d", [[1, 3, 3]],
                [("kernel_size", .integer(2)), ("dilation", .integer(4)), ("padding", .integer(1))]
            ),
        ] as [(String, [[Int]], [(name: String, value: Setting)])])
    func refusals(_ name: String, _ extents: [[Int]], _ keywords: [(name: String, value: Setting)]) throws {
        let operation = try #require(LayerCatalog.entry(named: name)).make(keywords)
        let shapes = try extents.map { try Shape($0) }
        #expect(throws: ArchitectureError.self) { try operation.outputShape(of: shapes) }
    }
}
