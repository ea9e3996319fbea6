extension Dataset {
    /// SHA-256 of the images: their number, channels, height and width in words, a line feed, then their bytes in order.
    /// Two data sets with the same checksum train a model alike, whatever they are called.
    public var checksum: String {
        let digest = SHA256()
        Array("\(count) \(channels) \(height) \(width)\n".utf8).withUnsafeBytes { digest.update($0) }
        pixels.withUnsafeBytes { bytes in
            let range = window.lowerBound * valuesPerImage..<window.upperBound * valuesPerImage
            digest.update(UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
        return digest.hexDigest()
    }
}
