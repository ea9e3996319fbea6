import Importing
import Neural

extension OperatorTable {
    static let pooling: [String: Function] = [
        "MaxPool": { call throws(ImportProblem) in try pool(call, isMaximum: true) },
        "AveragePool": { call throws(ImportProblem) in try pool(call, isMaximum: false) },
        "GlobalAveragePool": { call throws(ImportProblem) in try global(call, "mean") },
        "GlobalMaxPool": { call throws(ImportProblem) in try global(call, "amax") },
    ]

    private static func global(_ call: NodeCall, _ kind: String) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        guard handle.rank > 2 else { throw call.wrong("its input has \(handle.rank) axes, where images have 4") }
        let axes = Array(2..<handle.rank)
        return [.computed(try call.reduced(handle, kind, axes, keeps: true))]
    }

    private static func pool(_ call: NodeCall, isMaximum: Bool) throws(ImportProblem) -> [TranslatedValue] {
        let handle = try call.settled(0)
        var image = try call.images(handle)
        let shape = call.translation.assembly.shape(of: image).extents
        var window = try call.window(of: handle)
        try call.applyAutomaticPads(&window, height: shape[1], width: shape[2])
        let roundsUp = call.flag("ceil_mode")
        call.ignore("storage_order")
        let countsPadding = isMaximum ? true : call.flag("count_include_pad")
        guard isMaximum || window.dilations == [1, 1] else { throw call.unsupported("its dilations are not supported") }
        let fits = window.isSymmetric && zip(window.before, window.kernel).allSatisfy { 2 * $0 <= $1 }
        var correction: GraphAssembly.Value?
        if !fits {
            guard !roundsUp else { throw call.unsupported("its ceil_mode is not supported with these pads") }
            if !isMaximum, !countsPadding { correction = try counts(call, window, [shape[1], shape[2]]) }
            image = try call.padded(
                image, window.before, window.after, value: isMaximum ? -.greatestFiniteMagnitude : 0)
            (window.before, window.after) = ([0, 0], [0, 0])
        }
        var settings: [(name: String, value: Setting)] = [
            ("kernel_size", window.setting(\.kernel)), ("stride", window.setting(\.strides)),
            ("padding", window.setting(\.before)), ("ceil_mode", .boolean(roundsUp)),
        ]
        settings.append(
            isMaximum
                ? ("dilation", window.setting(\.dilations))
                : ("count_include_pad", .boolean(countsPadding || correction != nil)))
        var value = try call.add(isMaximum ? "MaxPool2d" : "AvgPool2d", list: settings, [image])
        if let correction { value = try call.add("mul", [:], [value, correction]) }
        return [.computed(call.unimaged(value, like: handle))]
    }

    /// What averages over padded windows are multiplied with, so that only pixels of the image count.
    private static func counts(
        _ call: NodeCall, _ window: WindowSides, _ sizes: [Int]
    ) throws(ImportProblem) -> GraphAssembly.Value {
        var factors: [[Float]] = []
        for (side, size) in sizes.enumerated() {
            let (kernel, before) = (window.kernel[side], window.before[side])
            let covered = size + before + window.after[side] - kernel
            guard covered >= 0 else { throw call.wrong("its windows are larger than the image") }
            factors.append(
                (0...covered / window.strides[side]).map { index in
                    let start = index * window.strides[side] - before
                    let inside = min(size, start + kernel) - max(0, start)
                    return Float(kernel) / Float(max(1, inside))
                })
        }
        let (rows, columns) = (factors[0], factors[1])
        try call.spend([rows.count, columns.count])
        let values = rows.flatMap { row in columns.map { row * $0 } }
        let extents = [1, rows.count, columns.count]
        return try call.add(
            "constant", ["shape": .integers(extents)], [], ["value": Tensor(extents: extents, values: values)])
    }
}
