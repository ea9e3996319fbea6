import Numbers
import Testing

@Suite("Types of elements")
struct ElementTypeTests {
    private func floats(_ type: ElementType, _ bytes: [UInt8]) -> [Float]? {
        bytes.withUnsafeBytes { type.floats(from: $0) }
    }

    private func doubles(_ type: ElementType, _ bytes: [UInt8], isBigEndian: Bool = false) -> [Double] {
        [Double](unsafeUninitializedCapacity: bytes.count / type.size) { buffer, done in
            bytes.withUnsafeBytes { type.decode($0, isBigEndian: isBigEndian, into: buffer.baseAddress!) }
            done = buffer.count
        }
    }

    private func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    @Test("Each type is read by its own sign and size")
    func decoding() {
        #expect(doubles(.boolean, [0, 1]) == [0, 1])
        #expect(doubles(.uint8, [0, 255]) == [0, 255])
        #expect(doubles(.int8, [128, 255]) == [-128, -1])
        #expect(doubles(.float8E5M2, [0x3C]) == [1])
        #expect(doubles(.float8E4M3, [0x7E]) == [448])
        #expect(doubles(.uint16, bytes(UInt16.max)) == [65535])
        #expect(doubles(.int16, bytes(Int16(-2)) + bytes(Int16(3))) == [-2, 3])
        #expect(doubles(.float16, [0x80, 0xC5]) == [-5.5])
        #expect(doubles(.bfloat16, [0x80, 0x3F]) == [1])
        #expect(doubles(.uint32, bytes(UInt32.max)) == [4_294_967_295])
        #expect(doubles(.int32, bytes(Int32.min)) == [-2_147_483_648])
        #expect(doubles(.float32, bytes(Float(0.1).bitPattern)) == [Double(Float(0.1))])
        #expect(doubles(.uint64, bytes(UInt64(1) << 63)) == [0x1p63])
        #expect(doubles(.int64, bytes(Int64(-7))) == [-7])
        #expect(doubles(.float64, bytes(0.1.bitPattern)) == [0.1])
    }

    @Test("Big-endian numbers are turned around", arguments: [ElementType.int16, .float32, .uint64, .float64])
    func order(type: ElementType) {
        let little = (1...UInt8(3 * type.size)).map { $0 }
        let big = stride(from: 0, to: little.count, by: type.size).flatMap {
            little[$0..<$0 + type.size].reversed()
        }
        #expect(doubles(type, big, isBigEndian: true) == doubles(type, little))
    }

    @Test("Numbers need no alignment")
    func alignment() {
        let shifted = [0] + bytes(Float(2.5).bitPattern)
        #expect(shifted.withUnsafeBytes { ElementType.float32.floats(from: .init(rebasing: $0[1...])) } == [2.5])
    }

    @Test("Floats keep their bits, also those of what is not a number")
    func payload() throws {
        let signaling: UInt32 = 0x7FA0_1234
        #expect(try #require(floats(.float32, bytes(signaling))).map(\.bitPattern) == [signaling])
    }

    @Test("An infinite double stays infinite; a finite one that is too large for a float is refused")
    func tooLarge() {
        #expect(floats(.float64, bytes(Double.infinity.bitPattern)) == [.infinity])
        #expect(floats(.float64, bytes(0.1.bitPattern)) == [0.1])
        #expect(floats(.float64, bytes((-1e39).bitPattern)) == nil)
    }

    @Test("Whole numbers and small floats become floats too")
    func others() {
        #expect(floats(.int16, bytes(Int16(-300))) == [-300])
        #expect(floats(.float8E4M3, [0x7E, 0xB8]) == [448, -1])
        #expect(floats(.bfloat16, [0x80, 0x3F]) == [1])
    }

    @Test("Of no bytes there are no floats", arguments: ElementType.allCases)
    func empty(type: ElementType) {
        #expect(floats(type, []) == [])
    }
}
