import Latent
import Pictures
import VAE

extension Decoder {
    /// Decodes `count` points `[count, latentSize]` into pictures, their values limited to 0…1.
    ///
    /// - Returns: none for images that are no pictures: of other than one, three or four channels.
    public func pictures(_ latents: [Float], labels: [ClassMix?]? = nil, count: Int) -> [Picture] {
        guard let image = imageShape.image, [1, 3, 4].contains(image.channels) else { return [] }
        return makePictures(
            decode(latents, labels: labels, count: count), count: count, channels: image.channels, height: image.height,
            width: image.width)
    }
}

extension Decoder {
    /// The pictures of some points, each asked for as its own class.
    public func pictures(_ points: [LatentPoint]) -> [Picture] {
        pictures(points.flatMap(\.coordinates), labels: points.map(\.label), count: points.count)
    }
}

/// Images `[count, channels, height, width]` as pictures, their values limited to 0…1.
func makePictures(_ values: [Float], count: Int, channels: Int, height: Int, width: Int) -> [Picture] {
    let size = channels * height * width
    return (0..<count).map { index in
        let pixels = interleaved(values[index * size..<(index + 1) * size], channels: channels)
        return Picture(
            width: width, height: height, channels: channels, values: pixels)
    }
}

/// `[channels, height, width]` → `[height, width, channels]`, in 0…1: a decoder may go beyond, and may not be finite.
func interleaved(_ planes: ArraySlice<Float>, channels: Int) -> [Float] {
    func limited(_ value: Float) -> Float { value > 0 ? min(value, 1) : 0 }
    guard channels > 1 else { return planes.map(limited) }
    let pixels = planes.count / channels
    return (0..<planes.count).map { index in
        limited(planes[planes.startIndex + index % channels * pixels + index / channels])
    }
}
