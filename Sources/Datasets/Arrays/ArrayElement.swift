/// The type of an array's numbers.
struct ArrayElement: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case boolean, unsigned, signed, float }

    let kind: Kind
    /// Bytes of one number.
    let size: Int
    let isBigEndian: Bool

    /// Reads NumPy's descriptor, such as `<f4`; nil for types that are no real numbers.
    init?(_ descriptor: String) {
        let characters = Array(descriptor)
        guard characters.count >= 3, let size = Int(String(characters[2...])) else { return nil }
        switch characters[1] {
        case "b" where size == 1: kind = .boolean
        case "u" where [1, 2, 4, 8].contains(size): kind = .unsigned
        case "i" where [1, 2, 4, 8].contains(size): kind = .signed
        case "f" where [2, 4, 8].contains(size): kind = .float
        default: return nil
        }
        switch characters[0] {
        case "<", "|": isBigEndian = false
        case ">": isBigEndian = size > 1
        case "=":
            // The order of the machine that wrote it; all of today's are little-endian.
            isBigEndian = false
        default: return nil
        }
        self.size = size
    }

    var isByte: Bool { kind == .unsigned && size == 1 }

    /// How far a number may be from what was meant, 1/255 of something, by rounding.
    var roundingError: Double { kind == .float && size == 2 ? 5e-4 : 2e-6 }

    /// Turns bytes into numbers.
    ///
    /// - Parameter numbers: has room for `bytes.count / size` of them.
    func decode(_ bytes: UnsafeRawBufferPointer, into numbers: UnsafeMutablePointer<Double>) {
        let count = bytes.count / size
        for index in 0..<count {
            switch size {
            case 1:
                let byte = bytes[index]
                numbers[index] = kind == .signed ? Double(Int8(bitPattern: byte)) : Double(byte)
            case 2: numbers[index] = number(of: load(bytes, index, as: UInt16.self))
            case 4: numbers[index] = number(of: load(bytes, index, as: UInt32.self))
            default: numbers[index] = number(of: load(bytes, index, as: UInt64.self))
            }
        }
    }

    private func load<Bits: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ index: Int, as type: Bits.Type
    ) -> Bits {
        let bits = bytes.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
        return isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
    }

    private func number(of bits: UInt16) -> Double {
        switch kind {
        case .float: half(bits)
        case .signed: Double(Int16(bitPattern: bits))
        default: Double(bits)
        }
    }

    private func number(of bits: UInt32) -> Double {
        switch kind {
        case .float: Double(Float(bitPattern: bits))
        case .signed: Double(Int32(bitPattern: bits))
        default: Double(bits)
        }
    }

    private func number(of bits: UInt64) -> Double {
        switch kind {
        case .float: Double(bitPattern: bits)
        case .signed: Double(Int64(bitPattern: bits))
        default: Double(bits)
        }
    }

    /// IEEE 754's half precision, by its definition: Swift's own type is not there on every processor.
    private func half(_ bits: UInt16) -> Double {
        let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
        let magnitude: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
            }
        return bits >> 15 == 1 ? -magnitude : magnitude
    }
}
