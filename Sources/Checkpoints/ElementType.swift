/// The type of a tensor's elements, by the name that safetensors gives it.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
    case boolean = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case float8E5M2 = "F8_E5M2"
    case float8E4M3 = "F8_E4M3"
    case uint16 = "U16"
    case int16 = "I16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case uint32 = "U32"
    case int32 = "I32"
    case float32 = "F32"
    case uint64 = "U64"
    case int64 = "I64"
    case float64 = "F64"

    /// Bytes of one element.
    public var size: Int {
        switch self {
        case .boolean, .uint8, .int8, .float8E5M2, .float8E4M3: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }

    /// Whether ``floats(from:)`` can read it.
    public var isFloat: Bool { [.float32, .float16, .bfloat16, .float64].contains(self) }

    /// The elements of little-endian bytes as floats; exact but for `F64`, which is rounded to the nearest float.
    ///
    /// - Returns: ``TensorProblem/notFloat(_:)`` for a type that isn't ``isFloat``,
    ///   ``TensorProblem/tooLargeForFloat`` for a finite double that would become infinite.
    /// - Precondition: the bytes are whole elements.
    func floats(from bytes: UnsafeRawBufferPointer) -> Result<[Float], TensorProblem> {
        precondition(bytes.count % size == 0, "whole elements")
        switch self {
        case .float32:
            return .success(read(bytes, UInt32.self) { Float(bitPattern: $0) })
        case .bfloat16:
            // The upper half of a float32.
            return .success(read(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) })
        case .float16:
            return .success(read(bytes, UInt16.self) { float(half: $0) })
        case .float64:
            var areHeld = true
            let values = read(bytes, UInt64.self) { bits in
                let double = Double(bitPattern: bits)
                let float = Float(double)
                areHeld = areHeld && float.isInfinite == double.isInfinite
                return float
            }
            return areHeld ? .success(values) : .failure(.tooLargeForFloat)
        default:
            return .failure(.notFloat(self))
        }
    }

    private func read<Bits: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ type: Bits.Type, _ convert: (Bits) -> Float
    ) -> [Float] {
        let count = bytes.count / MemoryLayout<Bits>.size
        return [Float](unsafeUninitializedCapacity: count) { buffer, done in
            for index in 0..<count {
                // A header need not end on a multiple of the element's size.
                let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: type)
                buffer.initializeElement(at: index, to: convert(Bits(littleEndian: bits)))
            }
            done = count
        }
    }
}

/// IEEE 754 binary16 as a float32, exactly. Swift's `Float16` is missing on Intel Macs.
private func float(half bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
        // Zero or subnormal: fraction · 2⁻²⁴.
        let magnitude = Float(fraction) * 0x1p-24
        return Float(bitPattern: sign | magnitude.bitPattern)
    case 31:
        // Infinity or NaN.
        return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
        // The exponents' biases are 15 and 127.
        return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
}
