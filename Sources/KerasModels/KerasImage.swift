import Importing
import Neural
import VAE

/// An image as a decoder ends in it: what the engine takes for one.
enum KerasImage {
    /// The shape of a vector of so many pixels, [channels, height, width]: square, of one channel or three.
    static func guess(_ count: Int) -> [Int]? {
        for channels in [1, 3] where count % channels == 0 {
            let side = Int(Double(count / channels).squareRoot().rounded())
            if side >= 1, side * side * channels == count { return [channels, side, side] }
        }
        return nil
    }

    /// The image that a value is.
    ///
    /// - Returns: the engine's value, and whether shape and order were only inferred.
    static func value(
        of value: KerasValue, isChannelsFirst: Bool, _ options: ImportOptions, _ layer: KerasLayer,
        _ builder: inout KerasBuilder
    ) throws(ImportProblem) -> (engine: GraphAssembly.Value, isInferred: Bool) {
        let name = KerasBuilder.name(layer)
        switch value.shape.count {
        case 3:
            let likely = [1, 3, 4]
            let isFirst =
                isChannelsFirst && value.order == .plain
                || !likely.contains(value.shape[2]) && likely.contains(value.shape[0])
            return (try isFirst ? builder.plain(value).engine : builder.image(value).engine, false)
        case 2:
            let shape = [1] + value.shape
            let plain = try builder.plain(value).engine
            return (try builder.assembly.add("reshape", ["shape": .integers(shape)], [plain], name: name), false)
        case 1:
            let shape = try shape(ofVector: value.shape[0], options)
            let (channels, height, width) = (shape[0], shape[1], shape[2])
            var vector = try builder.plain(value)
            if channels > 1, options.layout != .channelsFirst {
                if let turned = try builder.turned(vector, height: height, width: width, channels: channels) {
                    vector = turned
                } else {
                    let rows = try builder.assembly.add(
                        "reshape", ["shape": .integers([height, width, channels])], [vector.engine], name: name)
                    return (try builder.image(KerasValue(rows, [height, width, channels])).engine, true)
                }
            }
            let made = try builder.assembly.add(
                "Unflatten", ["dim": .integer(1), "unflattened_size": .integers(shape)], [vector.engine], name: name)
            return (made, true)
        default:
            throw ImportProblem(.unsupported, "\(layer.title) ends in \(value.shape), which is not an image")
        }
    }

    private static func shape(ofVector count: Int, _ options: ImportOptions) throws(ImportProblem) -> [Int] {
        if let given = options.imageShape {
            let shape = given.count == 2 ? [count / max(1, given[0] * given[1])] + given : given
            guard shape.count == 3, shape.allSatisfy({ $0 >= 1 }), shape.reduce(1, *) == count else {
                throw ImportProblem(
                    .options, "the decoder makes \(count) numbers, which are not \(given)",
                    advice: "correct --image-shape")
            }
            return shape
        }
        guard let shape = guess(count) else {
            throw ImportProblem(
                .options, "the decoder makes \(count) numbers, which are not a square image",
                advice: "say their shape with --image-shape C,H,W")
        }
        return shape
    }

    /// What the pixels lie in, by the last function of the decoder.
    static func range(of image: GraphAssembly.Value, _ assembly: GraphAssembly) -> PixelRange {
        var place = image
        var scale: (factor: Float, offset: Float) = (1, 0)
        while let operation = assembly.operation(of: place), let source = assembly.sources(of: place).first {
            let settings = operation.settings()
            func number(_ name: String) -> Float? {
                switch settings.first(where: { $0.name == name })?.value {
                case .number(let number): number
                case .integer(let integer): Float(integer)
                default: nil
                }
            }
            switch operation.kind(of: [assembly.shape(of: source)]) {
            case "Sigmoid", "Hardsigmoid", "Softmax": return bounded(0, 1, scale)
            case "Tanh", "Softsign": return bounded(-1, 1, scale)
            case "clamp":
                guard let low = number("min"), let high = number("max") else { return .free }
                return bounded(low, high, scale)
            case "mul":
                guard let factor = number("other") else { return .free }
                scale.factor *= factor
            case "div":
                guard let factor = number("other"), factor != 0 else { return .free }
                scale.factor /= factor
            case "add":
                guard let offset = number("other") else { return .free }
                scale.offset += offset * scale.factor
            case "permute", "pad": break
            default: guard operation.onlyReshapes else { return .free }
            }
            guard assembly.sources(of: place).count == 1 else { return .free }
            place = source
        }
        return .free
    }

    private static func bounded(_ low: Float, _ high: Float, _ scale: (factor: Float, offset: Float)) -> PixelRange {
        let ends = [low, high].map { $0 * scale.factor + scale.offset }.sorted()
        return ends[0] < ends[1] && (ends[1] - ends[0]).isFinite ? .bounded(ends[0], ends[1]) : .free
    }
}
