import Importing
import Neural

extension KerasLayers {
    /// What makes images larger or smaller.
    static let sizes: [String: Make] = [
        "ZeroPadding2D": { (operands, builder) throws(ImportProblem) in
            let sides = try operands.settings.sides("padding")
            return [try builder.pad(operands, sides, isCropped: false)]
        },
        "Cropping2D": { (operands, builder) throws(ImportProblem) in
            let sides =
                operands.settings["cropping"] == nil ? [0, 0, 0, 0] : try operands.settings.sides("cropping")
            return [try builder.pad(operands, sides, isCropped: true)]
        },
        "UpSampling2D": { (operands, builder) throws(ImportProblem) in [try builder.upsampling(operands)] },
        "Resizing": { (operands, builder) throws(ImportProblem) in [try builder.resizing(operands)] },
    ]
}

extension KerasBuilder {
    fileprivate mutating func pad(
        _ operands: KerasOperands, _ sides: [Int], isCropped: Bool
    ) throws(ImportProblem) -> KerasValue {
        let image = try engineImage(operands)
        let sign = isCropped ? -1 : 1
        guard sides.contains(where: { $0 != 0 }) else { return kerasImage(image.0, operands) }
        let amounts = [sides[2], sides[3], sides[0], sides[1]].map { $0 * sign }
        let made = try add("pad", ["pad": .integers(amounts)], [image.0], operands.layer)
        return kerasImage(made, operands)
    }

    fileprivate mutating func upsampling(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let image = try engineImage(operands)
        let factors = try operands.settings.pair("size", 2)
        guard factors.height >= 1, factors.width >= 1, factors.height <= 1 << 12, factors.width <= 1 << 12 else {
            throw operands.settings.wrong("size")
        }
        let mode = operands.settings.text("interpolation", "nearest")
        guard ["nearest", "bilinear"].contains(mode) else {
            throw operands.settings.unsupported("\(mode.shortened) interpolation is not supported")
        }
        let made = try add(
            "Upsample",
            ["scale_factor": .integers([factors.height, factors.width]), "mode": .text(mode)], [image.0],
            operands.layer)
        return kerasImage(made, operands)
    }

    fileprivate mutating func resizing(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let (high, wide) = (try operands.settings.integer("height"), try operands.settings.integer("width"))
        return try resized(operands, high, wide, operands.settings.text("interpolation", "bilinear"))
    }

    /// Pixels of a side that is given and not computed.
    private static let longestSide = 1 << 16

    /// Where `size` is given, pixels' centers stay in place.
    mutating func resized(
        _ operands: KerasOperands, _ high: Int, _ wide: Int, _ mode: String
    ) throws(ImportProblem) -> KerasValue {
        let image = try engineImage(operands)
        // Before a list of the places is made.
        guard (1...KerasBuilder.longestSide).contains(high), (1...KerasBuilder.longestSide).contains(wide) else {
            throw operands.settings.problem(
                "makes an image of \(high)×\(wide): at most \(KerasBuilder.longestSide) pixels a side are supported")
        }
        _ = try KerasBuilder.shape([image.1[0], high, wide], operands.layer.title)
        guard !operands.settings.flag("antialias", false), !operands.settings.flag("crop_to_aspect_ratio", false),
            !operands.settings.flag("pad_to_aspect_ratio", false)
        else { throw operands.settings.unsupported("antialiasing and aspect ratios are not supported") }
        if mode == "nearest" {
            var made = image.0
            for (axis, size) in [(2, high), (3, wide)] {
                let from = image.1[axis - 1]
                let places = (0..<size).map { min(from - 1, (2 * $0 + 1) * from / (2 * size)) }
                made = try add(
                    "index_select", ["dim": .integer(axis), "index": .integers(places)], [made], operands.layer)
            }
            return kerasImage(made, operands)
        }
        guard mode == "bilinear" else {
            throw operands.settings.unsupported("\(mode.shortened) interpolation is not supported")
        }
        let made = try add(
            "Upsample", ["size": .integers([high, wide]), "mode": .text(mode)], [image.0], operands.layer)
        return kerasImage(made, operands)
    }
}
