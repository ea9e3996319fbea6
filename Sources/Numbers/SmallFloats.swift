// Floats of fewer than 32 bits, by their bits. Swift has `Float16` alone, and not on Intel Macs.

extension Float {
    /// IEEE 754's binary16 (half precision), exactly.
    public init(half bits: UInt16) {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            // Zero or subnormal: fraction · 2⁻²⁴.
            let magnitude = Float(fraction) * 0x1p-24
            self.init(bitPattern: sign | magnitude.bitPattern)
        case 31:
            // Infinity or NaN.
            self.init(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default:
            // The exponents' biases are 15 and 127.
            self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// bfloat16, exactly: the upper half of a float.
    public init(bfloat16 bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }

    /// Eight bits with five of exponent and two of fraction, exactly: the upper half of binary16 (Micikevicius et al.
    /// 2022).
    public init(float8E5M2 bits: UInt8) { self.init(half: UInt16(bits) << 8) }

    /// Eight bits with four of exponent and three of fraction, exactly (Micikevicius et al. 2022): finite up to 448,
    /// without infinities, and not a number where all other bits are set.
    public init(float8E4M3 bits: UInt8) {
        let (exponent, fraction) = (Int(bits >> 3 & 0xF), Float(bits & 7))
        let magnitude: Float =
            switch (exponent, fraction) {
            case (15, 7): .nan
            case (0, _): fraction * 0x1p-9
            default: (8 + fraction) * Float(sign: .plus, exponent: exponent - 10, significand: 1)
            }
        self = bits & 0x80 == 0 ? magnitude : -magnitude
    }
}
