/// The extents of an image.
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
    public var channels: Int
    public var height: Int
    public var width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// The numbers that make one image.
    public var count: Int { channels * height * width }

    /// `1×28×28`.
    public var description: String { "\(channels)×\(height)×\(width)" }
}

/// What images are brought to.
public struct ImageSizing: Hashable, Sendable {
    /// 1 for gray, 3 for color, 4 for color with opacity; nil to keep what they have.
    public var channels: Int?
    public var height: Int
    public var width: Int

    /// The largest height and width.
    public static let largest = 4096

    /// - Precondition: the extents lie between 1 and ``largest``; channels are 1, 3 or 4.
    public init(channels: Int? = nil, height: Int, width: Int) {
        precondition((1...ImageSizing.largest).contains(height) && (1...ImageSizing.largest).contains(width))
        precondition(channels.map { [1, 3, 4].contains($0) } ?? true)
        self.channels = channels
        self.height = height
        self.width = width
    }
}
