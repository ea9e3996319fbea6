import CKernels

/// A weight and perhaps a bias, found in the store, with their gradients in each shard.
struct BoundParameters {
    private let store: ParameterStore
    private let weightSlot: Int
    private let biasSlot: Int?
    /// Where the weight stays; nil where it is there only while the stage prepares.
    private let kept: UnsafeMutablePointer<Float>?
    let bias: UnsafeMutablePointer<Float>?
    private let biasCount: Int

    /// - Parameter layouts: the weight's, then perhaps the bias's.
    init(_ store: ParameterStore, _ layouts: [ParameterLayout]) {
        self.store = store
        weightSlot = store.slot(layouts[0].declaration.name)
        kept = store.keeps(weightSlot) ? store.pointer(weightSlot) : nil
        biasSlot = layouts.count > 1 ? store.slot(layouts[1].declaration.name) : nil
        bias = biasSlot.map { store.pointer($0) }
        biasCount = layouts.count > 1 ? layouts[1].declaration.count : 0
    }

    var weight: UnsafeMutablePointer<Float> { kept ?? store.pointer(weightSlot) }

    func weightGradient(_ shard: Int) -> UnsafeMutablePointer<Float> { store.gradient(weightSlot, shard: shard) }

    func biasGradient(_ shard: Int) -> UnsafeMutablePointer<Float>? {
        biasSlot.map { store.gradient($0, shard: shard) }
    }

    /// Adds `rows` rows of the output's gradient.
    func addBiasGradient(_ shard: Int, _ gradient: UnsafePointer<Float>, _ rows: Int) {
        guard let sums = biasGradient(shard) else { return }
        lw_add_column_sums(gradient, rows, biasCount, sums)
    }
}
