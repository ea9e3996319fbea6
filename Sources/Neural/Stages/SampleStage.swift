/// A stage that runs a kernel on one sample after the other.
final class SampleStage: ImagewiseStage {
    private let kernel: any SampleKernel
    private let name: String
    private let inputs: [ValueBuffer]
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    private var store: ParameterStore?
    private var slots: [Int] = []
    private var scratch: Scratch?
    // For each thread: where the inputs, their gradients, the parameters and theirs lie.
    private var operands = PointerTable<Floats>()
    private var gradients = PointerTable<Floats?>()
    private var parameters = PointerTable<Floats>()
    private var parameterGradients = PointerTable<Floats>()
    private let nothing = Memory(1)

    init(
        _ kernel: any SampleKernel, name: String, inputs: [ValueBuffer], output: ValueBuffer,
        layouts: [ParameterLayout] = []
    ) {
        self.kernel = kernel
        self.name = name
        self.inputs = inputs
        self.output = output
        self.layouts = layouts
    }

    var work: StageWork { StageWork(name, forward: kernel.products, backward: 2 * kernel.products) }
    var parameterLayouts: [ParameterLayout] { layouts }
    var isLinear: Bool { kernel.isLinear }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        self.store = store
        self.scratch = scratch
        scratch.reserve(kernel.scratch)
        slots = layouts.map { store.slot($0.declaration.name) }
        operands = PointerTable(rows: scratch.workers, columns: inputs.count, nothing.pointer)
        gradients = PointerTable(rows: scratch.workers, columns: inputs.count, nil)
        parameters = PointerTable(rows: scratch.workers, columns: slots.count, nothing.pointer)
        parameterGradients = PointerTable(rows: scratch.workers, columns: slots.count, nothing.pointer)
    }

    private func aid(_ worker: Int, shard: Int? = nil) -> KernelAid? {
        guard let scratch, let store else { return nil }
        for (index, slot) in slots.enumerated() {
            parameters[worker, index] = store.pointer(slot)
            if let shard { parameterGradients[worker, index] = store.gradient(slot, shard: shard) }
        }
        return KernelAid(
            parameters: parameters.row(worker), gradients: parameterGradients.row(worker), scratch: scratch[worker])
    }

    func forward(_ tile: Tile) {
        guard let aid = aid(tile.worker) else { return }
        let group = kernel.isLinear ? 1 : 1 + tile.directions
        for image in stride(from: 0, to: tile.images.count, by: group) {
            for (index, input) in inputs.enumerated() {
                operands[tile.worker, index] = input.values(tile) + image * input.count
            }
            let target = output.values(tile) + image * output.count
            kernel.forward(operands.row(tile.worker), target, aid)
            guard group > 1 else { continue }
            kernel.tangent(operands.row(tile.worker), target, directions: tile.directions, aid)
        }
    }

    func splitItems(round: Int) -> Int { kernel.parts }

    func forwardSplit(round: Int, item: Int, worker: Int) {
        guard kernel.parts > 1 else { return forward(.single) }
        guard let aid = aid(worker) else { return }
        for (index, input) in inputs.enumerated() { operands[worker, index] = input.values(.single) }
        kernel.forward(operands.row(worker), output.values(.single), part: item, of: kernel.parts, aid)
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let aid = aid(tile.worker, shard: shard) else { return }
        for image in 0..<tile.images.count {
            for (index, input) in inputs.enumerated() {
                operands[tile.worker, index] = input.values(tile) + image * input.count
                gradients[tile.worker, index] = input.gradient(tile).map { $0 + image * input.count }
            }
            kernel.backward(
                operands.row(tile.worker), output.values(tile) + image * output.count,
                gradient + image * output.count, gradients.row(tile.worker), aid)
        }
    }
}

/// Pointers, a row for each thread: filled anew for each sample, and never allocated while a plan runs.
private final class PointerTable<Pointer> {
    private let columns: Int
    private let memory: UnsafeMutablePointer<Pointer>?

    init() { (columns, memory) = (0, nil) }

    init(rows: Int, columns: Int, _ pointer: Pointer) {
        self.columns = max(1, columns)
        memory = .allocate(capacity: rows * self.columns)
        memory?.initialize(repeating: pointer, count: rows * self.columns)
    }

    deinit { memory?.deallocate() }

    func row(_ row: Int) -> UnsafePointer<Pointer> {
        guard let memory else { preconditionFailure("a stage runs after it was bound") }
        return UnsafePointer(memory + row * columns)
    }

    subscript(row: Int, column: Int) -> Pointer {
        get { self.row(row)[column] }
        set { memory?[row * columns + column] = newValue }
    }
}
