import Testing

@testable import Checkpoints

@Suite("Types of elements")
struct ElementTypeTests {
    private func float(half bits: UInt16) throws -> Float {
        let floats = withUnsafeBytes(of: bits.littleEndian) { ElementType.float16.floats(from: $0) }
        return try #require(floats.get().first)
    }

    @Test("Half floats are exact: zeros, subnormals, numbers, infinities and NaN")
    func halves() throws {
        #expect(try float(half: 0x0000).bitPattern == 0)
        #expect(try float(half: 0x8000).bitPattern == 0x8000_0000)
        #expect(try float(half: 0x0001) == 0x1p-24)
        #expect(try float(half: 0x83FF) == -1023 * 0x1p-24)
        #expect(try float(half: 0x0400) == 0x1p-14)
        #expect(try float(half: 0x3C00) == 1)
        #expect(try float(half: 0xC580) == -5.5)
        #expect(try float(half: 0x7BFF) == 65504)
        #expect(try float(half: 0x7C00) == .infinity)
        #expect(try float(half: 0xFC00) == -.infinity)
        #expect(try float(half: 0x7E00).isNaN)
    }

    #if !(os(macOS) && arch(x86_64))
        @Test("All half floats are those of the processor")
        func allHalves() throws {
            for bits in UInt16.min...UInt16.max {
                let expected = Float(Float16(bitPattern: bits))
                let found = try float(half: bits)
                #expect(found == expected || (found.isNaN && expected.isNaN))
            }
        }
    #endif

    @Test("An infinite double stays infinite; a finite one that is too large is refused")
    func doubles() {
        func floats(_ value: Double) -> Result<[Float], TensorProblem> {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { ElementType.float64.floats(from: $0) }
        }
        #expect(floats(.infinity) == .success([.infinity]))
        #expect(floats(0.1) == .success([0.1]))
        #expect(floats(-1e39) == .failure(.tooLargeForFloat))
    }
}
