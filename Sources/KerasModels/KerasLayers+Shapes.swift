import Importing
import JSON
import Neural

extension KerasLayers {
    static let shapes: [String: Make] = [
        "Flatten": { (operands, builder) throws(ImportProblem) in [try builder.flatten(operands)] },
        "Reshape": { (operands, builder) throws(ImportProblem) in
            if let target = try operands.settings.integers("target_shape") {
                return [try builder.reshape(try operands.single(), target, operands)]
            }
            // A function's shape begins with the batch.
            let whole = operands.json(1, "shape", "newshape") ?? operands.settings["newshape"]
            let target = (whole?.array ?? []).compactMap(KerasSettings.whole)
            guard target.count > 1, target.count == whole?.array?.count else {
                throw operands.settings.unsupported("a shape that is computed")
            }
            return [try builder.reshape(try operands.single(), Array(target.dropFirst()), operands)]
        },
        "Permute": { (operands, builder) throws(ImportProblem) in
            guard let axes = try operands.settings.integers("dims") else {
                throw operands.settings.problem("has no dims")
            }
            return [try builder.permute(try operands.single(), axes, operands)]
        },
        "RepeatVector": { (operands, builder) throws(ImportProblem) in
            let value = try builder.plain(try operands.single())
            let count = try operands.settings.integer("n")
            guard value.shape.count == 1, count >= 1 else { throw operands.settings.wrong("n") }
            let row = try builder.add("unsqueeze", ["dim": .integer(1)], [value.engine], operands.layer)
            let shape = [count] + value.shape
            return [KerasValue(try builder.add("expand", ["size": .integers(shape)], [row], operands.layer), shape)]
        },
    ]
}

extension KerasBuilder {
    /// A vector in Keras's order; one that was an image keeps the engine's, which is remembered.
    fileprivate mutating func flatten(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let value = try operands.single()
        if case .flat = value.order { return value }
        guard value.shape.count != 1 else { return value }
        let made = try add("Flatten", ["start_dim": .integer(1)], [value.engine], operands.layer)
        if value.order == .image {
            return KerasValue(
                made, [value.count], .flat(height: value.shape[0], width: value.shape[1], channels: value.shape[2]))
        }
        // Keras puts the channels last before it flattens, wherever they were.
        if operands.settings.isChannelsFirst, value.shape.count == 3 {
            return KerasValue(
                made, [value.count], .flat(height: value.shape[1], width: value.shape[2], channels: value.shape[0]))
        }
        return KerasValue(made, [value.count])
    }

    /// - Parameter target: with at most one −1, for what is left.
    mutating func reshape(
        _ value: KerasValue, _ target: [Int], _ operands: KerasOperands
    ) throws(ImportProblem) -> KerasValue {
        var known = 1
        for extent in target where extent != -1 {
            guard extent > 0, known <= (1 << 28) / extent else { throw operands.settings.wrong("target_shape") }
            known *= extent
        }
        let open = target.filter { $0 == -1 }.count
        guard open <= 1, value.count % known == 0, open == 1 || known == value.count else {
            throw operands.settings.problem("makes \(target) of \(value.shape), which has another size")
        }
        let shape = target.map { $0 == -1 ? value.count / known : $0 }
        if shape == value.shape { return value }
        if shape.count == 3, case .flat(shape[0], shape[1], shape[2]) = value.order {
            return try unflatten(value, shape, operands)
        }
        if shape.count == 1, value.order == .image { return try flatten(operands) }
        if shape.count == 3, value.order == .plain, value.shape.count == 1,
            let turned = try turned(value, height: shape[0], width: shape[1], channels: shape[2])
        {
            return try unflatten(turned, shape, operands)
        }
        let source = try plain(value)
        guard !shape.isEmpty else { throw operands.settings.wrong("target_shape") }
        return KerasValue(
            try add("reshape", ["shape": .integers(shape)], [source.engine], operands.layer), shape)
    }

    private mutating func unflatten(
        _ value: KerasValue, _ shape: [Int], _ operands: KerasOperands
    ) throws(ImportProblem) -> KerasValue {
        let made = try add(
            "Unflatten",
            ["dim": .integer(1), "unflattened_size": .integers([shape[2], shape[0], shape[1]])], [value.engine],
            operands.layer)
        return KerasValue(made, shape, .image)
    }

    fileprivate mutating func permute(
        _ value: KerasValue, _ axes: [Int], _ operands: KerasOperands
    ) throws(ImportProblem) -> KerasValue {
        let value = if case .flat = value.order { try plain(value) } else { value }
        guard axes.sorted() == Array(1...max(1, value.shape.count)), axes.count == value.shape.count else {
            throw operands.settings.wrong("dims")
        }
        let places = axes.compactMap(value.engineAxis)
        let made = try add("permute", ["dims": .integers([0] + places)], [value.engine], operands.layer)
        return KerasValue(made, axes.map { value.shape[$0 - 1] })
    }
}
