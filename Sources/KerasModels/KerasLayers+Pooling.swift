import Importing
import Neural

extension KerasLayers {
    static let pools: [String: Make] = [
        "MaxPooling2D": { (operands, builder) throws(ImportProblem) in [try builder.pool(operands, isMaximum: true)] },
        "AveragePooling2D": { (operands, builder) throws(ImportProblem) in
            [try builder.pool(operands, isMaximum: false)]
        },
        "GlobalAveragePooling2D": { (operands, builder) throws(ImportProblem) in
            [try builder.poolAll(operands, "mean")]
        },
        "GlobalMaxPooling2D": { (operands, builder) throws(ImportProblem) in [try builder.poolAll(operands, "amax")] },
    ]
}

extension KerasBuilder {
    fileprivate mutating func pool(_ operands: KerasOperands, isMaximum: Bool) throws(ImportProblem) -> KerasValue {
        let image = try engineImage(operands)
        let kernel = try operands.settings.pair("pool_size", 2)
        let strides = operands.settings["strides"] == nil ? kernel : try operands.settings.pair("strides")
        guard [kernel.height, kernel.width, strides.height, strides.width].allSatisfy({ (1...1 << 16).contains($0) })
        else { throw operands.settings.wrong("pool_size") }
        let padding = operands.settings.text("padding", "valid").lowercased()
        guard ["same", "valid"].contains(padding) else { throw operands.settings.wrong("padding") }
        let rows = KerasSide.padding(
            image.1[1], span: kernel.height, stride: strides.height, isSame: padding == "same")
        let columns = KerasSide.padding(
            image.1[2], span: kernel.width, stride: strides.width, isSame: padding == "same")
        var source = image.0
        let isPadded = rows.after > 0 || columns.after > 0
        if isPadded {
            let around = [columns.before, columns.after, rows.before, rows.after]
            let fill: Setting = isMaximum ? .number(-Float.greatestFiniteMagnitude) : .number(0)
            source = try add("pad", ["pad": .integers(around), "value": fill], [source], operands.layer)
        }
        var made = try add(
            isMaximum ? "MaxPool2d" : "AvgPool2d",
            [
                "kernel_size": .integers([kernel.height, kernel.width]),
                "stride": .integers([strides.height, strides.width]),
            ], [source], operands.layer)
        if isPadded, !isMaximum {
            // The padding does not count: what it made too small is made larger.
            let extents = assembly.shape(of: made).extents
            let down = KerasBuilder.shares(extents[1], image.1[1], kernel.height, strides.height, rows.before)
            let across = KerasBuilder.shares(extents[2], image.1[2], kernel.width, strides.width, columns.before)
            let factors = down.flatMap { row in across.map { row * $0 } }
            let constant = try constant(factors, [1, extents[1], extents[2]], operands.layer)
            made = try add("mul", [made, constant], operands.layer)
        }
        return kerasImage(made, operands)
    }

    /// How many times larger a window is than the part of it that is in the image, for each window of a side.
    private static func shares(_ count: Int, _ size: Int, _ kernel: Int, _ stride: Int, _ before: Int) -> [Float] {
        (0..<count).map { index in
            let start = index * stride - before
            return Float(kernel) / Float(max(1, min(size, start + kernel) - max(0, start)))
        }
    }

    fileprivate mutating func poolAll(_ operands: KerasOperands, _ function: String) throws(ImportProblem) -> KerasValue
    {
        let image = try engineImage(operands)
        let keeps = operands.settings.flag("keepdims", false)
        let made = try add(
            function, ["dim": .integers([2, 3]), "keepdim": .boolean(keeps)], [image.0], operands.layer)
        return keeps ? kerasImage(made, operands) : KerasValue(made, [image.1[0]])
    }

    /// A function of two values without settings.
    mutating func add(
        _ kind: String, _ inputs: [GraphAssembly.Value], _ layer: KerasLayer
    ) throws(ImportProblem) -> GraphAssembly.Value { try add(kind, [:], inputs, layer) }
}
