import Neural

extension LayerTable {
    /// What gathers pixels, and what makes images larger.
    static let pooling: [String: Function] = [
        "MaxPool2d": { layer in maximum(layer, LayerTable.layer(layer, MaxPooling.self).pooling) },
        "AvgPool2d": { layer in
            let subject = LayerTable.layer(layer, AveragePooling.self)
            guard !subject.pooling.roundsUp else { return separable(layer) }
            return averaged(
                layer, kernel: subject.pooling.kernel, stride: subject.pooling.stride, padding: subject.pooling.padding,
                countsPadding: subject.countsPadding)
        },
        "AdaptiveAvgPool2d": { layer in
            guard let cell = cell(layer) else { return separable(layer) }
            return averaged(layer, kernel: cell, stride: cell, padding: Extent(0), countsPadding: true)
        },
        "AdaptiveMaxPool2d": { layer in
            if let cell = cell(layer) {
                return layer.add("MaxPool", [layer.input], ["kernel_shape": .both(cell), "strides": .both(cell)])
            }
            let windows = LayerTable.layer(layer, AdaptiveMaxPooling.self).windows(of: layer.shapes[0])
            return layer.maxima(layer.maxima(layer.input, windows.rows, axis: 2), windows.columns, axis: 3)
        },
        "Upsample": { layer in resized(layer, LayerTable.layer(layer, Upsampling.self)) },
        "PixelShuffle": { layer in
            let factor = LayerTable.layer(layer, PixelShuffle.self).factor
            return layer.add("DepthToSpace", [layer.input], ["blocksize": .integer(factor), "mode": .text("CRD")])
        },
        "PixelUnshuffle": { layer in
            let factor = LayerTable.layer(layer, PixelUnshuffle.self).factor
            let (channels, height, width) = (layer.extents[0], layer.output.extents[1], layer.output.extents[2])
            let apart = layer.reshaped(layer.input, [channels, height, factor, width, factor])
            return layer.reshaped(layer.transposed(apart, [0, 2, 4, 1, 3]), layer.output.extents)
        },
        "ChannelShuffle": { layer in
            let groups = LayerTable.layer(layer, ChannelShuffle.self).groups
            let (channels, height, width) = (layer.extents[0], layer.extents[1], layer.extents[2])
            let apart = layer.reshaped(layer.input, [groups, channels / groups, height, width])
            return layer.reshaped(layer.transposed(apart, [1, 0, 2, 3]), layer.output.extents)
        },
    ]

