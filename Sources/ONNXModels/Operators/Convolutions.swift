import Importing
import Neural

extension OperatorTable {
    static let convolutions: [String: Function] = [
        "Conv": { call throws(ImportProblem) in try convolve(call) },
        "ConvTranspose": { call throws(ImportProblem) in try convolveTransposed(call) },
    ]

    /// Weights of four axes, and a bias.
    private static func weights(
        _ call: NodeCall, outputs: (ConstantTensor) -> Int
    ) throws(ImportProblem) -> (kernel: [Int], extents: [Int], tensors: [String: Tensor]) {
        let weights = try call.needed(1, "weights")
        guard (3...4).contains(weights.extents.count), !weights.extents.contains(0) else {
            throw call.unsupported("its weights are \(weights.extents.text), where convolutions of images have 4 axes")
        }
        let kernel = Array(weights.extents.dropFirst(2))
        let extents = Array(weights.extents[..<2]) + (kernel.count == 1 ? [1] : []) + kernel
        var tensors = ["weight": weights.tensor(extents)]
        if let bias = try call.constant(2, "bias") {
            guard bias.extents == [outputs(weights)] else {
                throw call.wrong("its bias of \(bias.extents.text) does not fit its weights")
            }
            tensors["bias"] = bias.tensor()
        }
        return (kernel, extents, tensors)
    }

    private static func groups(_ call: NodeCall, _ channels: Int) throws(ImportProblem) -> Int {
        let groups = try call.integer("group", 1)
        guard groups >= 1, groups <= channels, channels % groups == 0 else {
            throw call.wrong("its \(channels) channels cannot be taken in \(groups) groups")
        }
        return groups
    }

    private static func convolve(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        let (kernel, extents, tensors) = try weights(call) { $0.extents[0] }
        var image = try call.images(handle)
        let shape = call.translation.assembly.shape(of: image).extents
        let groups = try groups(call, shape[0])
        var window = try call.window(of: handle, kernel: kernel)
        try call.applyAutomaticPads(&window, height: shape[1], width: shape[2])
        if !window.isSymmetric {
            image = try call.padded(image, window.before, window.after)
            (window.before, window.after) = ([0, 0], [0, 0])
        }
        let value = try call.addFoldable(
            "Conv2d",
            [
                ("in_channels", .integer(shape[0])), ("out_channels", .integer(extents[0])),
                ("kernel_size", window.setting(\.kernel)), ("stride", window.setting(\.strides)),
                ("padding", window.setting(\.before)), ("dilation", window.setting(\.dilations)),
                ("groups", .integer(groups)), ("bias", .boolean(tensors["bias"] != nil)),
            ], [image], tensors)
        return [.computed(call.unimaged(value, like: handle))]
    }

    private static func convolveTransposed(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        let groupCount = try call.integer("group", 1)
        let (kernel, extents, tensors) = try weights(call) {
            ($0.extents[1]).multipliedReportingOverflow(by: groupCount).partialValue
        }
        let image = try call.images(handle)
        let shape = call.translation.assembly.shape(of: image).extents
        let groups = try groups(call, shape[0])
        let outputs = extents[1] * groups
        var window = try call.window(of: handle, kernel: kernel)
        let (padding, extra, crop) = try transposedEnds(call, &window, [shape[1], shape[2]])
        let settings: [(name: String, value: Setting)] = [
            ("in_channels", .integer(shape[0])), ("out_channels", .integer(outputs)),
            ("kernel_size", window.setting(\.kernel)), ("stride", window.setting(\.strides)),
            ("padding", .integers(padding)), ("output_padding", .integers(extra)), ("groups", .integer(groups)),
            ("bias", .boolean(tensors["bias"] != nil)), ("dilation", window.setting(\.dilations)),
        ]
        let value = try call.addFoldable(
            "ConvTranspose2d", settings, [image], tensors, crop: crop.contains { $0 != 0 } ? crop : nil)
        return [.computed(call.unimaged(value, like: handle))]
    }

    /// How a transposed convolution's ends are cut: as many pixels at the beginning as the layer's padding takes from both,
    /// what it then adds at the end again, and what is still to be cut off there.
    private static func transposedEnds(
        _ call: NodeCall, _ window: inout WindowSides, _ sizes: [Int]
    ) throws(ImportProblem) -> (padding: [Int], extra: [Int], crop: [Int]) {
        let sides = window.kernel.count
        func perSide(_ list: [Int]?) throws(ImportProblem) -> [Int]? {
            guard let list else { return nil }
            // The whole shape has the batch and the channels too.
            let last = list.count > sides ? Array(list.suffix(sides)) : list.count == 1 ? [1] + list : list
            guard last.count == sides, last.allSatisfy({ (0...1 << 20).contains($0) }) else {
                throw call.wrong("its output_shape \(list) does not fit its input")
            }
            return last
        }
        var added = try call.integers("output_padding") ?? []
        if added.count == 1 { added.insert(0, at: 0) }
        if added.isEmpty { added = [0, 0] }
        guard added.count == sides, added.allSatisfy({ (0...1024).contains($0) }) else {
            throw call.wrong("its output_padding \(added) does not fit its input")
        }
        let wanted = try perSide(try call.integers("output_shape"))
        let word = call.text("auto_pad", "NOTSET")
        for side in 0..<sides {
            let full = (sizes[side] - 1) * window.strides[side] + window.span(side) + added[side]
            var target = wanted?[side]
            switch word {
            case "NOTSET", "": break
            case "VALID": if target == nil { (window.before[side], window.after[side]) = (0, 0) }
            case "SAME_UPPER", "SAME_LOWER": target = target ?? sizes[side] * window.strides[side]
            default: throw call.unsupported("its auto_pad \(word) is not supported")
            }
            guard let target else { continue }
            let all = full - target
            // More than there is: zeros are added at the end.
            let less = max(0, all) / 2
            window.before[side] = word == "SAME_UPPER" ? less : max(0, all) - less
            window.after[side] = all - window.before[side]
        }
        var (padding, extra, crop) = ([Int](), [Int](), [Int]())
        for side in 0..<sides {
            let (before, after) = (window.before[side], window.after[side] - added[side])
            guard before >= 0 else { throw call.unsupported("its pads below 0 are not supported") }
            padding.append(before)
            extra.append(max(0, before - after))
            crop.append(max(0, after - before))
            guard extra[side] < max(window.strides[side], window.dilations[side]) else {
                throw call.unsupported(
                    "its output reaches \(extra[side]) pixels beyond its input's, which is not supported")
            }
        }
        return (padding, extra, crop)
    }
}
