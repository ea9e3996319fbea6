import CKernels

/// Groups of an image's channels, each by its own mean and variance: group and instance normalization, with an activation
/// that follows. Channels lie innermost.
///
/// y = γ (x − m) / √(v + ε) + β, where m and v are of a group's channels and all pixels. The image goes through twice, once
/// for its sums, once for y; both passes are cut into the same parts of the image for any number of threads.
final class GroupNormalizationStage: ImagewiseStage {
    private let channels: Int
    private let groups: Int
    private let epsilon: Float
    private let activation: FusedActivation
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    /// The image as a matrix. Few channels are repeated, so that the loops over columns are long enough.
    private let rows: Int
    private let columns: Int
    private let parts: Int
    private var store: ParameterStore?
    private var slots: [Int] = []
    private var scratch: Scratch?
    /// For each thread the sums of each part, two a column, and two sums a group.
    private var sums: UnsafeMutablePointer<Double>?

    /// - Parameters:
    ///   - declarations: a weight and a bias for each channel, or nothing.
    ///   - activation: what follows; in training the identity.
    init(
        _ declarations: [ParameterDeclaration], channels: Int, groups: Int, epsilon: Float,
        activation: FusedActivation, input: ValueBuffer, output: ValueBuffer
    ) {
        self.channels = channels
        self.groups = groups
        self.epsilon = epsilon
        self.activation = activation
        self.input = input
        self.output = output
        layouts = declarations.map { .plain($0, isSharded: true) }
        let pixels = input.count / channels
        let repeats = channels % 8 != 0 && pixels % 8 == 0 ? 8 : 1
        (rows, columns) = (pixels / repeats, channels * repeats)
        parts = input.count < 16_384 ? 1 : 4
    }

    deinit { sums?.deallocate() }

