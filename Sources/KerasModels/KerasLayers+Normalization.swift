import Importing
import JSON
import Neural
import Platform

extension KerasLayers {
    static let normalizations: [String: Make] = {
        let batch: Make = { (operands, builder) throws(ImportProblem) in [try builder.batchNormalization(operands)] }
        return [
            "BatchNormalization": batch, "SyncBatchNormalization": batch,
            "LayerNormalization": { (operands, builder) throws(ImportProblem) in
                [try builder.layerNormalization(operands)]
            },
            "GroupNormalization": { (operands, builder) throws(ImportProblem) in
                [try builder.groupNormalization(operands)]
            },
            "UnitNormalization": { (operands, builder) throws(ImportProblem) in
                [try builder.unitNormalization(operands)]
            },
            "Normalization": { (operands, builder) throws(ImportProblem) in [try builder.normalization(operands)] },
            "Rescaling": { (operands, builder) throws(ImportProblem) in [try builder.rescaling(operands)] },
        ]
    }()
}

extension KerasBuilder {
    /// Scale and offset, ones and zeros where the layer has none; then the other variables.
    private func scaled(
        _ operands: KerasOperands, count: Int
    ) throws(ImportProblem) -> (weight: [Float], bias: [Float], rest: [KerasTensor]) {
        var variables = try variables(operands)[...]
        func take(_ word: String, _ standard: Float) throws(ImportProblem) -> [Float] {
            guard operands.settings.flag(word, true), let tensor = variables.popFirst() else {
                return [Float](repeating: standard, count: count)
            }
            return try vector(tensor, count, operands).values
        }
        return (try take("scale", 1), try take("center", 0), Array(variables))
    }

    /// Numbers of a vector in the order in which the value has them.
    private func ordered(_ numbers: [Float], like value: KerasValue) -> [Float] {
        guard case .flat(let height, let width, let channels) = value.order else { return numbers }
        return channelsFirstPlaces(height: height, width: width, channels: channels).map { numbers[$0] }
    }

    private func axis(_ operands: KerasOperands, _ value: KerasValue) throws(ImportProblem) -> (keras: Int, engine: Int)
    {
        let axes = try operands.settings.integers("axis") ?? [-1]
        guard axes.count == 1 else { throw operands.settings.unsupported("several axes are not supported") }
        guard let engine = value.engineAxis(axes[0]) else { throw operands.settings.wrong("axis") }
        return (axes[0] < 0 ? axes[0] + value.shape.count : axes[0] - 1, engine)
    }

    fileprivate mutating func batchNormalization(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let value = try operands.single()
        let axis = try axis(operands, value)
        let count = value.shape[axis.keras]
        let (weight, bias, rest) = try scaled(operands, count: count)
        let epsilon = try operands.settings.number("epsilon", 1e-3)
        guard rest.count == 2, epsilon > 0 else { throw operands.settings.problem("has no running statistics") }
        let (mean, variance) = (
            try vector(rest[0], count, operands).values, try vector(rest[1], count, operands).values
        )
        if axis.engine == 1, [1, 3].contains(value.shape.count) {
            func tensor(_ numbers: [Float]) -> Tensor {
                Tensor(extents: [count], values: ordered(numbers, like: value))
            }
            let made = try add(
                value.shape.count == 3 ? "BatchNorm2d" : "BatchNorm1d",
                ["num_features": .integer(count), "eps": .number(epsilon)], [value.engine], operands.layer,
                tensors: [
                    "weight": tensor(weight), "bias": tensor(bias), "running_mean": tensor(mean),
                    "running_var": tensor(variance),
                ])
            return KerasValue(made, value.shape, value.order)
        }
        let scales = (0..<count).map { weight[$0] / (variance[$0] + epsilon).squareRoot() }
        let offsets = (0..<count).map { bias[$0] - mean[$0] * scales[$0] }
        var shape = value.shape.map { _ in 1 }
        shape[axis.keras] = count
        return try affine(value, scales, offsets, shape, operands)
    }

    /// The value times a number and plus a number, both of Keras's shape or one for all.
    private mutating func affine(
        _ value: KerasValue, _ scales: [Float], _ offsets: [Float], _ shape: [Int], _ operands: KerasOperands
    ) throws(ImportProblem) -> KerasValue {
        if scales.count == 1, offsets.count == 1 {
            let scaled = scales[0] == 1 ? value : try map("mul", ["other": .number(scales[0])], value, operands.layer)
            return offsets[0] == 0 ? scaled : try map("add", ["other": .number(offsets[0])], scaled, operands.layer)
        }
        var value = value
        if case .flat = value.order { value = try plain(value) }
        let scale = try parameter(KerasTensor(shape: shape, values: scales), shape: shape, for: value, operands)
        let offset = try parameter(KerasTensor(shape: shape, values: offsets), shape: shape, for: value, operands)
        let scaled = try add("mul", [value.engine, scale], operands.layer)
        return KerasValue(try add("add", [scaled, offset], operands.layer), value.shape, value.order)
    }

