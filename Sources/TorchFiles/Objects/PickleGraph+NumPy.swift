import Numbers

/// NumPy's objects: arrays, types and scalars, as its pickles describe them.
extension PickleGraph {
    /// The array that a record is; nil for anything else.
    func array(_ record: Record, _ name: String) -> FoundTensor? {
        switch Self.numPyName(name) {
        case "multiarray._reconstruct":
            // The state: a version, the shape, the type, whether the first axis is the fastest, the bytes.
            guard let state = record.state.flatMap(elements), state.count >= 5, let extents = integers(state[1]) else {
                return nil
            }
            return array(state[4], type: state[2], extents: extents, isFortran: integer(state[3]) == 1)
        case "numeric._frombuffer":
            let arguments = record.arguments
            guard arguments.count >= 3, let extents = integers(arguments[2]) else { return nil }
            let order = arguments.count > 3 ? text(arguments[3]) : nil
            return array(arguments[0], type: arguments[1], extents: extents, isFortran: order == "F")
        default: return nil
        }
    }

    private func array(_ bytes: Reference, type: Reference, extents: [Int], isFortran: Bool) -> FoundTensor {
        guard let (type, isBigEndian) = numberType(type) else { return .refused("an array of no numbers") }
        var strides = [Int](repeating: 0, count: extents.count)
        var step = 1
        for axis in isFortran ? Array(extents.indices) : extents.indices.reversed() {
            strides[axis] = step
            let (next, overflows) = step.multipliedReportingOverflow(by: extents[axis])
            guard !overflows else { return .refused("larger than any file") }
            step = next
        }
        return .stored(
            StoredTensor(
                source: .bytes(bytes.place), type: type, isBigEndian: isBigEndian, offset: 0, extents: extents,
                strides: strides))
    }

    /// The number that `numpy.float64(3)` is pickled as.
    func scalar(_ record: Record) -> Double? {
        guard let name = callee(record), Self.numPyName(name) == "multiarray.scalar", record.arguments.count == 2,
            let (type, isBigEndian) = numberType(record.arguments[0]), let bytes = bytes(record.arguments[1]),
            bytes.count == type.size
        else { return nil }
        var number = 0.0
        bytes.withUnsafeBytes { type.decode($0, isBigEndian: isBigEndian, into: &number) }
        return number
    }

    /// `numpy.core.` and `numpy._core.` were its names.
    private static func numPyName(_ name: String) -> Substring? {
        for prefix in ["numpy.core.", "numpy._core."] where name.hasPrefix(prefix) {
            return name.dropFirst(prefix.count)
        }
        return nil
    }

    /// `numpy.dtype('f4')` with its state, which says the order of bytes.
    private func numberType(_ reference: Reference) -> (ElementType, isBigEndian: Bool)? {
        guard let record = record(reference), let name = callee(record), name.hasPrefix("numpy."),
            var code = record.arguments.first.flatMap(text)
        else { return nil }
        if name != "numpy.dtype", !name.hasPrefix("numpy.dtype") { return nil }
        var order = record.state.flatMap(elements).flatMap { $0.count > 1 ? text($0[1]) : nil }
        if let first = code.first, "<>=|".contains(first) {
            order = String(first)
            code.removeFirst()
        }
        let types: [String: ElementType] = [
            "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
            "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .boolean,
        ]
        return types[code].map { ($0, order == ">") }
    }

    /// Bytes, in any of the ways in which pickles hold them.
    func bytes(_ reference: Reference) -> [UInt8]? {
        switch self[reference] {
        case .bytes(let bytes): return bytes
        // A string of Python 2 that happened to be text.
        case .text(let text): return Array(text.utf8)
        case .record(let number):
            let record = records[number]
            guard let name = callee(record), let first = record.arguments.first else { return nil }
            switch name {
            case "_codecs.encode": return text(first).flatMap(Self.latin1)
            case "builtins.bytearray", "__builtin__.bytearray", "builtins.bytes", "__builtin__.bytes":
                switch self[first] {
                case .bytes(let bytes): return bytes
                case .text(let text): return Self.latin1(text)
                default: return nil
                }
            default: return nil
            }
        default: return nil
        }
    }

    private static func latin1(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
