import Numbers
internal import SwiftProtobuf

/// Events of TensorBoard's as scalars, and scalars as events.
enum Scalars {
    /// Longest tag that is taken, in bytes: no curve needs more, and a reader keeps them.
    static let longestTag = 500

    /// The event that carries some numbers of one step, each as a `simple_value`, as `torch.utils.tensorboard` writes it.
    static func event(_ values: [(tag: String, value: Double)], step: Int, wallTime: Double) -> EventMessage {
        var event = EventMessage()
        event.wallTime = wallTime
        event.step = Int64(step)
        event.summary.value = values.map { tag, value in
            var message = SummaryMessage.Value()
            message.tag = tag
            message.simpleValue = Float(value)
            return message
        }
        return event
    }

    /// The numbers that an event carries: simple values, and tensors of one number that nobody but the view of scalars
    /// claims. Whatever else is in it is passed over.
    static func scalars(_ event: EventMessage) -> [Scalar] {
        guard case .summary(let summary) = event.what else { return [] }
        return summary.value.compactMap { value in
            guard !value.tag.isEmpty, value.tag.utf8.count <= longestTag, let number = number(value) else { return nil }
            return Scalar(
                tag: value.tag, value: number, step: Int(clamping: event.step), wallTime: event.wallTime)
        }
    }

    private static func number(_ value: SummaryMessage.Value) -> Double? {
        switch value.value {
        case .simpleValue(let number): return Double(number)
        case .tensor(let tensor):
            let plugin = value.metadata.plugin.name
            guard plugin.isEmpty || plugin == "scalars" else { return nil }
            return tensor.singleNumber
        case nil: return nil
        }
    }
}

extension TensorMessage {
    /// The number of a tensor that has just one.
    fileprivate var singleNumber: Double? {
        guard shape.dimension.allSatisfy({ $0.size == 1 }) else { return nil }
        switch element {
        case .float32: return floats.first.map(Double.init) ?? bits(UInt32.self).map { Double(Float(bitPattern: $0)) }
        case .float64: return doubles.first ?? bits(UInt64.self).map(Double.init(bitPattern:))
        case .int32: return integers.first.map(Double.init) ?? bits(Int32.self).map(Double.init)
        case .int64: return longIntegers.first.map(Double.init) ?? bits(Int64.self).map(Double.init)
        case .bfloat16: return halfBits.map { Double(Float(bfloat16: $0)) }
        case .float16: return halfBits.map { Double(Float(half: $0)) }
        case .unknown, .UNRECOGNIZED: return nil
        }
    }

    private var halfBits: UInt16? {
        halves.first.map { UInt16(truncatingIfNeeded: $0) } ?? bits(UInt16.self)
    }

    /// The content as the bits of one number.
    private func bits<Bits: FixedWidthInteger>(_ type: Bits.Type) -> Bits? {
        guard content.count == MemoryLayout<Bits>.size else { return nil }
        return content.reversed().reduce(0) { $0 << 8 | Bits(truncatingIfNeeded: $1) }
    }
}