    fileprivate mutating func layerNormalization(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        var value = try operands.single()
        guard !operands.settings.flag("rms_scaling", false) else {
            throw operands.settings.unsupported("scaling by the root mean square is not supported")
        }
        let rank = value.shape.count
        let axes = (try operands.settings.integers("axis") ?? [-1]).map { $0 < 0 ? $0 + rank : $0 - 1 }.sorted()
        guard !axes.isEmpty, axes == Array(rank - axes.count..<rank), axes[0] >= 0 else {
            throw operands.settings.unsupported("only the last axes can be normalized")
        }
        let epsilon = try operands.settings.number("epsilon", 1e-3)
        let isWhole = axes.count == rank
        // A part of an image's axes is looked at as Keras has them.
        if !isWhole { value = try plain(value) }
        let count = axes.reduce(1) { $0 * value.shape[$1] }
        var (weight, bias, _) = try scaled(operands, count: count)
        var extents = axes.map { value.shape[$0] }
        if value.order == .image {
            let places = channelsFirstPlaces(height: extents[0], width: extents[1], channels: extents[2])
            (weight, bias) = (places.map { weight[$0] }, places.map { bias[$0] })
            extents = [extents[2], extents[0], extents[1]]
        } else {
            (weight, bias) = (ordered(weight, like: value), ordered(bias, like: value))
        }
        let made = try add(
            "LayerNorm", ["normalized_shape": .integers(extents), "eps": .number(epsilon)], [value.engine],
            operands.layer,
            tensors: [
                "weight": Tensor(extents: extents, values: weight), "bias": Tensor(extents: extents, values: bias),
            ])
        return KerasValue(made, value.shape, value.order)
    }

    fileprivate mutating func groupNormalization(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        var value = try operands.single()
        if case .flat = value.order { value = try plain(value) }
        let axis = try axis(operands, value)
        guard axis.engine == 1 else { throw operands.settings.unsupported("only channels can be grouped") }
        let channels = value.shape[axis.keras]
        let (weight, bias, _) = try scaled(operands, count: channels)
        let groups = try operands.settings.integer("groups", 32)
        let made = try add(
            "GroupNorm",
            [
                "num_groups": .integer(groups == -1 ? channels : groups), "num_channels": .integer(channels),
                "eps": .number(try operands.settings.number("epsilon", 1e-3)),
            ], [value.engine], operands.layer,
            tensors: [
                "weight": Tensor(extents: [channels], values: weight),
                "bias": Tensor(extents: [channels], values: bias),
            ])
        return KerasValue(made, value.shape, value.order)
    }

    /// x / |x| along some axes.
    fileprivate mutating func unitNormalization(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let value = try operands.single()
        let axes = (try operands.settings.integers("axis") ?? [-1]).compactMap(value.engineAxis)
        guard !axes.isEmpty else { throw operands.settings.wrong("axis") }
        let squares = try add("mul", [value.engine, value.engine], operands.layer)
        let sum = try add("sum", ["dim": .integers(axes), "keepdim": .boolean(true)], [squares], operands.layer)
        let bounded = try add("clamp", ["min": .number(1e-12)], [sum], operands.layer)
        let length = try add("sqrt", [bounded], operands.layer)
        return KerasValue(try add("div", [value.engine, length], operands.layer), value.shape, value.order)
    }

    /// (x − mean) / deviation, of what the layer saw when it was adapted.
    fileprivate mutating func normalization(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let value = try operands.single()
        let axes = (try operands.settings.integers("axis") ?? (operands.layer.config["axis"] == .null ? [] : [-1]))
            .map { $0 < 0 ? $0 + value.shape.count : $0 - 1 }
        guard axes.allSatisfy(value.shape.indices.contains) else { throw operands.settings.wrong("axis") }
        let shape = value.shape.indices.map { axes.contains($0) ? value.shape[$0] : 1 }
        let count = shape.reduce(1, *)
        let variables = try variables(operands)
        func numbers(_ name: String, _ place: Int) throws(ImportProblem) -> [Float] {
            let given = variables.isEmpty ? operands.settings.floats(name) : variables[place].values
            guard let given, given.count == count || given.count == 1 else { throw operands.settings.wrong(name) }
            return given.count == count ? given : [Float](repeating: given[0], count: count)
        }
        let (mean, variance) = (try numbers("mean", 0), try numbers("variance", 1))
        let deviation = variance.map { max($0.squareRoot(), 1e-7) }
        if operands.settings.flag("invert", false) { return try affine(value, deviation, mean, shape, operands) }
        let offsets = zip(mean, deviation).map { -$0 / $1 }
        return try affine(value, deviation.map { 1 / $0 }, offsets, shape, operands)
    }

    fileprivate mutating func rescaling(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let value = try operands.single()
        let scales = operands.settings.floats("scale") ?? [1]
        let offsets = operands.settings.floats("offset") ?? [0]
        let count = max(scales.count, offsets.count)
        func spread(_ numbers: [Float]) throws(ImportProblem) -> [Float] {
            guard numbers.count == 1 || numbers.count == count else { throw operands.settings.wrong("scale") }
            return numbers.count == count ? numbers : [Float](repeating: numbers[0], count: count)
        }
        // Several numbers are the last axis's.
        let shape = value.shape.indices.map { $0 == value.shape.count - 1 ? count : 1 }
        return try affine(value, try spread(scales), try spread(offsets), shape, operands)
    }
}

extension KerasSettings {
    /// Numbers in lists of any depth, one after the other.
    func floats(_ name: String) -> [Float]? {
        var floats: [Float] = []
        var open = [self[name] ?? .null]
        while let next = open.popLast() {
            if let list = next.array {
                open += list.reversed()
            } else {
                guard let number = next.number, Float(number).isFinite else { return nil }
                floats.append(Float(number))
            }
        }
        return floats.isEmpty ? nil : floats
    }
}
