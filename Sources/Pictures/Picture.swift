/// An image: `height · width · channels` values in 0…1, row by row, channels innermost (HWC).
public struct Picture: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// 1 (gray) or 3 (sRGB).
    public let channels: Int
    public let values: [Float]

    /// - Precondition: `values.count == width · height · channels`, and `channels` is 1 or 3.
    public init(width: Int, height: Int, channels: Int = 1, values: [Float]) {
        precondition(channels == 1 || channels == 3, "a picture has one or three channels")
        precondition(values.count == width * height * channels, "a picture's values fill it")
        self.width = width
        self.height = height
        self.channels = channels
        self.values = values
    }

    /// The values of the pixel in `column` of `row`.
    public func pixel(_ column: Int, _ row: Int) -> ArraySlice<Float> {
        let start = (row * width + column) * channels
        return values[start..<start + channels]
    }
}
