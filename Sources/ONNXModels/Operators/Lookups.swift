import Importing
import Neural

extension OperatorTable {
    /// What takes things by their numbers.
    static let lookups: [String: Function] = [
        "Gather": { call throws(ImportProblem) in try gather(call) },
        "OneHot": { call throws(ImportProblem) in try oneHot(call) },
    ]

    private static func gather(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let (data, index) = try call.pair()
        guard let rank = data.extents?.count, rank > 0 else {
            throw call.wrong("it takes elements out of a single number")
        }
        let axis = try call.axis(try call.integer("axis", 0), of: rank)
        switch (data, index) {
        case (.computed, .constant(let places)):
            let handle = try call.settled(0)
            let list = try call.places(places, along: call.fileExtents(handle)[axis])
            var taken = try call.taking(list, of: handle, axis)
            taken.extents.replaceSubrange(axis...axis, with: places.extents)
            if let batch = handle.batchAxis {
                taken.batchAxis = batch == axis ? nil : batch > axis ? batch + places.extents.count - 1 : batch
            }
            return [.computed(taken)]
        case (.constant(let table), .computed):
            let handle = try call.settled(1)
            guard axis == 0, table.extents.count >= 1, table.count > 0 else {
                throw call.unsupported("it looks things up along axis \(axis) of a table, and axis 0 is supported")
            }
            let width = table.extents[1...].reduce(1, *)
            let count = handle.extents.reduce(1, *)
            let value = try call.add(
                "Embedding",
                ["num_embeddings": .integer(table.extents[0]), "embedding_dim": .integer(width)],
                [try call.shaped(handle.value, [count])], ["weight": table.tensor([table.extents[0], width])])
            return [.computed(Handle(value, handle.extents + table.extents[1...], batchAxis: handle.batchAxis))]
        default:
            throw call.unsupported(
                "its table and its indices are both computed from the inputs, which is not supported")
        }
    }

    private static func oneHot(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        let depth = try call.needed(1, "depth")
        let ends = try call.needed(2, "values").floats
        guard let classes = depth.scalar.flatMap({ Int(exactly: $0) }), (1...1 << 20).contains(classes), ends.count == 2
        else { throw call.wrong("its depth must be one whole number, and its values two numbers") }
        let axis = try call.axis(try call.integer("axis", -1), of: handle.rank + 1)
        let count = handle.extents.reduce(1, *)
        let value = try call.add(
            "one_hot", ["num_classes": .integer(classes)], [try call.shaped(handle.value, [count])])
        var result = Handle(value, handle.extents + [classes], batchAxis: handle.batchAxis)
        if ends[1] - ends[0] != 1 {
            result = try call.elementwise("mul", ["other": .number(ends[1] - ends[0])], result)
        }
        if ends[0] != 0 { result = try call.elementwise("add", ["other": .number(ends[0])], result) }
        var order = Array(0..<handle.rank)
        order.insert(handle.rank, at: axis)
        return [.computed(result.transposed(order))]
    }
}
