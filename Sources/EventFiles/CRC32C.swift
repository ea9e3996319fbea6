/// The 32-bit cyclic redundancy check with Castagnoli's polynomial (RFC 3720, appendix B.4).
enum CRC32C {
    /// The check of some bytes.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { rest, byte in table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] ^ rest >> 8 }
    }

    /// The check as records carry it: turned, and with a constant added, so that the check of bytes that hold checks
    /// themselves stays good.
    static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let check = checksum(bytes)
        return (check >> 15 | check << 17) &+ 0xA282_EAD8
    }

    /// What each byte adds; the polynomial's bits are reversed.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0x82F6_3B78 ^ rest >> 1 : rest >> 1 }
    }
}
