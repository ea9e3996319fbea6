import Importing
import Neural
import Numbers

extension OperatorTable {
    /// What lets values pass, and what makes noise.
    static let passing: [String: Function] = [
        "Identity": { call throws(ImportProblem) in [.computed(try call.value(0))] },
        "Dropout": { call throws(ImportProblem) in
            call.ignore("ratio", "seed", "is_test", "consumed_inputs")
            return [.computed(try call.value(0))]
        },
        "Cast": { call throws(ImportProblem) in
            call.ignore("saturate", "round_mode")
            guard let type = ElementType(onnx: Int32(clamping: try call.integer("to", 1))) else {
                throw call.unsupported("a cast to a type that is not supported")
            }
            return [.computed(try cast(call, try call.value(0), to: type))]
        },
        "CastLike": { call throws(ImportProblem) in
            guard call.inputs.count == 2, let like = call.inputs[1] else { throw call.wrong("it reads 2 values") }
            let isInteger: Bool
            switch like {
            case .computed(let handle): isInteger = handle.isInteger
            case .constant(let tensor): isInteger = tensor.isInteger
            case .failed(let problem): throw problem
            }
            return [.computed(try cast(call, try call.value(0), to: isInteger ? .int64 : .float32))]
        },
        "RandomNormalLike": { call throws(ImportProblem) in
            call.ignore("dtype", "seed")
            if case .constant(let tensor)? = call.inputs.first ?? nil {
                return [.computed(try noise(call, batched: tensor.extents))]
            }
            let handle = try call.settled(0)
            return [.computed(try noise(call, handle.extents, batchAxis: handle.batchAxis))]
        },
        "RandomNormal": { call throws(ImportProblem) in
            call.ignore("dtype", "seed")
            guard let shape = try call.integers("shape"), !shape.isEmpty else {
                throw call.wrong("its shape is missing")
            }
            return [.computed(try noise(call, batched: shape))]
        },
        // TensorFlow's, which tf2onnx leaves as it is; what follows the shape says where its numbers begin.
        "StatelessRandomNormalV2": { call throws(ImportProblem) in
            call.ignore("dtype")
            guard let shape = try call.indices(0, "shape"), !shape.isEmpty else {
                throw call.wrong("its shape is missing")
            }
            return [.computed(try noise(call, batched: shape))]
        },
    ]

    private static func cast(_ call: NodeCall, _ handle: Handle, to type: ElementType) throws(ImportProblem) -> Handle {
        var result = handle
        switch type.kind {
        case .float: break
        case .boolean: result = try call.elementwise("ne", ["other": .number(0)], handle)
        case .signed, .unsigned: if !handle.isInteger { result = try call.elementwise("trunc", handle) }
        }
        result.isInteger = type.kind != .float
        return result
    }

    /// - Parameter shape: as the file has it, perhaps with its own batch.
    private static func noise(_ call: NodeCall, batched shape: [Int]) throws(ImportProblem) -> Handle {
        let batchAxis = call.frozenBatch.flatMap { $0 == shape.first ? 0 : nil }
        return try noise(call, call.freed(shape, batchAxis: batchAxis), batchAxis: batchAxis)
    }

    /// Standard normal numbers, moved and scaled: an input of the network.
    private static func noise(_ call: NodeCall, _ extents: [Int], batchAxis: Int?) throws(ImportProblem) -> Handle {
        let (mean, scale) = (call.number("mean", 0), call.number("scale", 1))
        let shape: Shape
        do { shape = try Shape(try call.fewAxes(extents)) } catch { throw call.unsupported("noise of \(extents)") }
        let value = call.translation.assembly.input("noise", shape)
        call.translation.noise.append(value)
        var handle = Handle(value, extents, batchAxis: batchAxis)
        if scale != 1 { handle = try call.elementwise("mul", ["other": .number(scale)], handle) }
        if mean != 0 { handle = try call.elementwise("add", ["other": .number(mean)], handle) }
        return handle
    }
}
