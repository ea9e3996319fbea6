import Numbers

extension ElementType {
    /// - Parameter number: what ONNX calls the type; nil for text, complex numbers and those of less than a byte.
    init?(onnx number: Int32) {
        switch number {
        case 1: self = .float32
        case 2: self = .uint8
        case 3: self = .int8
        case 4: self = .uint16
        case 5: self = .int16
        case 6: self = .int32
        case 7: self = .int64
        case 9: self = .boolean
        case 10: self = .float16
        case 11: self = .float64
        case 12: self = .uint32
        case 13: self = .uint64
        case 16: self = .bfloat16
        default: return nil
        }
    }

    /// A whole number as this type keeps it: what is beyond its ends begins again at the other one.
    func wrapped(_ number: Int) -> Int {
        switch self {
        case .uint8: Int(UInt8(truncatingIfNeeded: number))
        case .int8: Int(Int8(truncatingIfNeeded: number))
        case .uint16: Int(UInt16(truncatingIfNeeded: number))
        case .int16: Int(Int16(truncatingIfNeeded: number))
        case .uint32: Int(UInt32(truncatingIfNeeded: number))
        case .int32: Int(Int32(truncatingIfNeeded: number))
        default: number
        }
    }
}