    var parameterLayouts: [ParameterLayout] { layouts }
    var work: StageWork { StageWork("normalization of \(groups) groups") }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        self.store = store
        self.scratch = scratch
        slots = layouts.map { store.slot($0.declaration.name) }
        scratch.reserve(6 * columns)
        let count = scratch.workers * sumCount
        let memory = UnsafeMutablePointer<Double>.allocate(capacity: count)
        memory.initialize(repeating: 0, count: count)
        sums = memory
    }

    private var sumCount: Int { 2 * columns * parts + 2 * groups }

    /// What one thread works with.
    private struct Desk {
        let sums: UnsafeMutablePointer<Double>
        let groupSums: UnsafeMutablePointer<Double>
        let table: NormalizationTable
        let weight: Floats?
        let bias: Floats?
    }

    private func desk(_ worker: Int) -> Desk? {
        guard let store, let scratch, let sums else { return nil }
        let start = sums + worker * sumCount
        return Desk(
            sums: start, groupSums: start + 2 * columns * parts,
            table: NormalizationTable(scratch[worker], columns: columns), weight: slots.first.map(store.pointer),
            bias: slots.last.map(store.pointer))
    }

    // MARK: Forward

    private func range(_ part: Int) -> Range<Int> { rows * part / parts..<rows * (part + 1) / parts }

    private func measure(_ x: Floats, part: Int, _ sums: UnsafeMutablePointer<Double>) {
        let range = range(part)
        let target = sums + 2 * columns * part
        lw_raw_moments(x + range.lowerBound * columns, range.count, columns, target, target + columns)
    }

    /// Each group's mean and variance from the parts' sums, at each of its columns.
    private func derive(_ sums: UnsafePointer<Double>, _ desk: Desk) {
        desk.groupSums.update(repeating: 0, count: 2 * groups)
        let size = channels / groups
        for part in 0..<parts {
            let (all, squares) = (sums + 2 * columns * part, sums + 2 * columns * part + columns)
            for column in 0..<columns {
                let group = column % channels / size
                desk.groupSums[2 * group] += all[column]
                desk.groupSums[2 * group + 1] += squares[column]
            }
        }
        let share = Double(groups) / Double(input.count)
        for column in 0..<columns {
            let group = column % channels / size
            desk.table.set(
                column, mean: desk.groupSums[2 * group] * share, square: desk.groupSums[2 * group + 1] * share,
                epsilon: epsilon)
        }
    }

    /// Where γ and β belong to the columns: y = (x − center) factor + shift.
    private func prepareValues(_ desk: Desk) {
        let table = desk.table
        for column in 0..<columns {
            let scale = table.inverse[column] * (desk.weight?[column % channels] ?? 1)
            table.factor[column] = scale
            table.shift[column] = (desk.bias?[column % channels] ?? 0) - table.rest[column] * scale
        }
    }

    private func normalize(_ x: Floats, _ y: Floats, part: Int, _ table: NormalizationTable) {
        let range = range(part)
        let start = range.lowerBound * columns
        lw_normalize_activate(
            x + start, range.count, columns, table.center, table.factor, table.shift, y + start, activation.function,
            activation.slope)
    }

    func forward(_ tile: Tile) {
        guard let desk = desk(tile.worker) else { return }
        let count = input.count
        for image in stride(from: 0, to: tile.images.count, by: 1 + tile.directions) {
            let (x, y) = (input.values(tile) + image * count, output.values(tile) + image * count)
            for part in 0..<parts { measure(x, part: part, desk.sums) }
            derive(desk.sums, desk)
            prepareValues(desk)
            for part in 0..<parts { normalize(x, y, part: part, desk.table) }
            guard tile.directions > 0 else { continue }
            for direction in 1...tile.directions {
                tangent(x, x + direction * count, y + direction * count, desk)
            }
        }
    }

    // MARK: Derivatives

    /// Along v: γ/√(v+ε) (v − mean v − x̂ mean(v x̂)).
    private func tangent(_ x: Floats, _ v: Floats, _ result: Floats, _ desk: Desk) {
        sumProducts(v, x, desk) { _, sum, product in (sum, product) }
        mix(desk, isTransposed: false)
        apply(v, x, desk.table, result)
    }

    func backward(_ tile: Tile, shard: Int) {
        guard let gradient = output.gradient(tile), let desk = desk(tile.worker), let store else { return }
        let weightGradient = slots.first.map { store.gradient($0, shard: shard) }
        let biasGradient = slots.last.map { store.gradient($0, shard: shard) }
        for image in 0..<tile.images.count {
            let (x, dy) = (input.values(tile) + image * input.count, gradient + image * input.count)
            for part in 0..<parts { measure(x, part: part, desk.sums) }
            derive(desk.sums, desk)
            sumProducts(dy, x, desk) { channel, sum, product in
                weightGradient?[channel] += Float(product)
                biasGradient?[channel] += Float(sum)
                let weight = Double(desk.weight?[channel] ?? 1)
                return (weight * sum, weight * product)
            }
            guard let target = input.gradient(tile) else { continue }
            // The transpose: γ comes first, (γ dy − mean γ dy − x̂ mean(γ dy x̂)) / √(v+ε).
            mix(desk, isTransposed: true)
            apply(dy, x, desk.table, target + image * input.count)
        }
    }

    /// Σ v and Σ v x̂ of each group, of what `weigh` makes of each channel's.
    private func sumProducts(
        _ v: Floats, _ x: Floats, _ desk: Desk, _ weigh: (Int, Double, Double) -> (Double, Double)
    ) {
        let (all, products) = (desk.sums, desk.sums + columns)
        let (table, size) = (desk.table, channels / groups)
        lw_products(v, x, rows, columns, table.center, all, products)
        desk.groupSums.update(repeating: 0, count: 2 * groups)
        for column in 0..<columns {
            let channel = column % channels
            let product = (products[column] - Double(table.rest[column]) * all[column]) * Double(table.inverse[column])
            let weighed = weigh(channel, all[column], product)
            desk.groupSums[2 * (channel / size)] += weighed.0
            desk.groupSums[2 * (channel / size) + 1] += weighed.1
        }
    }

    /// Puts factor v + slope (x − center) + shift into the table.
    ///
    /// - Parameter isTransposed: whether γ is in the sums already, so that only v is to be scaled by it.
    private func mix(_ desk: Desk, isTransposed: Bool) {
        let (table, size) = (desk.table, channels / groups)
        let share = Double(groups) / Double(input.count)
        for column in 0..<columns {
            let channel = column % channels
            let inverse = table.inverse[column]
            let mean = Float(desk.groupSums[2 * (channel / size)] * share)
            let product = Float(desk.groupSums[2 * (channel / size) + 1] * share)
            let factor = inverse * (desk.weight?[channel] ?? 1)
            let scale = isTransposed ? inverse : factor
            table.factor[column] = factor
            table.slope[column] = -scale * inverse * product
            table.shift[column] = -scale * mean - table.slope[column] * table.rest[column]
        }
    }

    private func apply(_ v: Floats, _ x: Floats, _ table: NormalizationTable, _ result: Floats) {
        lw_mix(v, x, rows, columns, table.factor, table.center, table.slope, table.shift, result)
    }

    // MARK: One image on several threads

    var splitRounds: Int { parts > 1 ? 2 : 1 }
    func splitItems(round: Int) -> Int { parts }

    /// First each part's sums, which lie where the first thread's do; then each part's values.
    func forwardSplit(round: Int, item: Int, worker: Int) {
        guard parts > 1 else { return forward(.single) }
        guard let sums, let desk = desk(worker) else { return }
        if round == 0 { return measure(input.values(.single), part: item, sums) }
        derive(sums, desk)
        prepareValues(desk)
        normalize(input.values(.single), output.values(.single), part: item, desk.table)
    }
}

/// Numbers for each column of a matrix that is normalized, in a thread's scratch memory.
struct NormalizationTable {
    /// The mean as a float, and what it is beyond that.
    let center: Floats
    let rest: Floats
    /// 1 / √(variance + ε).
    let inverse: Floats
    let factor: Floats
    let slope: Floats
    let shift: Floats

    init(_ memory: Floats, columns: Int) {
        center = memory
        rest = memory + columns
        inverse = memory + 2 * columns
        factor = memory + 3 * columns
        slope = memory + 4 * columns
        shift = memory + 5 * columns
    }

    /// - Parameter square: the mean of the squares.
    func set(_ column: Int, mean: Double, square: Double, epsilon: Float) {
        let center = Float(mean)
        self.center[column] = center
        rest[column] = Float(mean - Double(center))
        inverse[column] = Float(1 / (max(0, square - mean * mean) + Double(epsilon)).squareRoot())
    }
}
