import Importing
import JSON
import Neural

extension KerasLayers {
    /// Functions that move values: Keras 3's operations, and what TensorFlow's are called by in Keras 2.
    static let functions: [String: Make] = [
        "LeakyRelu": { (operands, builder) throws(ImportProblem) in
            let own = try operands.settings.number("negative_slope", 0.2)
            let slope = operands.number(1, "negative_slope", "alpha") ?? own
            return [
                try builder.map(
                    "LeakyReLU", ["negative_slope": .number(slope)], try operands.single(), operands.layer)
            ]
        },
        "Elu": { (operands, builder) throws(ImportProblem) in
            let own = try operands.settings.number("alpha", 1)
            let alpha = operands.number(1, "alpha") ?? own
            return [try builder.map("ELU", ["alpha": .number(alpha)], try operands.single(), operands.layer)]
        },
        "Gelu": { (operands, builder) throws(ImportProblem) in
            let isApproximate = (operands.json(1, "approximate") ?? operands.settings["approximate"])?.boolean
            // TensorFlow's is exact where nobody says otherwise, and Keras 3's operation is not.
            let isTanh = isApproximate ?? (operands.layer.className == "Gelu")
            return [
                try builder.map(
                    "GELU", ["approximate": .text(isTanh ? "tanh" : "none")], try operands.single(), operands.layer)
            ]
        },
        "GetItem": { (operands, builder) throws(ImportProblem) in [try builder.slice(operands)] },
        "SlicingOpLambda": { (operands, builder) throws(ImportProblem) in [try builder.slice(operands)] },
        "Split": { (operands, builder) throws(ImportProblem) in try builder.split(operands) },
        "DepthToSpace": { (operands, builder) throws(ImportProblem) in [try builder.pixelShuffle(operands)] },
        "Resize": { (operands, builder) throws(ImportProblem) in [try builder.resize(operands)] },
    ]

    /// What reads only a part of a value.
    static func takesPart(_ layer: KerasLayer) -> Bool {
        let name = (layer.config["function"]?.string ?? layer.className).lowercased()
        return ["getitem", "slic", "split", "lambda"].contains { name.contains($0) && !name.hasSuffix("oplambda") }
    }
}

extension KerasBuilder {
    /// One of `value[:, 3:7]`'s parts for each axis, the batch's first.
    fileprivate mutating func slice(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let read = try operands.single()
        var entries = operands.json(1, "slice_spec", "key")?.array ?? []
        var value = if case .flat = read.order { try plain(read) } else { read }
        // An ellipsis stands for as many axes as are left.
        if let place = entries.firstIndex(where: KerasBuilder.isEllipsis), entries.count <= value.shape.count + 2 {
            let rest = value.shape.count + 2 - entries.count
            entries.replaceSubrange(place...place, with: [JSONValue](repeating: .object([:]), count: rest))
        }
        guard entries.count <= value.shape.count + 1, let batch = entries.first, KerasBuilder.isWhole(batch) else {
            throw operands.settings.unsupported("this choice of a part is not supported")
        }
        for (place, entry) in entries.dropFirst().enumerated() where !KerasBuilder.isWhole(entry) {
            let size = value.shape[place]
            guard let bounds = KerasBuilder.bounds(entry),
                bounds["step"].map({ $0 == .null || $0.integer == 1 }) ?? true
            else {
                throw operands.settings.unsupported("this choice of a part is not supported")
            }
            func end(_ name: String, _ standard: Int) throws(ImportProblem) -> Int {
                guard let given = bounds[name], given != .null else { return standard }
                guard let number = KerasSettings.whole(given) else {
                    throw operands.settings.unsupported("this choice of a part is not supported")
                }
                return min(size, max(0, number < 0 ? number + size : number))
            }
            let (start, stop) = (try end("start", 0), try end("stop", size))
            guard stop > start else { throw operands.settings.problem("chooses nothing of \(value.shape)") }
            value = try narrow(value, axis: place + 1, start..<stop, operands)
        }
        return value
    }

    private static func isEllipsis(_ entry: JSONValue) -> Bool {
        entry.object?["class_name"]?.string?.contains("ellipsis") ?? (entry.string == "...")
    }

