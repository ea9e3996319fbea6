import Files
import Importing
import Numbers

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Turns the tensors of a model's file into numbers, wherever they lie.
struct TensorReader {
    /// The most elements that one tensor may have.
    static let mostElements = 1 << 28

    /// Where files beside the model are looked for; nil where there are none.
    let folder: ExternalFolder?

    func read(_ message: TensorMessage, name: String) throws(ImportProblem) -> ConstantTensor {
        guard let type = ElementType(onnx: message.element) else {
            throw ImportProblem(
                .unsupported, "tensor \(name) has elements of a type (number \(message.element)) that is not supported")
        }
        var extents: [Int] = []
        for extent in message.extents {
            guard let size = Int(exactly: extent), size >= 0 else {
                throw ImportProblem(.badFile, "tensor \(name) has a negative extent")
            }
            extents.append(size)
        }
        guard extents.count <= 16,
            let count = product(of: extents.map { max(1, $0) }, atMost: TensorReader.mostElements)
        else {
            throw ImportProblem(.badFile, "tensor \(name) is too large, or has more than 16 axes")
        }
        let elements = extents.contains(0) ? 0 : count
        let storage =
            message.place == 1
            ? try external(message, type, elements, name) : try inside(message, type, elements, name)
        return ConstantTensor(extents, storage)
    }

    private func inside(
        _ message: TensorMessage, _ type: ElementType, _ count: Int, _ name: String
    ) throws(ImportProblem) -> ConstantTensor.Storage {
        func check(_ found: Int) throws(ImportProblem) {
            guard found == count else {
                throw ImportProblem(
                    .badFile, "tensor \(name) has \(found) elements, where its shape asks for \(count)")
            }
        }
        if !message.content.isEmpty || count == 0 {
            guard message.content.count == count * type.size else {
                throw ImportProblem(
                    .badFile,
                    "tensor \(name) has \(message.content.count) bytes, where its shape asks for \(count * type.size)")
            }
            return try TensorReader.held(message.content.withUnsafeBytes { TensorReader.numbers($0, type) }, name)
        }
        switch type {
        case .float32:
            try check(message.floats.count)
            return .floats(message.floats)
        case .float64:
            try check(message.doubles.count)
            return .floats(message.doubles.map { Float($0) })
        case .float16:
            try check(message.integers.count)
            return .floats(message.integers.map { Float(half: UInt16(truncatingIfNeeded: $0)) })
        case .bfloat16:
            try check(message.integers.count)
            return .floats(message.integers.map { Float(bfloat16: UInt16(truncatingIfNeeded: $0)) })
        case .int64:
            try check(message.longIntegers.count)
            return .integers(message.longIntegers.map { Int(truncatingIfNeeded: $0) })
        case .uint32, .uint64:
            try check(message.unsignedIntegers.count)
            return .integers(message.unsignedIntegers.map { Int(clamping: $0) })
        default:
            try check(message.integers.count)
            return .integers(message.integers.map { Int($0) })
        }
    }

    private func external(
        _ message: TensorMessage, _ type: ElementType, _ count: Int, _ name: String
    ) throws(ImportProblem) -> ConstantTensor.Storage {
        var location: String?
        var (offset, length) = (0, count * type.size)
        for entry in message.elsewhere {
            switch entry.key {
            case "location": location = entry.value
            case "offset", "length":
                guard let number = Int(entry.value), number >= 0 else {
                    throw ImportProblem(
                        .badFile,
                        "tensor \(name) lies in another file, and its \(entry.key) is not a whole number from 0")
                }
                if entry.key == "offset" { offset = number } else { length = number }
            default: break
            }
        }
        guard let location, let folder else {
            throw ImportProblem(.badFile, "tensor \(name) lies in another file, and the model does not say in which")
        }
        guard length == count * type.size else {
            throw ImportProblem(
                .badFile, "tensor \(name) has \(length) bytes, where its shape asks for \(count * type.size)")
        }
        guard length > 0 else { return type.kind == .float ? .floats([]) : .integers([]) }
        let bytes = try folder.bytes(of: location, at: offset, count: length, tensor: name)
        return try TensorReader.held(bytes.withUnsafeBytes { TensorReader.numbers($0, type) }, name)
    }

    private static func held(
        _ storage: ConstantTensor.Storage?, _ name: String
    ) throws(ImportProblem) -> ConstantTensor.Storage {
        guard let storage else {
            throw ImportProblem(.unsupported, "tensor \(name) has numbers that are too large for 32 bits")
        }
        return storage
    }

    /// - Returns: nil where a number is too large for 32 bits.
    private static func numbers(_ bytes: UnsafeRawBufferPointer, _ type: ElementType) -> ConstantTensor.Storage? {
        if type.kind == .float { return type.floats(from: bytes).map { .floats($0) } }
        func whole<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number.Type) -> [Int] {
            (0..<bytes.count / MemoryLayout<Number>.size).map { index in
                let value = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: number)
                return Int(clamping: Number(littleEndian: value))
            }
        }
        switch type {
        case .boolean: return .integers(whole(UInt8.self).map { $0 == 0 ? 0 : 1 })
        case .uint8: return .integers(whole(UInt8.self))
        case .int8: return .integers(whole(Int8.self))
        case .uint16: return .integers(whole(UInt16.self))
        case .int16: return .integers(whole(Int16.self))
        case .uint32: return .integers(whole(UInt32.self))
        case .int32: return .integers(whole(Int32.self))
        case .uint64: return .integers(whole(UInt64.self))
        default: return .integers(whole(Int64.self))
        }
    }
}
