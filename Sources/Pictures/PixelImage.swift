/// An image as files hold it: bytes, row by row, channels innermost; 0 black, 255 white.
public struct PixelImage: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// 1 (gray), 3 (sRGB) or 4 (sRGB and opacity).
    public let channels: Int
    /// `[height, width, channels]`.
    public let bytes: [UInt8]

    /// - Precondition: there is a pixel, `channels` is 1, 3 or 4, and the bytes fill the image.
    public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
        precondition(width > 0 && height > 0 && [1, 3, 4].contains(channels), "an image has pixels")
        precondition(bytes.count == width * height * channels, "an image's bytes fill it")
        self.width = width
        self.height = height
        self.channels = channels
        self.bytes = bytes
    }

    /// The image with 1, 3 or 4 channels: gray is luma (Rec. 601: 0.299 R + 0.587 G + 0.114 B), colors of gray are equal,
    /// what had no opacity is opaque, and what had is laid over black.
    public func withChannels(_ wanted: Int) -> PixelImage {
        guard wanted != channels else { return self }
        guard channels != 4 else { return overBlack.withChannels(wanted) }
        let converted: [UInt8]
        if wanted == 4 {
            let colored = withChannels(3).bytes
            converted = stride(from: 0, to: colored.count, by: 3).flatMap { place -> [UInt8] in
                [colored[place], colored[place + 1], colored[place + 2], 255]
            }
        } else if wanted == 1 {
            converted = stride(from: 0, to: bytes.count, by: 3).map { place in
                // In 16-bit fixed point, whose weights sum to 1, so that white stays white.
                let sum = 19595 * Int(bytes[place]) + 38470 * Int(bytes[place + 1]) + 7471 * Int(bytes[place + 2])
                return UInt8((sum + (1 << 15)) >> 16)
            }
        } else {
            converted = bytes.flatMap { [$0, $0, $0] }
        }
        return PixelImage(width: width, height: height, channels: wanted, bytes: converted)
    }

    private var overBlack: PixelImage {
        let colors = stride(from: 0, to: bytes.count, by: 4).flatMap { place -> [UInt8] in
            let opacity = Int(bytes[place + 3])
            return (0..<3).map { UInt8((Int(bytes[place + $0]) * opacity + 127) / 255) }
        }
        return PixelImage(width: width, height: height, channels: 3, bytes: colors)
    }

    /// The image at a size, filling it: the longer side is cut off equally at both ends where the shapes differ, and the
    /// rest is resampled with antialiasing, in the values as they are (not in linear light), as training pipelines do.
    public func filling(width: Int, height: Int, by resampler: Resampler) -> PixelImage {
        guard width != self.width || height != self.height else { return self }
        let scale = max(Double(width) / Double(self.width), Double(height) / Double(self.height))
        let columns = min(self.width, max(1, Int((Double(width) / scale).rounded())))
        let rows = min(self.height, max(1, Int((Double(height) / scale).rounded())))
        let (left, top) = ((self.width - columns) / 2, (self.height - rows) / 2)
        func start(of row: Int) -> Int { ((top + row) * self.width + left) * channels }
        let resampled: [UInt8]
        if channels == 1 {
            let tones = (0..<rows).flatMap { row in
                bytes[start(of: row)..<start(of: row) + columns].map { Float($0) / 255 }
            }
            resampled = resampler.resample(tones, width: columns, height: rows, to: (width, height)).map(byte)
        } else {
            let colors = (0..<rows).flatMap { row in
                (0..<columns).map { column in
                    let place = start(of: row) + channels * column
                    let opacity = channels == 4 ? Float(bytes[place + 3]) : 0
                    return SIMD4(Float(bytes[place]), Float(bytes[place + 1]), Float(bytes[place + 2]), opacity) / 255
                }
            }
            resampled = resampler.resample(colors, width: columns, height: rows, to: (width, height))
                .flatMap { color in (0..<channels).map { byte(color[$0]) } }
        }
        return PixelImage(width: width, height: height, channels: channels, bytes: resampled)
    }
}
