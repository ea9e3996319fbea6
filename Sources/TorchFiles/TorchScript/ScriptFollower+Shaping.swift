import Importing
import Neural

/// Functions that move numbers, and those that images alone have.
extension ScriptFollower {
    mutating func shaping(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        if call.word == "cat" || call.word == "stack" {
            guard let list = call[0].flatMap(elements) else { return nil }
            var inputs: [GraphAssembly.Value] = []
            for element in list {
                guard let input = try computed(element) else { return nil }
                inputs.append(input)
            }
            return try add(call.word, [("dim", .integer(call.integer(1, "dim") ?? 0))], inputs)
        }
        guard let input = call.value(0) else { return nil }
        let extents = assembly.shape(of: input).extents
        switch call.word {
        case "view", "reshape": return try reshaped(input, to: call[1])
        case "flatten":
            guard call.integer(1, "start_dim") ?? 0 == 1,
                [-1, extents.count].contains(call.integer(2, "end_dim") ?? -1)
            else { return nil }
            return try add("Flatten", [], [input])
        case "unflatten":
            guard let axis = call.integer(1), let sizes = call.integers(2) else { return nil }
            return try add("Unflatten", [("dim", .integer(axis)), ("unflattened_size", .integers(sizes))], [input])
        case "unsqueeze": return try add("unsqueeze", [("dim", .integer(call.integer(1) ?? 0))], [input])
        case "squeeze":
            guard let axis = call.integer(1) else { return nil }
            return try add("squeeze", [("dim", .integer(axis))], [input])
        case "permute":
            guard let axes = call.integers(1) else { return nil }
            return try add("permute", [("dims", .integers(axes))], [input])
        case "transpose":
            guard let one = call.integer(1), let other = call.integer(2) else { return nil }
            return try add("transpose", [("dim0", .integer(one)), ("dim1", .integer(other))], [input])
        case "chunk", "split", "split_with_sizes": return try divided(call, input, extents)
        case "slice":
            guard let axis = call.integer(1) else { return nil }
            let isWhole = call.integer(2) ?? 0 == 0 && call.integer(3).map { $0 >= 1 << 24 } ?? true
            if axis == 0 || isWhole, call.integer(4) ?? 1 == 1, isWhole { return call.arguments[0] }
            return try add(
                "slice_copy",
                [
                    ("dim", .integer(axis)), ("start", call.setting(2) ?? .none), ("end", call.setting(3) ?? .none),
                    ("step", .integer(call.integer(4) ?? 1)),
                ], [input])
        case "mean", "sum", "amax", "amin":
            guard let axes = call.integers(1) else { return nil }
            return try add(
                call.word, [("dim", .integers(axes)), ("keepdim", .boolean(call.flag(2) ?? false))], [input])
        default: return nil
        }
    }

    /// A view's first extent is the batch's: told as such, left open, or fixed when the code was traced.
    private mutating func reshaped(_ input: GraphAssembly.Value, to shape: Value?) throws(ImportProblem) -> Value? {
        guard let list = shape.flatMap(elements), list.count > 1 else { return nil }
        var extents: [Int] = []
        for element in list.dropFirst() {
            guard case .setting(.integer(let extent)) = element else { return nil }
            extents.append(extent)
        }
        if case .module = list[0] { return nil }
        return try add("reshape", [("shape", .integers(extents))], [input])
    }

    /// Pieces along an axis.
    private mutating func divided(
        _ call: ScriptCall, _ input: GraphAssembly.Value, _ extents: [Int]
    ) throws(ImportProblem) -> Value? {
        let axis = call.integer(2, "dim") ?? 0
        let place = axis < 0 ? axis + extents.count : axis - 1
        guard extents.indices.contains(place) else { return nil }
        let extent = extents[place]
        var sizes: [Int]
        if let pieces = call.integer(1) {
            guard pieces > 0, pieces <= 4096 else { return nil }
            let size = call.word == "chunk" ? (extent - 1) / pieces + 1 : pieces
            sizes = Array(repeating: size, count: extent / size)
            if extent % size > 0 { sizes.append(extent % size) }
        } else {
            sizes = call.integers(1) ?? []
        }
        guard sizes.count <= 4096 else { return nil }
        var (pieces, start): ([Value], Int) = ([], 0)
        for size in sizes {
            guard size > 0, size <= extent - start else { return nil }
            pieces.append(
                try add(
                    "narrow", [("dim", .integer(axis)), ("start", .integer(start)), ("length", .integer(size))], [input]
                ))
            start += size
        }
        return .list(pieces)
    }

