import Files
import Testing

@Suite("Files that were taken for text")
struct TextConversionTests {
    private func conversion(_ bytes: [UInt8]) -> TextConversion? { bytes.withUnsafeBytes { TextConversion($0) } }

    /// Bytes without a pattern.
    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
    }

    @Test("Converted line ends and a decoding leave traces")
    func traces() {
        let bytes = noise(8000)
        #expect(conversion(bytes) == nil)
        #expect(conversion(bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }) == .lineEnds)
        #expect(conversion(Array(String(decoding: bytes, as: UTF8.self).utf8)) == .decoding)
    }

    @Test("The other way leaves one in large files alone: pairs that chance would have made are missing")
    func pairs() {
        var bytes: [UInt8] = []
        for byte in noise(1 << 20) {
            if byte == 0x0A, bytes.last == 0x0D { bytes.removeLast() }
            bytes.append(byte)
        }
        #expect(conversion(bytes) == .lineEnds)
        #expect(conversion(noise(1 << 20)) == nil)
        #expect(conversion([UInt8](repeating: 0, count: 1 << 20)) == nil)
    }
}
