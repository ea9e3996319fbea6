/// An image: `height · width · channels` values in 0…1, row by row, channels innermost (HWC).
public struct Picture: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// 1 (gray), 3 (sRGB) or 4 (sRGB and opacity, by which the colors are not multiplied).
    public let channels: Int
    public let values: [Float]

    /// - Precondition: `values.count == width · height · channels`, and `channels` is 1, 3 or 4.
    public init(width: Int, height: Int, channels: Int = 1, values: [Float]) {
        precondition([1, 3, 4].contains(channels), "a picture is gray, or has colors, perhaps with opacity")
        precondition(values.count == width * height * channels, "a picture's values fill it")
        self.width = width
        self.height = height
        self.channels = channels
        self.values = values
    }

    public var hasOpacity: Bool { channels == 4 }

    /// The colors laid over a background by their opacity; a picture without opacity as it is.
    ///
    /// - Parameter background: a gray, 0 black to 1 white.
    public func over(_ background: Float) -> Picture {
        guard hasOpacity else { return self }
        var colors: [Float] = []
        colors.reserveCapacity(3 * width * height)
        for pixel in stride(from: 0, to: values.count, by: 4) {
            let rest = background * (1 - values[pixel + 3])
            for channel in 0..<3 { colors.append(values[pixel + channel] * values[pixel + 3] + rest) }
        }
        return Picture(width: width, height: height, channels: 3, values: colors)
    }

    /// The values of the pixel in `column` of `row`.
    public func pixel(_ column: Int, _ row: Int) -> ArraySlice<Float> {
        let start = (row * width + column) * channels
        return values[start..<start + channels]
    }
}
