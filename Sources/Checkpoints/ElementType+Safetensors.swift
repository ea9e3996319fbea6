import Numbers

extension ElementType {
    /// The type that safetensors gives a name; nil for names that it doesn't know.
    init?(safetensorsName name: String) {
        guard let type = ElementType.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
        self = type
    }

    /// The name that safetensors gives the type.
    public var safetensorsName: String {
        switch self {
        case .boolean: "BOOL"
        case .uint8: "U8"
        case .int8: "I8"
        case .float8E5M2: "F8_E5M2"
        case .float8E4M3: "F8_E4M3"
        case .uint16: "U16"
        case .int16: "I16"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .uint32: "U32"
        case .int32: "I32"
        case .float32: "F32"
        case .uint64: "U64"
        case .int64: "I64"
        case .float64: "F64"
        }
    }

    /// Whether weights may be of this type.
    public var isWeight: Bool { [.float32, .float16, .bfloat16, .float64].contains(self) }
}
