import Importing
import Neural

extension OperatorTable {
    static let resizing: [String: Function] = [
        "Resize": { call throws(ImportProblem) in try resize(call) },
        "Upsample": { call throws(ImportProblem) in
            let handle = try call.settled(0)
            let scales: [Float]?
            if call.version < 9 {
                scales = call.numbers("scales")
            } else {
                scales = try call.constant(1, "scales")?.floats
            }
            var settings = ResizeSettings(mode: call.text("mode", "nearest"))
            settings.place = .asymmetric
            settings.rounding = .floor
            guard let scales else { throw call.wrong("its scales are missing") }
            return [.computed(try call.resized(handle, settings, scales: scales, sizes: nil))]
        },
    ]

    private static func resize(_ call: NodeCall) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        var settings = ResizeSettings(mode: call.text("mode", "nearest"))
        guard call.version >= 11 else {
            settings.place = .asymmetric
            settings.rounding = .floor
            let scales = try call.needed(1, "scales").floats
            return [.computed(try call.resized(handle, settings, scales: scales, sizes: nil))]
        }
        let place = call.text("coordinate_transformation_mode", "half_pixel")
        guard let known = ResizeSettings.Place(rawValue: place) else {
            throw call.unsupported("its coordinate_transformation_mode \(place) is not supported")
        }
        let rounding = call.text("nearest_mode", "round_prefer_floor")
        guard let way = ResizeSettings.Rounding(rawValue: rounding) else {
            throw call.unsupported("its nearest_mode \(rounding) is not supported")
        }
        settings.place = known
        settings.rounding = way
        settings.cubicSlope = call.number("cubic_coeff_a", -0.75)
        settings.excludesOutside = call.flag("exclude_outside")
        settings.isAntialiased = call.flag("antialias")
        call.ignore("extrapolation_value")
        guard call.text("keep_aspect_ratio_policy", "stretch") == "stretch" else {
            throw call.unsupported("its keep_aspect_ratio_policy is not supported")
        }
        let axes = try call.integers("axes")
        var scales = try call.constant(2, "scales")?.floats
        var sizes = try call.indices(3, "sizes")
        if scales?.isEmpty == true { scales = nil }
        if sizes?.isEmpty == true { sizes = nil }
        if let axes {
            (scales, sizes) = try (
                call.spread(scales, over: axes, of: handle.extents.map { _ in 1 }),
                call.spread(sizes, over: axes, of: call.fileExtents(handle))
            )
        }
        return [.computed(try call.resized(handle, settings, scales: scales, sizes: sizes))]
    }
}

extension NodeCall {
    /// Values for some axes, for all of them.
    fileprivate func spread<Number>(_ list: [Number]?, over axes: [Int], of all: [Number]) throws(ImportProblem)
        -> [Number]?
    {
        guard let list else { return nil }
        guard list.count == axes.count else { throw wrong("it has \(list.count) sizes for \(axes.count) axes") }
        var all = all
        for (number, value) in zip(axes, list) { all[try axis(number, of: all.count)] = value }
        return all
    }

