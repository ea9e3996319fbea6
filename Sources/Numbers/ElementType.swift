/// The type of the numbers that a file holds. What a format calls it, the format's reader knows.
public enum ElementType: Hashable, Sendable, CaseIterable {
    case boolean, uint8, int8, float8E5M2, float8E4M3
    case uint16, int16, float16, bfloat16
    case uint32, int32, float32
    case uint64, int64, float64

    /// What sort of numbers they are, of whatever size.
    public enum Kind: Hashable, Sendable { case boolean, unsigned, signed, float }

    public var kind: Kind {
        switch self {
        case .boolean: .boolean
        case .uint8, .uint16, .uint32, .uint64: .unsigned
        case .int8, .int16, .int32, .int64: .signed
        case .float8E5M2, .float8E4M3, .float16, .bfloat16, .float32, .float64: .float
        }
    }

    /// Bytes of one number.
    public var size: Int {
        switch self {
        case .boolean, .uint8, .int8, .float8E5M2, .float8E4M3: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }
}
