import Numbers

/// PyTorch's names of element types.
enum TorchTypes {
    /// What a name stands for.
    enum Meaning: Equatable {
        case numbers(ElementType)
        /// Bytes whose type the tensor says.
        case untyped
        /// Known and not supported, with the word for it, and the bytes of an element where they are known.
        case refused(String, size: Int?)
    }

    /// - Parameter name: a storage's class, `torch.FloatStorage`, `torch.cuda.HalfStorage`; nil for other classes.
    static func meaning(ofStorage name: String) -> Meaning? {
        guard name.hasPrefix("torch."), name.hasSuffix("Storage"),
            let word = name.split(separator: ".").last?.dropLast("Storage".count)
        else { return nil }
        switch word {
        case "Double": return .numbers(.float64)
        case "Float": return .numbers(.float32)
        case "Half": return .numbers(.float16)
        case "BFloat16": return .numbers(.bfloat16)
        case "Long": return .numbers(.int64)
        case "Int": return .numbers(.int32)
        case "Short": return .numbers(.int16)
        case "Char": return .numbers(.int8)
        case "Byte": return .numbers(.uint8)
        case "Bool": return .numbers(.boolean)
        case "Untyped", "": return .untyped
        case "ComplexFloat": return .refused("complex", size: 8)
        case "ComplexDouble": return .refused("complex", size: 16)
        case "QInt8", "QUInt8": return .refused("quantized", size: 1)
        case "QInt32": return .refused("quantized", size: 4)
        default: return .refused("of an unknown type (\(word))", size: nil)
        }
    }

    /// - Parameter name: a type's full name, `torch.float32`.
    static func meaning(ofType name: String) -> Meaning? {
        guard name.hasPrefix("torch.") else { return nil }
        switch name.dropFirst("torch.".count) {
        case "float64", "double": return .numbers(.float64)
        case "float32", "float": return .numbers(.float32)
        case "float16", "half": return .numbers(.float16)
        case "bfloat16": return .numbers(.bfloat16)
        case "float8_e5m2": return .numbers(.float8E5M2)
        case "float8_e4m3fn": return .numbers(.float8E4M3)
        case "int64", "long": return .numbers(.int64)
        case "int32", "int": return .numbers(.int32)
        case "int16", "short": return .numbers(.int16)
        case "int8": return .numbers(.int8)
        case "uint64": return .numbers(.uint64)
        case "uint32": return .numbers(.uint32)
        case "uint16": return .numbers(.uint16)
        case "uint8": return .numbers(.uint8)
        case "bool": return .numbers(.boolean)
        case let word where word.hasPrefix("complex"): return .refused("complex", size: nil)
        case let word where word.hasPrefix("q"): return .refused("quantized", size: nil)
        case let word: return .refused("of an unknown type (\(word))", size: nil)
        }
    }
}
