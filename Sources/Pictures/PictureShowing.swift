import Numbers

/// How pictures are shown by a file that viewers open: PNG and GIF. NPY and CSV hold the values as they are.
public struct PictureShowing: Hashable, Sendable {
    /// Pixels a side that each pixel takes, from 1; nil for one in PNG, and in GIF for as many as make the shorter side
    /// ``leastSide`` long, since people open it to look at it.
    public var scale: Int?
    /// How many pictures stand in a row of a PNG sheet; nil for a sheet that is about as wide as high.
    public var columns: Int?
    /// How long each frame of an animation stays.
    public var frameDuration = Duration.milliseconds(100)
    /// Whether an animation begins anew after its last frame, for ever.
    public var repeats = true

    /// What lies under pictures with opacity where a format has none: a gray, 0 black to 1 white.
    public var background: Float = 0

    /// The pixels that the shorter side of an animation has at least.
    public static let leastSide = 256
    /// The most pixels of a picture.
    static let mostPixels = 64 << 20

    public init(scale: Int? = nil, columns: Int? = nil) { (self.scale, self.columns) = (scale, columns) }

    /// The scale for a picture.
    ///
    /// - Throws: ``PictureFileError/tooLarge(width:height:)``
    func scale(
        for width: Int, _ height: Int, default standard: Int, longestSide: Int
    ) throws(PictureFileError) -> Int {
        let scale = max(1, scale ?? standard)
        let (wide, high) = (product(of: [width, scale]) ?? .max, product(of: [height, scale]) ?? .max)
        guard max(wide, high) <= longestSide, wide * high <= PictureShowing.mostPixels else {
            throw .tooLarge(width: wide, height: high)
        }
        return scale
    }
}
