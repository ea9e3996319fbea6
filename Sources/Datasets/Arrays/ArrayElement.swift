import Numbers

/// The type of an array's numbers, and their order of bytes.
struct ArrayElement: Hashable, Sendable {
    let type: ElementType
    let isBigEndian: Bool

    /// Reads NumPy's descriptor, such as `<f4`; nil for types that are no real numbers.
    init?(_ descriptor: String) {
        guard let order = descriptor.first, let type = ArrayElement.types[String(descriptor.dropFirst())] else {
            return nil
        }
        switch order {
        // `=` is the order of the machine that wrote it; all of today's are little-endian.
        case "<", "|", "=": isBigEndian = false
        case ">": isBigEndian = true
        default: return nil
        }
        self.type = type
    }

    private static let types: [String: ElementType] = [
        "b1": .boolean, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
        "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
    ]

    var isByte: Bool { type == .uint8 }

    /// How far a number may be from what was meant, 1/255 of something, by rounding.
    var roundingError: Double { type == .float16 ? 5e-4 : 2e-6 }

    /// Turns bytes into numbers.
    ///
    /// - Parameter numbers: has room for `bytes.count / type.size` of them.
    func decode(_ bytes: UnsafeRawBufferPointer, into numbers: UnsafeMutablePointer<Double>) {
        type.decode(bytes, isBigEndian: isBigEndian, into: numbers)
    }
}
