import Importing
import Neural

/// Functions that images alone have.
extension ScriptFollower {
    mutating func picture(_ call: ScriptCall) throws(ImportProblem) -> Value? {
        guard let input = call.input else { return nil }
        switch call.word {
        case "max_pool2d", "_max_pool2d":
            guard let kernel = call.integers("kernel_size") else { return nil }
            let dilation = [(name: "dilation", value: call.setting("dilation") ?? .integer(1))]
            return try add("MaxPool2d", pooling(call, kernel) + dilation, [input])
        case "avg_pool2d": return try averaged(call, input)
        case "adaptive_avg_pool2d", "adaptive_max_pool2d":
            guard let size = call.setting("output_size") else { return nil }
            let kind = call.word == "adaptive_avg_pool2d" ? "AdaptiveAvgPool2d" : "AdaptiveMaxPool2d"
            return try add(kind, [("output_size", size)], [input])
        case "pixel_shuffle":
            guard let factor = call.integer("upscale_factor") else { return nil }
            return try add("PixelShuffle", [("upscale_factor", .integer(factor))], [input])
        case "pixel_unshuffle":
            guard let factor = call.integer("downscale_factor") else { return nil }
            return try add("PixelUnshuffle", [("downscale_factor", .integer(factor))], [input])
        case "channel_shuffle":
            guard let groups = call.integer("groups") else { return nil }
            return try add("ChannelShuffle", [("groups", .integer(groups))], [input])
        case "pad", "_pad", "constant_pad_nd", "reflection_pad2d", "replication_pad2d":
            guard let amounts = call.integers("pad") else { return nil }
            let modes = ["reflection_pad2d": "reflect", "replication_pad2d": "replicate"]
            let mode = modes[call.word].map(Setting.text) ?? call.setting("mode") ?? .text("constant")
            return try add(
                "pad", [("pad", .integers(amounts)), ("mode", mode), ("value", .number(call.number("value") ?? 0))],
                [input])
        case "upsample_nearest2d": return try enlarged(call, input, "nearest")
        case "_upsample_nearest_exact2d": return try enlarged(call, input, "nearest-exact")
        case "upsample_bilinear2d": return try enlarged(call, input, "bilinear")
        case "upsample_bicubic2d": return try enlarged(call, input, "bicubic")
        case "interpolate", "upsample":
            guard case .text(let mode) = call.setting("mode") ?? .text("nearest") else { return nil }
            return try enlarged(call, input, mode)
        default: return nil
        }
    }

    private func pooling(_ call: ScriptCall, _ kernel: [Int]) -> [(name: String, value: Setting)] {
        func pair(_ list: [Int]) -> Setting { .integers(list.count == 1 ? [list[0], list[0]] : list) }
        let stride = call.integers("stride").flatMap { $0.isEmpty ? nil : $0 } ?? kernel
        return [
            ("kernel_size", pair(kernel)), ("stride", pair(stride)),
            ("padding", pair(call.integers("padding") ?? [0])),
            ("ceil_mode", .boolean(call.flag("ceil_mode") ?? false)),
        ]
    }

    private mutating func averaged(_ call: ScriptCall, _ input: GraphAssembly.Value) throws(ImportProblem) -> Value? {
        guard let kernel = call.integers("kernel_size"), (1...2).contains(kernel.count) else { return nil }
        let divisor = call.integer("divisor_override")
        // Sums that are divided by the same number everywhere, also where a window reaches beyond the image.
        if divisor != nil, call.flag("ceil_mode") == true || divisor == 0 {
            throw unsupported("an average pooling with both divisor_override and ceil_mode")
        }
        let counts = call.flag("count_include_pad") ?? true || divisor != nil
        let average = try add(
            "AvgPool2d", pooling(call, kernel) + [("count_include_pad", .boolean(counts))], [input])
        guard let divisor else { return average }
        let area = Float(kernel[0]) * Float(kernel[kernel.count - 1])
        return try binary("mul", average, .setting(.number(area / Float(divisor))))
    }

    /// To a size, or by factors.
    private mutating func enlarged(
        _ call: ScriptCall, _ input: GraphAssembly.Value, _ mode: String
    ) throws(ImportProblem) -> Value? {
        let extents = assembly.shape(of: input).extents
        guard extents.count == 3 else { return nil }
        let size = call.integers("size")
        var factors = call.numbers("scale_factor")
        // Older programs have a number for each side.
        if let width = call.number("scale_width"), let height = factors { factors = height + [width] }
        if factors?.count == 1, let factor = factors?[0] { factors = [factor, factor] }
        var settings: [(name: String, value: Setting)] = []
        if let factors, size == nil || !call.name.hasPrefix("__torch__.") {
            settings.append(("scale_factor", .numbers(factors)))
            let areWhole = factors.allSatisfy { $0 == $0.rounded() }
            if call.flag("recompute_scale_factor") ?? false, !areWhole {
                throw unsupported("factors that are computed once more")
            }
            if mode == "nearest-exact", !areWhole { throw unsupported("interpolation in the mode nearest-exact") }
        } else {
            guard let size else { return nil }
            settings.append(("size", .integers(size.count == 1 ? [size[0], size[0]] : size)))
            if mode == "area" { return try add("AdaptiveAvgPool2d", [("output_size", settings[0].value)], [input]) }
            let sides = Array(extents.suffix(2))
            if mode == "nearest-exact", !zip(size, sides).allSatisfy({ $0 % $1 == 0 }) {
                throw unsupported("interpolation in the mode nearest-exact")
            }
        }
        guard mode != "area" else { throw unsupported("interpolation in the mode area") }
        // By whole factors every pixel becomes a block, whichever of the two it is.
        settings.append(("mode", .text(mode == "nearest-exact" ? "nearest" : mode)))
        if call.flag("align_corners") ?? false { settings.append(("align_corners", .boolean(true))) }
        return try add("Upsample", settings, [input])
    }
}