    /// A slice's start, stop and step; nil for what is something else.
    private static func bounds(_ entry: JSONValue) -> JSONObject? {
        guard !isEllipsis(entry), let object = entry.object else { return nil }
        return object["config"]?.object ?? object
    }

    private static func isWhole(_ entry: JSONValue) -> Bool {
        guard let bounds = bounds(entry) else { return false }
        return ["start", "stop", "step"].allSatisfy { bounds[$0] == nil || bounds[$0] == .null }
    }

    private mutating func narrow(
        _ value: KerasValue, axis: Int, _ range: Range<Int>, _ operands: KerasOperands
    ) throws(ImportProblem) -> KerasValue {
        guard let place = value.engineAxis(axis) else { throw operands.settings.wrong("axis") }
        let made = try add(
            "narrow",
            ["dim": .integer(place), "start": .integer(range.lowerBound), "length": .integer(range.count)],
            [value.engine], operands.layer)
        var shape = value.shape
        shape[axis - 1] = range.count
        return KerasValue(made, shape, value.order)
    }

    /// Equal parts, or parts of given sizes, along an axis.
    fileprivate mutating func split(_ operands: KerasOperands) throws(ImportProblem) -> [KerasValue] {
        let read = try operands.single()
        let value = if case .flat = read.order { try plain(read) } else { read }
        let given =
            operands.json(1, "num_or_size_splits", "indices_or_sections") ?? operands.settings["indices_or_sections"]
        let axis = (operands.json(2, "axis") ?? operands.settings["axis"]).flatMap(KerasSettings.whole) ?? 0
        let place = axis < 0 ? axis + value.shape.count : axis - 1
        guard value.shape.indices.contains(place) else { throw operands.settings.wrong("axis") }
        let size = value.shape[place]
        var cuts: [Int]
        if let count = given.flatMap(KerasSettings.whole), count >= 1, size % count == 0 {
            cuts = (0...count).map { $0 * size / count }
        } else {
            let list = (given?.array ?? []).compactMap(KerasSettings.whole)
            // TensorFlow's are sizes, Keras's are places.
            cuts =
                operands.layer.className == "Split"
                ? [0] + list + [size] : list.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
        }
        guard cuts.last == size, zip(cuts, cuts.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw operands.settings.unsupported("these parts are not supported")
        }
        var parts: [KerasValue] = []
        for (start, end) in zip(cuts, cuts.dropFirst()) {
            parts.append(try narrow(value, axis: place + 1, start..<end, operands))
        }
        return parts
    }

    /// TensorFlow counts a pixel's channels last: row, column, channel.
    fileprivate mutating func pixelShuffle(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let (image, extents) = try engineImage(operands)
        let size = operands.json(1, "block_size") ?? operands.settings["block_size"]
        let format = (operands.json(2, "data_format") ?? operands.settings["data_format"])?.string
        guard ["NHWC", "channels_last"].contains(format ?? "NHWC"), let factor = size.flatMap(KerasSettings.whole),
            (1...64).contains(factor),
            extents[0] % (factor * factor) == 0
        else { throw operands.settings.problem("has a block_size that does not fit") }
        let channels = extents[0] / (factor * factor)
        var places: [Int] = []
        for channel in 0..<channels {
            for cell in 0..<factor * factor { places.append(cell * channels + channel) }
        }
        let sorted = try add(
            "index_select", ["dim": .integer(1), "index": .integers(places)], [image], operands.layer)
        let made = try add("PixelShuffle", ["upscale_factor": .integer(factor)], [sorted], operands.layer)
        return kerasImage(made, operands)
    }

    fileprivate mutating func resize(_ operands: KerasOperands) throws(ImportProblem) -> KerasValue {
        let size = (operands.json(1, "size") ?? operands.settings["size"])?.array?.compactMap(KerasSettings.whole)
        guard let size, size.count == 2 else { throw operands.settings.unsupported("a size that is computed") }
        let mode = (operands.json(2, "method", "interpolation") ?? operands.settings["interpolation"])?.string
        return try resized(operands, size[0], size[1], mode ?? "bilinear")
    }
}
