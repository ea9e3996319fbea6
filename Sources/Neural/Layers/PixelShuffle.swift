/// Channels become pixels: `[c r², h, w]` becomes `[c, r h, r w]`, as `torch.nn.PixelShuffle` has it (Shi et al. 2016).
public struct PixelShuffle: IndexMapLayer {
    public var factor: Int

    public static let kinds = [
        LayerKind("PixelShuffle", PixelShuffle(factor: 1), [.integer("upscale_factor", \.factor)])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let image = try imageInput(shapes[0])
        try require((1...1024).contains(factor), "a factor from 1 to 1024")
        try expect(
            image.channels % (factor * factor) == 0, shapes[0], "channels that are a multiple of \(factor * factor)")
        return try Shape([image.channels / (factor * factor), image.height * factor, image.width * factor])
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        let (channels, height, width) = (output.extents[0], input.extents[1], input.extents[2])
        // [channel, i, j, y, x] becomes [channel, y, i, x, j].
        return permutedIndices([channels, factor, factor, height, width], [0, 3, 1, 4, 2])
    }
}

/// Pixels become channels: `[c, r h, r w]` becomes `[c r², h, w]`, as `torch.nn.PixelUnshuffle` has it.
public struct PixelUnshuffle: IndexMapLayer {
    public var factor: Int

    public static let kinds = [
        LayerKind("PixelUnshuffle", PixelUnshuffle(factor: 1), [.integer("downscale_factor", \.factor)])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let image = try imageInput(shapes[0])
        try require((1...1024).contains(factor), "a factor from 1 to 1024")
        try expect(
            image.height % factor == 0 && image.width % factor == 0, shapes[0],
            "a height and a width that are multiples of \(factor)")
        return try Shape([
            image.channels * factor * factor, image.height / factor, image.width / factor,
        ])
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        let (channels, height, width) = (input.extents[0], output.extents[1], output.extents[2])
        // [channel, y, i, x, j] becomes [channel, i, j, y, x].
        return permutedIndices([channels, height, factor, width, factor], [0, 2, 4, 1, 3])
    }
}

/// The channels of some groups in turn, one of each: `torch.nn.ChannelShuffle` (Zhang et al. 2018).
public struct ChannelShuffle: IndexMapLayer {
    public var groups: Int

    public static let kinds = [
        LayerKind("ChannelShuffle", ChannelShuffle(groups: 1), [.integer("groups", \.groups)])
    ]

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        let image = try imageInput(shapes[0])
        try require(groups >= 1, "at least one group")
        try expect(image.channels % groups == 0, shapes[0], "channels that are a multiple of \(groups)")
        return shapes[0]
    }

    func sources(from input: Shape, to output: Shape) -> [Int32] {
        let pixels = input.extents[1] * input.extents[2]
        return permutedIndices([groups, input.extents[0] / groups, pixels], [1, 0, 2])
    }
}
