import Importing
import Neural

/// A window's numbers along the sides of an image, of which there are one or two; one side is taken as the width of images
/// of height 1.
struct WindowSides {
    var kernel: [Int]
    var strides: [Int]
    var dilations: [Int]
    var before: [Int]
    var after: [Int]

    var isSymmetric: Bool { before == after && before.allSatisfy { $0 >= 0 } }

    /// Pixels from the first tap to the last.
    func span(_ side: Int) -> Int { (kernel[side] - 1) * dilations[side] + 1 }

    func setting(_ path: KeyPath<WindowSides, [Int]>) -> Setting { .integers(self[keyPath: path]) }
}

extension NodeCall {
    /// A value as images: channels × height × width.
    func images(_ handle: Handle) throws(ImportProblem) -> GraphAssembly.Value {
        let handle = try settle(handle)
        guard (3...4).contains(handle.rank) else {
            throw unsupported("its input has \(handle.rank) axes, where images have 4")
        }
        guard handle.extents[0] == 1 else {
            throw unsupported("it has \(handle.extents[0]) images for each sample, and one is supported")
        }
        let sides = Array(handle.extents.dropFirst(2))
        return try shaped(handle.value, [handle.extents[1]] + (sides.count == 1 ? [1] : []) + sides)
    }

    /// What images became, with as many axes as before.
    func unimaged(_ value: GraphAssembly.Value, like handle: Handle) -> Handle {
        let image = translation.assembly.shape(of: value).extents
        let sides = Array(image.dropFirst(handle.rank == 3 ? 2 : 1))
        return Handle(value, [1, image[0]] + sides, batchAxis: handle.batchAxis, isInteger: handle.isInteger)
    }

    /// - Parameter kernel: the weights' sides; nil where an attribute has them.
    func window(of handle: Handle, kernel: [Int]? = nil) throws(ImportProblem) -> WindowSides {
        let sides = handle.rank - 2
        guard (1...2).contains(sides) else {
            throw unsupported("its input has \(handle.rank) axes, where images have 4")
        }
        let given = try integers("kernel_shape")
        guard let kernel = kernel ?? given, given ?? kernel == kernel else {
            throw wrong("its kernel_shape is missing, or is not that of its weights")
        }
        let strides = try integers("strides") ?? Array(repeating: 1, count: sides)
        let dilations = try integers("dilations") ?? Array(repeating: 1, count: sides)
        let pads = try integers("pads") ?? Array(repeating: 0, count: 2 * sides)
        guard kernel.count == sides, strides.count == sides, dilations.count == sides, pads.count == 2 * sides,
            (kernel + strides + dilations).allSatisfy({ (1...1024).contains($0) }),
            pads.allSatisfy({ abs($0) <= 1024 })
        else {
            throw unsupported(
                "its kernel of \(kernel.text) with strides \(strides), dilations \(dilations) and pads \(pads) is not supported"
            )
        }
        var window = WindowSides(
            kernel: kernel, strides: strides, dilations: dilations, before: Array(pads[..<sides]),
            after: Array(pads[sides...]))
        if sides == 1 {
            for path in [\WindowSides.kernel, \.strides, \.dilations] { window[keyPath: path].insert(1, at: 0) }
            for path in [\WindowSides.before, \.after] { window[keyPath: path].insert(0, at: 0) }
        }
        return window
    }

    /// Pads as `auto_pad` says, for a window that looks at an image.
    func applyAutomaticPads(_ window: inout WindowSides, height: Int, width: Int) throws(ImportProblem) {
        let word = text("auto_pad", "NOTSET")
        switch word {
        case "NOTSET", "": break
        case "VALID": (window.before, window.after) = ([0, 0], [0, 0])
        case "SAME_UPPER", "SAME_LOWER":
            for (side, size) in [height, width].enumerated() {
                let count = (size + window.strides[side] - 1) / window.strides[side]
                let all = max(0, (count - 1) * window.strides[side] + window.span(side) - size)
                let less = all / 2
                window.before[side] = word == "SAME_UPPER" ? less : all - less
                window.after[side] = all - window.before[side]
            }
        default: throw unsupported("its auto_pad \(word) is not supported")
        }
    }

    /// Pads that an operation cannot have itself, put around the images before it.
    ///
    /// - Parameter value: of the pixels around.
    func padded(
        _ image: GraphAssembly.Value, _ before: [Int], _ after: [Int], value: Float = 0
    ) throws(ImportProblem) -> GraphAssembly.Value {
        guard (before + after).contains(where: { $0 != 0 }) else { return image }
        return try add(
            "pad", ["pad": .integers([before[1], after[1], before[0], after[0]]), "value": .number(value)], [image])
    }
}
