import Pictures

extension Dataset {
    /// The same images brought to a size (``PixelImage/filling(width:height:by:)``) and to gray or color; kept as bytes
    /// if anything changes.
    func brought(to sizing: ImageSizing?) -> Dataset {
        guard let sizing else { return self }
        let target = ImageShape(channels: sizing.channels ?? channels, height: sizing.height, width: sizing.width)
        guard target != shape else { return self }
        let resampler = Resampler()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * target.count)
        for index in 0..<count {
            let image = PixelImage(planes: image(index).map { UInt8(($0 * 255).rounded()) }, shape)
            bytes += image.brought(to: target, by: resampler).planes
        }
        return replacingPixels(bytes, shape: target)
    }
}

extension PixelImage {
    /// An image from its channels one after the other.
    ///
    /// - Precondition: there are 1, 3 or 4 channels.
    init(planes: [UInt8], _ shape: ImageShape) {
        let pixels = shape.height * shape.width
        let bytes =
            shape.channels == 1
            ? planes : (0..<pixels).flatMap { pixel in (0..<shape.channels).map { planes[$0 * pixels + pixel] } }
        self.init(width: shape.width, height: shape.height, channels: shape.channels, bytes: bytes)
    }

    /// The channels one after the other: `[channels, height, width]`.
    public var planes: [UInt8] {
        guard channels > 1 else { return bytes }
        return (0..<channels).flatMap { channel in
            stride(from: channel, to: bytes.count, by: channels).map { bytes[$0] }
        }
    }

    var shape: ImageShape { ImageShape(channels: channels, height: height, width: width) }

    /// The image with other extents.
    func brought(to shape: ImageShape, by resampler: Resampler) -> PixelImage {
        // The fewer channels are resampled.
        (shape.channels < channels ? withChannels(shape.channels) : self)
            .filling(width: shape.width, height: shape.height, by: resampler).withChannels(shape.channels)
    }
}
