import CKernels

/// The parameters of a network in the order and layout that the stages want, with gradients for each shard of the batch.
///
/// Layouts differ from PyTorch's by an order of the elements, which is applied when tensors come and go. Optimizers see one
/// array. Without gradients, a weight that its stage copies is there only while the stage prepares: it would double the
/// memory of a large model.
public final class ParameterStore {
    /// One tensor's place.
    struct Slot {
        let declaration: ParameterDeclaration
        /// Position in the store; 0 where it is lent.
        let offset: Int
        /// What it lies in while its stage prepares, where it is not kept.
        let lent: LentMemory?
        /// The order of its elements here; nil where it is PyTorch's.
        let order: ElementOrder?
        /// Whether each shard of the batch has a gradient buffer of its own for it, at this offset there.
        let shardOffset: Int?
    }

    /// Memory that comes and goes.
    final class LentMemory {
        fileprivate var memory: Memory?
    }

    let slots: [Slot]
    private let memory: Memory
    private let gradientMemory: Memory
    private let shards: [Memory]
    /// How many elements come first that are learned by gradient; running statistics follow.
    public let learnedCount: Int

    init(_ layouts: [ParameterLayout], shards shardCount: Int) {
        var slots: [Slot] = []
        var offset = 0
        var shardOffset = 0
        let statistics = layouts.filter { $0.declaration.role == .statistic }
        let learned = layouts.filter { $0.declaration.role != .statistic }
        for layout in learned + statistics {
            let isSharded = layout.isSharded && shardCount > 0
            let isLent = layout.isCopied && shardCount == 0
            slots.append(
                Slot(
                    declaration: layout.declaration, offset: isLent ? 0 : offset, lent: isLent ? LentMemory() : nil,
                    order: layout.order, shardOffset: isSharded ? shardOffset : nil))
            guard !isLent else { continue }
            offset += layout.declaration.count
            if isSharded { shardOffset += layout.declaration.count }
        }
        self.slots = slots
        learnedCount = slots.reduce(0) {
            $0 + ($1.declaration.role == .statistic || $1.lent != nil ? 0 : $1.declaration.count)
        }
        memory = Memory(offset)
        gradientMemory = Memory(shardCount > 0 ? offset : 0)
        shards = (0..<shardCount).map { _ in Memory(shardOffset) }
    }

    /// The learned parameters, flat.
    public var values: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: memory.pointer, count: learnedCount)
    }

    /// Their gradients, flat; empty in a plan that is not for training.
    public var gradients: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: gradientMemory.pointer, count: min(learnedCount, gradientMemory.count))
    }

    func slot(_ name: String) -> Int {
        guard let index = slots.firstIndex(where: { $0.declaration.name == name }) else {
            preconditionFailure("a stage asked for a parameter that its operation does not declare: \(name)")
        }
        return index
    }

    /// Whether the parameter stays in the store.
    func keeps(_ slot: Int) -> Bool { slots[slot].lent == nil }

    /// - Precondition: the parameter is kept, or its stage prepares.
    func pointer(_ slot: Int) -> UnsafeMutablePointer<Float> {
        guard let lent = slots[slot].lent else { return memory.pointer + slots[slot].offset }
        guard let memory = lent.memory else {
            preconditionFailure("\(slots[slot].declaration.name) is read after its stage prepared")
        }
        return memory.pointer
    }

    /// The gradient that the whole batch shares.
    func gradient(_ slot: Int) -> UnsafeMutablePointer<Float> { gradientMemory.pointer + slots[slot].offset }

    /// The gradient that a shard of the batch adds to.
    func gradient(_ slot: Int, shard: Int) -> UnsafeMutablePointer<Float> {
        shards[shard].pointer + (slots[slot].shardOffset ?? 0)
    }

    func clearGradient(shard: Int) { shards[shard].fill(0) }

    /// Sums the shards' gradients, always in the same order.
    func reduceShards() {
        for slot in slots {
            guard let start = slot.shardOffset else { continue }
            let target = gradientMemory.pointer + slot.offset
            for (index, shard) in shards.enumerated() {
                let source = shard.pointer + start
                if index == 0 {
                    target.update(from: source, count: slot.declaration.count)
                } else {
                    lw_add(source, target, slot.declaration.count)
                }
            }
        }
    }

    /// All values, running statistics included, flat.
    var allValues: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: memory.pointer, count: memory.count)
    }

    /// Takes a stage's values from tensors in PyTorch's layout, for as long as `prepare` runs those that are not kept.
    ///
    /// - Precondition: every declared tensor is there with its shape, as ``Network`` and the model's check have seen to.
    func load(_ layouts: [ParameterLayout], from tensors: [String: Tensor], while prepare: () -> Void) {
        let slots = layouts.map { self.slots[slot($0.declaration.name)] }
        for slot in slots { slot.lent?.memory = Memory(slot.declaration.count) }
        place(tensors, into: memory, slots: slots)
        prepare()
        for slot in slots { slot.lent?.memory = nil }
    }

    /// Fills memory that lies as ``values`` does (the learned parameters') or as all values do, from PyTorch's layout.
    func place(_ tensors: [String: Tensor], into memory: Memory) {
        place(tensors, into: memory, slots: slots(within: memory))
    }

    /// What lies in memory of the same layout as ``values`` or as all values, as tensors in PyTorch's layout.
    func tensors(in memory: Memory) -> [String: Tensor] { export(memory.pointer, slots: slots(within: memory)) }

    private func slots(within memory: Memory) -> [Slot] {
        slots.filter { $0.lent == nil && $0.offset + $0.declaration.count <= memory.count }
    }

    private func place(_ tensors: [String: Tensor], into memory: Memory, slots: [Slot]) {
        for slot in slots {
            guard let tensor = tensors[slot.declaration.name], tensor.values.count == slot.declaration.count else {
                preconditionFailure("tensor \(slot.declaration.name) is missing or has another shape")
            }
            let target = slot.lent?.memory?.pointer ?? memory.pointer + slot.offset
            tensor.values.withUnsafeBufferPointer { source in
                guard let base = source.baseAddress else { return }
                if let order = slot.order {
                    order.gather(base, into: target)
                } else {
                    target.update(from: base, count: source.count)
                }
            }
        }
    }

    /// The values as tensors in PyTorch's layout.
    ///
    /// - Precondition: all are kept.
    func tensors() -> [String: Tensor] {
        precondition(slots.allSatisfy { $0.lent == nil })
        return export(memory.pointer, slots: slots)
    }

    /// The gradients as tensors in PyTorch's layout; for tests and for tools.
    func gradientTensors() -> [String: Tensor] { export(gradientMemory.pointer, slots: slots) }

    private func export(_ source: UnsafeMutablePointer<Float>, slots: [Slot]) -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for slot in slots {
            let start = source + slot.offset
            var values = [Float](repeating: 0, count: slot.declaration.count)
            values.withUnsafeMutableBufferPointer { target in
                guard let base = target.baseAddress else { return }
                if let order = slot.order {
                    order.scatter(start, into: base)
                } else {
                    base.update(from: start, count: target.count)
                }
            }
            result[slot.declaration.name] = Tensor(extents: slot.declaration.extents, values: values)
        }
        return result
    }
}
