import Numbers
import Testing

@Suite("Floats of few bits")
struct SmallFloatsTests {
    @Test("Half floats are exact: zeros, subnormals, numbers, infinities and NaN")
    func halves() {
        #expect(Float(half: 0x0000).bitPattern == 0)
        #expect(Float(half: 0x8000).bitPattern == 0x8000_0000)
        #expect(Float(half: 0x0001) == 0x1p-24)
        #expect(Float(half: 0x83FF) == -1023 * 0x1p-24)
        #expect(Float(half: 0x0400) == 0x1p-14)
        #expect(Float(half: 0x3C00) == 1)
        #expect(Float(half: 0xC580) == -5.5)
        #expect(Float(half: 0x7BFF) == 65504)
        #expect(Float(half: 0x7C00) == .infinity)
        #expect(Float(half: 0xFC00) == -.infinity)
        #expect(Float(half: 0x7E00).isNaN)
    }

    #if !(os(macOS) && arch(x86_64))
        @Test("All half floats are those of the processor")
        func allHalves() {
            for bits in UInt16.min...UInt16.max {
                let expected = Float(Float16(bitPattern: bits))
                let found = Float(half: bits)
                #expect(found == expected || (found.isNaN && expected.isNaN))
            }
        }
    #endif

    @Test("bfloat16 is a float without its lower half")
    func bfloat16() {
        #expect(Float(bfloat16: 0x3F80) == 1)
        #expect(Float(bfloat16: 0xC049) == -3.140625)
        #expect(Float(bfloat16: 0x7F80) == .infinity)
        #expect(Float(bfloat16: 0x7FC0).isNaN)
    }

    @Test("Eight bits with five of exponent reach 57344, and infinity")
    func float8E5M2() {
        #expect(Float(float8E5M2: 0x3C) == 1)
        #expect(Float(float8E5M2: 0x7B) == 57344)
        #expect(Float(float8E5M2: 0x81) == -0x1p-16)
        #expect(Float(float8E5M2: 0xFC) == -.infinity)
        #expect(Float(float8E5M2: 0x7F).isNaN)
    }

    @Test("Eight bits with four of exponent reach 448, and no infinity")
    func float8E4M3() {
        #expect(Float(float8E4M3: 0x38) == 1)
        #expect(Float(float8E4M3: 0x7E) == 448)
        #expect(Float(float8E4M3: 0x08) == 0x1p-6)
        #expect(Float(float8E4M3: 0x81) == -0x1p-9)
        #expect(Float(float8E4M3: 0x80).bitPattern == 0x8000_0000)
        #expect(Float(float8E4M3: 0xFF).isNaN)
    }
}
