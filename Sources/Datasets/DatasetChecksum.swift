extension Dataset {
    /// SHA-256 of the images: their number, channels, height and width in words, a line feed, then their bytes in order, or
    /// the bytes of their little-endian 32-bit floats where bytes cannot hold them.
    /// Two data sets with the same checksum train a model alike, whatever they are called.
    public var checksum: String {
        let digest = SHA256()
        Array("\(count) \(channels) \(height) \(width)\n".utf8).withUnsafeBytes { digest.update($0) }
        let range = window.lowerBound * valuesPerImage..<window.upperBound * valuesPerImage
        switch pixels {
        case .bytes(let bytes): bytes[range].withUnsafeBytes { digest.update($0) }
        case .floats(let floats): floats[range].withUnsafeBytes { digest.update($0) }
        }
        return digest.hexDigest()
    }
}
