extension ElementType {
    /// Turns a file's bytes into doubles: exact but for whole numbers of 64 bits, which are rounded. A boolean is the
    /// number that its byte is.
    ///
    /// - Parameters:
    ///   - bytes: whole numbers of elements, without alignment.
    ///   - isBigEndian: whether a number's first byte is its most significant one.
    ///   - numbers: has room for `bytes.count / size` of them.
    public func decode(
        _ bytes: UnsafeRawBufferPointer, isBigEndian: Bool = false, into numbers: UnsafeMutablePointer<Double>
    ) {
        let elements = Elements(bytes: bytes, isBigEndian: isBigEndian)
        switch self {
        case .boolean, .uint8: elements.convert(UInt8.self, into: numbers) { Double($0) }
        case .int8: elements.convert(Int8.self, into: numbers) { Double($0) }
        case .float8E5M2: elements.convert(UInt8.self, into: numbers) { Double(Float(float8E5M2: $0)) }
        case .float8E4M3: elements.convert(UInt8.self, into: numbers) { Double(Float(float8E4M3: $0)) }
        case .uint16: elements.convert(UInt16.self, into: numbers) { Double($0) }
        case .int16: elements.convert(Int16.self, into: numbers) { Double($0) }
        case .float16: elements.convert(UInt16.self, into: numbers) { Double(Float(half: $0)) }
        case .bfloat16: elements.convert(UInt16.self, into: numbers) { Double(Float(bfloat16: $0)) }
        case .uint32: elements.convert(UInt32.self, into: numbers) { Double($0) }
        case .int32: elements.convert(Int32.self, into: numbers) { Double($0) }
        case .float32: elements.convert(UInt32.self, into: numbers) { Double(Float(bitPattern: $0)) }
        case .uint64: elements.convert(UInt64.self, into: numbers) { Double($0) }
        case .int64: elements.convert(Int64.self, into: numbers) { Double($0) }
        case .float64: elements.convert(UInt64.self, into: numbers) { Double(bitPattern: $0) }
        }
    }

    /// Turns little-endian bytes into floats: floats of up to 32 bits exactly, all others rounded to the nearest.
    ///
    /// - Parameter bytes: whole numbers of elements, without alignment.
    /// - Returns: nil where a finite double would become infinite.
    public func floats(from bytes: UnsafeRawBufferPointer) -> [Float]? {
        precondition(bytes.count % size == 0, "whole elements")
        let elements = Elements(bytes: bytes, isBigEndian: false)
        let count = bytes.count / size
        guard count > 0 else { return [] }
        var areHeld = true
        let floats = [Float](unsafeUninitializedCapacity: count) { buffer, done in
            done = count
            guard let start = buffer.baseAddress else { return }
            switch self {
            // Not by way of a double, which would change the bits of what is not a number.
            case .float32: elements.convert(UInt32.self, into: start) { Float(bitPattern: $0) }
            case .float16: elements.convert(UInt16.self, into: start) { Float(half: $0) }
            case .bfloat16: elements.convert(UInt16.self, into: start) { Float(bfloat16: $0) }
            case .float64:
                elements.convert(UInt64.self, into: start) { bits in
                    let double = Double(bitPattern: bits)
                    let float = Float(double)
                    areHeld = areHeld && float.isInfinite == double.isInfinite
                    return float
                }
            default:
                let doubles = [Double](unsafeUninitializedCapacity: count) { doubles, done in
                    if let start = doubles.baseAddress { decode(bytes, into: start) }
                    done = count
                }
                for (index, double) in doubles.enumerated() { (start + index).initialize(to: Float(double)) }
            }
        }
        return areHeld ? floats : nil
    }
}

/// Bytes that hold numbers of one size, one after the other.
private struct Elements {
    let bytes: UnsafeRawBufferPointer
    let isBigEndian: Bool

    /// Writes each number after what `convert` makes of its bits.
    func convert<Bits: FixedWidthInteger & BitwiseCopyable, Number>(
        _ type: Bits.Type, into numbers: UnsafeMutablePointer<Number>, _ convert: (Bits) -> Number
    ) {
        let size = MemoryLayout<Bits>.size
        for index in 0..<bytes.count / size {
            let bits = bytes.loadUnaligned(fromByteOffset: index * size, as: type)
            (numbers + index).initialize(to: convert(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)))
        }
    }
}