    /// Resized along each axis that has another size, or another scale, than before.
    func resized(
        _ handle: Handle, _ settings: ResizeSettings, scales: [Float]?, sizes: [Int]?
    ) throws(ImportProblem) -> Handle {
        let rank = handle.rank
        guard (scales?.count ?? rank) == rank, (sizes?.count ?? rank) == rank, scales != nil || sizes != nil else {
            throw wrong("its scales or sizes are missing, or are not one for each of the \(rank) axes")
        }
        var axes: [ResizedAxis?] = []
        for (axis, extent) in handle.extents.enumerated() {
            if let sizes {
                let size = axis == handle.batchAxis && sizes[axis] == frozenBatch ? 1 : sizes[axis]
                guard (1...1 << 20).contains(size) else {
                    throw wrong("its size \(size) must be a whole number from 1")
                }
                axes.append(
                    size == extent ? nil : ResizedAxis(from: extent, to: size, scale: Double(size) / Double(extent)))
            } else if let scale = scales?[axis] {
                guard scale > 0, scale <= 4096, let size = Int(exactly: (Float(extent) * scale).rounded(.down)),
                    (1...1 << 20).contains(size)
                else { throw wrong("its scale \(scale) must lie above 0 and not above 4096") }
                axes.append(scale == 1 ? nil : ResizedAxis(from: extent, to: size, scale: Double(scale)))
            }
        }
        let resized = axes.indices.filter { axes[$0] != nil }
        guard !resized.isEmpty else { return handle }
        try refuseMixing(handle, resized)
        if rank == 4, handle.extents[0] == 1, axes[0] == nil, axes[1] == nil,
            let native = try upsampled(handle, settings, axes[2], axes[3])
        {
            return native
        }
        guard !settings.isAntialiased || settings.mode == "nearest" || axes.allSatisfy({ $0?.scale ?? 1 >= 1 }) else {
            throw unsupported("its antialias is not supported for a picture that becomes smaller")
        }
        var result = handle
        for axis in resized {
            guard let resizedAxis = axes[axis] else { continue }
            switch settings.mode {
            case "nearest":
                result = try taking(settings.nearest(resizedAxis), of: result, axis)
            case "linear", "bilinear", "cubic", "bicubic":
                result = try weighed(result, axis, resizedAxis, settings)
            default: throw unsupported("its mode \(settings.mode) is not supported")
            }
        }
        return result
    }

    /// By the engine's own layer, where that computes the same; nil where it doesn't.
    private func upsampled(
        _ handle: Handle, _ settings: ResizeSettings, _ rows: ResizedAxis?, _ columns: ResizedAxis?
    ) throws(ImportProblem) -> Handle? {
        let (height, width) = (handle.extents[2], handle.extents[3])
        let (tall, wide) = (rows?.to ?? height, columns?.to ?? width)
        let image = try images(handle)
        if settings.mode == "nearest" {
            guard tall % height == 0, wide % width == 0 else { return nil }
            let (vertical, horizontal) = (tall / height, wide / width)
            for (axis, factor) in [(rows, vertical), (columns, horizontal)] {
                guard let axis else { continue }
                guard settings.nearest(axis) == (0..<axis.to).map({ $0 / factor }) else { return nil }
            }
            let factors: Setting = vertical == horizontal ? .integer(vertical) : .integers([vertical, horizontal])
            let value = try add("Upsample", ["scale_factor": factors, "mode": .text("nearest")], [image])
            return unimaged(value, like: handle)
        }
        let isCubic = settings.mode.hasSuffix("cubic")
        let alignsCorners = settings.place == .alignCorners
        let isExact = [rows, columns].allSatisfy { axis in
            guard let axis else { return true }
            return axis.to > 1 && axis.from > 1 && axis.scale == Double(axis.to) / Double(axis.from) && axis.scale >= 1
        }
        guard isExact, alignsCorners || settings.place == .halfPixel || settings.place == .pytorchHalfPixel,
            !isCubic || (settings.cubicSlope == -0.75 && !settings.excludesOutside), !settings.mode.isEmpty,
            ["linear", "cubic"].contains(settings.mode)
        else { return nil }
        let value = try add(
            "Upsample",
            [
                "size": .integers([tall, wide]), "mode": .text(isCubic ? "bicubic" : "bilinear"),
                "align_corners": .boolean(alignsCorners),
            ], [image])
        return unimaged(value, like: handle)
    }

    /// Each place of the result as a weighted sum of places along one axis.
    private func weighed(
        _ handle: Handle, _ axis: Int, _ resized: ResizedAxis, _ settings: ResizeSettings
    ) throws(ImportProblem) -> Handle {
        try spend([resized.from, resized.to])
        let weights = settings.weights(resized)
        var order = Array(0..<handle.rank)
        order.remove(at: axis)
        order.append(axis)
        let last = try settle(handle.transposed(order))
        let view = try view(last, touching: last.rank == 1 ? [0] : [])
        let value = try add(
            "Linear",
            ["in_features": .integer(resized.from), "out_features": .integer(resized.to), "bias": .boolean(false)],
            [view.value], ["weight": Tensor(extents: [resized.to, resized.from], values: weights)])
        let result = self.result(value, Array(last.extents.dropLast()) + [resized.to], like: last)
        var back = Array(0..<handle.rank - 1)
        back.insert(handle.rank - 1, at: axis)
        return try settle(result.transposed(back))
    }
}
