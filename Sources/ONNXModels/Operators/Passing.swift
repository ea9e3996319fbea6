import Importing
import Neural
import Numbers

extension OperatorTable {
    /// What lets values pass, and what makes noise.
    static let passing: [String: Function] = [
        "Identity": { call throws(ImportProblem) in [.computed(try call.value(0))] },
        "Dropout": { call throws(ImportProblem) in
            try call.refuseTraining()
            return [.computed(try call.value(0))]
        },
        "Cast": { call throws(ImportProblem) in
            call.ignore("saturate", "round_mode")
            guard let type = ElementType(onnx: Int32(clamping: try call.integer("to", 1))) else {
                throw call.unsupported("the type that it casts to is not supported")
            }
            return [.computed(try cast(call, try call.value(0), to: type))]
        },
        "CastLike": { call throws(ImportProblem) in
            call.ignore("saturate", "round_mode")
            let like = try call.pair().1
            // Which whole numbers others are, or whether they are truth values, is not kept.
            guard let type = call.translation.type(ofConstant: call.node.inputs[1]) ?? (like.isInteger ? nil : .float32)
            else { throw call.unsupported("it casts to a type that only shows when the model runs") }
            return [.computed(try cast(call, try call.value(0), to: type))]
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
        case .signed, .unsigned:
            if !handle.isInteger { result = try call.elementwise("trunc", handle) }
            if type.size < 4 { result = try wrapped(call, result, type) }
        }
        result.isInteger = type.kind != .float
        return result
    }

    /// Whole numbers as a type of few bits keeps them: what is beyond its ends begins again at the other one.
    private static func wrapped(
        _ call: NodeCall, _ handle: Handle, _ type: ElementType
    ) throws(ImportProblem) -> Handle {
        let count = Float(1 << (8 * type.size))
        let least = type.kind == .signed ? -count / 2 : 0
        if case .bounded(let low, let high) = PixelIntervals(assembly: call.translation.assembly).range(
            of: handle.value),
            low >= least, high < least + count
        {
            return handle
        }
        var turns = try call.elementwise("sub", ["other": .number(least)], handle)
        turns = try call.elementwise("floor", try call.elementwise("div", ["other": .number(count)], turns))
        turns = try call.elementwise("mul", ["other": .number(count)], turns)
        return try call.combine("sub", .computed(handle), .computed(turns))
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
        do { shape = try Shape(try call.fewAxes(extents)) } catch {
            throw call.unsupported("its shape \(extents.text) is not possible")
        }
        let value = call.translation.assembly.input("noise", shape)
        call.translation.noise.append(value)
        var handle = Handle(value, extents, batchAxis: batchAxis)
        if scale != 1 { handle = try call.elementwise("mul", ["other": .number(scale)], handle) }
        if mean != 0 { handle = try call.elementwise("add", ["other": .number(mean)], handle) }
        return handle
    }
}

extension NodeCall {
    /// A dropout lets everything pass, unless a file says that it is to drop.
    func refuseTraining() throws(ImportProblem) {
        ignore("ratio", "seed", "is_test", "consumed_inputs")
        if version >= 12, let isTraining = try scalar(2, "training_mode"), isTraining != 0 {
            throw unsupported("it is set to training, where it draws at random; export the model in evaluation mode")
        }
    }
}