    private static func maximum(_ layer: WrittenLayer, _ window: Pooling) -> String {
        /// How far the last window reaches over the end and the padding there.
        func over(_ axis: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> Int {
            let last: Int = (layer.output.extents[axis] - 1) * stride
            let reach: Int = last + (kernel - 1) * dilation + 1
            return max(0, reach - layer.extents[axis] - 2 * padding)
        }
        let (kernel, stride, padding, dilation) = (window.kernel, window.stride, window.padding, window.dilation)
        let rows = over(1, kernel.height, stride.height, padding.height, dilation.height)
        let columns = over(2, kernel.width, stride.width, padding.width, dilation.width)
        var (input, pads) = (layer.input, [padding.height, padding.width, padding.height, padding.width])
        if rows > 0 || columns > 0 {
            let amounts = [padding.width, padding.width + columns, padding.height, padding.height + rows]
            input = layer.padded(input, Padding(amounts, value: -.greatestFiniteMagnitude))
            pads = [0, 0, 0, 0]
        }
        return layer.add(
            "MaxPool", [input],
            [
                "kernel_shape": .both(kernel), "strides": .both(stride), "dilations": .both(dilation),
                "pads": .integers(pads),
            ])
    }

    /// The size of windows beside each other that divide an image evenly; nil where none do.
    private static func cell(_ layer: WrittenLayer) -> Extent? {
        let (from, to) = (layer.extents, layer.output.extents)
        guard from[1] % to[1] == 0, from[2] % to[2] == 0 else { return nil }
        return Extent(from[1] / to[1], from[2] / to[2])
    }

    private static func averaged(
        _ layer: WrittenLayer, kernel: Extent, stride: Extent, padding: Extent, countsPadding: Bool
    ) -> String {
        layer.add(
            "AveragePool", [layer.input],
            [
                "kernel_shape": .both(kernel), "strides": .both(stride),
                "pads": .integers([padding.height, padding.width, padding.height, padding.width]),
                "count_include_pad": .integer(countsPadding ? 1 : 0),
            ])
    }

    /// By products with matrices from both sides, where no operator means quite the same.
    private static func separable(_ layer: WrittenLayer) -> String {
        guard let weights = layer.operation.separableWeights(of: layer.shapes[0]) else {
            preconditionFailure("\(layer.kind) weighs rows and columns")
        }
        let rows = layer.graph.constant("\(layer.name).rows", weights.rows.values, weights.rows.extents)
        let (to, from) = (weights.columns.extents[0], weights.columns.extents[1])
        let columns = layer.graph.constant(
            "\(layer.name).columns",
            (0..<from * to).map { weights.columns.values[$0 % to * from + $0 / to] }, [from, to])
        return layer.add("MatMul", [layer.add("MatMul", [rows, layer.input]), columns])
    }

    private static func resized(_ layer: WrittenLayer, _ subject: Upsampling) -> String {
        let (from, to) = (layer.extents, layer.output.extents)
        let isWhole = to[1] % from[1] == 0 && to[2] % from[2] == 0
        // Elsewhere runtimes round otherwise.
        guard subject.mode != .nearest || isWhole && subject.hasWholeFactors else { return separable(layer) }
        let mode = ["nearest": "nearest", "bilinear": "linear", "bicubic": "cubic"][subject.mode.rawValue] ?? ""
        let place = subject.mode == .nearest ? "asymmetric" : subject.alignsCorners ? "align_corners" : "half_pixel"
        var attributes: [(String, GraphWriter.Attribute)] = [
            ("mode", .text(mode)), ("coordinate_transformation_mode", .text(place)),
        ]
        if subject.mode == .nearest { attributes.append(("nearest_mode", .text("floor"))) }
        if subject.mode == .bicubic { attributes.append(("cubic_coeff_a", .number(-0.75))) }
        guard let factors = subject.factors else {
            guard isWhole else { return separable(layer) }
            return layer.resized([1, 1, Float(to[1] / from[1]), Float(to[2] / from[2])], attributes)
        }
        // A scale by which the size is no whole number is told apart from the ratio of the sizes by few.
        guard subject.hasWholeFactors else { return separable(layer) }
        return layer.resized([1, 1, Float(factors[0]), Float(factors[1])], attributes)
    }
}

extension Upsampling {
    /// Whether its factors are whole numbers, where it has factors.
    fileprivate var hasWholeFactors: Bool { factors?.allSatisfy { $0 == $0.rounded() } ?? true }
}

extension WrittenLayer {
    fileprivate func resized(_ scales: [Float], _ attributes: [(String, GraphWriter.Attribute)]) -> String {
        let constant = graph.constant("\(name).scales", scales, [scales.count])
        return graph.add("Resize", [input, "", constant], list: attributes, name: name, outputs: 1)[0]
    }

    /// The maximum over each window along an axis.
    fileprivate func maxima(_ value: String, _ windows: [Range<Int>], axis: Int) -> String {
        let parts = windows.map { window in
            let part = add(
                "Slice", [value, graph.list([window.lowerBound]), graph.list([window.upperBound]), graph.list([axis])])
            return add("ReduceMax", [part], ["axes": .integers([axis]), "keepdims": .integer(1)])
        }
        return add("Concat", parts, ["axis": .integer(axis)])
    }
}
