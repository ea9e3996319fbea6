import Pictures

extension Palette {
    /// A picture in the palette's colors, for files; what a terminal shows comes from ``Shader``, by the same rules.
    ///
    /// Tones are rounded to the 256 of a file first, so that there are at most as many colors, which is what a GIF holds.
    ///
    /// - Returns: a picture of one channel for a gray one in a scale of grays, else of three; with its opacity.
    public func colored(_ picture: Picture) -> Picture {
        switch self {
        case .gray: return picture
        case .inverted:
            guard picture.hasOpacity else { return picture.mapped(channels: picture.channels) { [1 - $0] } }
            return picture.recolored { color in color.map { 1 - $0.limitedToUnit } }
        case .viridis, .magma, .twoTone:
            let colors = (0...255).map { tone -> [Float] in
                let (red, green, blue) = color(of: Float(tone) / 255)
                return [red, green, blue]
            }
            guard !picture.hasOpacity else {
                return picture.recolored { color in
                    colors[Int((Picture.luma(color[0], color[1], color[2]).limitedToUnit * 255).rounded())]
                }
            }
            let gray = Picture(width: picture.width, height: picture.height, values: picture.tones)
            return gray.mapped(channels: 3) { colors[Int(($0 * 255).rounded())] }
        }
    }
}

extension Picture {
    /// A picture with opacity in other colors.
    fileprivate func recolored(_ transform: ([Float]) -> [Float]) -> Picture {
        var recolored: [Float] = []
        recolored.reserveCapacity(values.count)
        for pixel in stride(from: 0, to: values.count, by: 4) {
            recolored += transform(Array(values[pixel..<pixel + 3]))
            recolored.append(values[pixel + 3])
        }
        return Picture(width: width, height: height, channels: 4, values: recolored)
    }

    /// A picture of other values, each of which may become a few.
    ///
    /// - Parameter transform: is given values limited to 0…1.
    fileprivate func mapped(channels: Int, _ transform: (Float) -> [Float]) -> Picture {
        Picture(
            width: width, height: height, channels: channels, values: values.flatMap { transform($0.limitedToUnit) })
    }
}