    mutating func picture(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        guard let input = call.value(0) else { return nil }
        switch call.word {
        case "max_pool2d", "_max_pool2d":
            guard let kernel = call.integers(1), (call.integers(4) ?? [1]).allSatisfy({ $0 == 1 }) else { return nil }
            return try add("MaxPool2d", pooling(call, kernel, ceil: 5), [input])
        case "avg_pool2d":
            guard let kernel = call.integers(1) else { return nil }
            let counts = [(name: "count_include_pad", value: Setting.boolean(call.flag(5) ?? true))]
            return try add("AvgPool2d", pooling(call, kernel, ceil: 4) + counts, [input])
        case "adaptive_avg_pool2d", "adaptive_max_pool2d":
            guard let size = call.integers(1) else { return nil }
            let kind = call.word == "adaptive_avg_pool2d" ? "AdaptiveAvgPool2d" : "AdaptiveMaxPool2d"
            return try add(kind, [("output_size", .integers(size))], [input])
        case "pixel_shuffle":
            guard let factor = call.integer(1) else { return nil }
            return try add("PixelShuffle", [("upscale_factor", .integer(factor))], [input])
        case "pad", "constant_pad_nd", "reflection_pad2d", "replication_pad2d":
            guard let amounts = call.integers(1) else { return nil }
            let modes = ["reflection_pad2d": "reflect", "replication_pad2d": "replicate"]
            let mode = modes[call.word].map(Setting.text) ?? (call.word == "pad" ? call.setting(2, "mode") : nil)
            let value = call.number(call.word == "pad" ? 3 : 2, "value") ?? 0
            return try add(
                "pad", [("pad", .integers(amounts)), ("mode", mode ?? .text("constant")), ("value", .number(value))],
                [input])
        case "upsample_nearest2d":
            let factors = call.setting(2) == nil ? nil : scale(call, at: 2)
            return try upsampled(input, "nearest", size: call.integers(1), factors: factors, corners: false)
        case "upsample_bilinear2d":
            return try upsampled(
                input, "bilinear", size: call.integers(1), factors: scale(call, at: 3), corners: call.flag(2) ?? false)
        case "interpolate":
            guard case .text(let mode) = call.setting(3, "mode") ?? .text("nearest") else { return nil }
            return try upsampled(
                input, mode, size: call.integers(1, "size"), factors: scale(call, at: 2, "scale_factor"),
                corners: call.flag(4, "align_corners") ?? false)
        default: return nil
        }
    }

    private func pooling(_ call: ScriptCall, _ kernel: [Int], ceil: Int) -> [(name: String, value: Setting)] {
        let stride = call.integers(2).flatMap { $0.isEmpty ? nil : $0 } ?? kernel
        return [
            ("kernel_size", .integers(kernel)), ("stride", .integers(stride)),
            ("padding", .integers(call.integers(3) ?? [0, 0])), ("ceil_mode", .boolean(call.flag(ceil) ?? false)),
        ]
    }

    private func scale(_ call: ScriptCall, at place: Int, _ keyword: String = "") -> [Float]? {
        switch call.setting(place, keyword) {
        case .numbers(let list)?: list
        case .integers(let list)?: list.map(Float.init)
        case .number(let number)?: [number, number]
        case .integer(let number)?: [Float(number), Float(number)]
        default: nil
        }
    }

    /// A size, or factors that make whole sizes.
    private mutating func upsampled(
        _ input: GraphAssembly.Value, _ mode: String, size: [Int]?, factors: [Float]?, corners: Bool
    ) throws(ImportProblem) -> Value? {
        let extents = assembly.shape(of: input).extents
        guard extents.count == 3 else { return nil }
        var settings: [(name: String, value: Setting)] = [("mode", .text(mode))]
        if let size {
            settings.append(("size", .integers(size.count == 1 ? [size[0], size[0]] : size)))
        } else if let factors, factors.count == 2 {
            let scaled = zip(extents.dropFirst(), factors).map { Float($0) * $1 }
            guard scaled.allSatisfy({ $0 == $0.rounded() && $0 >= 1 && $0 < 65_536 }) else {
                throw unsupported("scaling by \(factors), which gives no whole size")
            }
            settings.append(("scale_factor", factors[0] == factors[1] ? .number(factors[0]) : .numbers(factors)))
        } else {
            return nil
        }
        if corners { settings.append(("align_corners", .boolean(true))) }
        return try add("Upsample", settings, [input])
    }
}
