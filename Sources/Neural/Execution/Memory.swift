/// Float32 memory of a fixed size that starts zeroed, on a 64-byte boundary, and stays where it is.
///
/// The numerics work on pointers: arrays would be copied, or checked, in the hot path. All of them point into a `Memory`
/// that the plan owns, and stay valid as long as the plan.
final class Memory {
    let count: Int
    let pointer: UnsafeMutablePointer<Float>

    init(_ count: Int) {
        self.count = count
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
        pointer = raw.bindMemory(to: Float.self, capacity: max(1, count))
        pointer.initialize(repeating: 0, count: count)
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    func fill(_ value: Float) { pointer.update(repeating: value, count: count) }

    var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    func copy(_ values: [Float]) {
        precondition(values.count <= count)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: values.count) }
        }
    }
}
