import CKernels

/// Batch normalization in training (Ioffe & Szegedy 2015): by the batch's own mean and variance.
///
/// y = γ (x − m) / √(v + ε) + β for each channel, over the batch and all pixels.
final class BatchNormalizationStage: BatchwiseStage {
    private let layer: BatchNormalization
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let layouts: [ParameterLayout]
    private let scale: Memory
    private let mean: Memory
    private let zero: Memory
    private let variance: Memory
    private let inverse: Memory
    private let meanSlope: Memory
    private let meanProduct: Memory
    /// Two sums a channel, in double precision.
    private let totals: UnsafeMutablePointer<Double>
    private var store: ParameterStore?
    private var slots: [Int] = []

    init(
        _ declarations: [ParameterDeclaration], layer: BatchNormalization, order: FeatureOrder,
        input: ValueBuffer, output: ValueBuffer
    ) {
        self.layer = layer
        self.input = input
        self.output = output
        layouts = declarations.map { .features($0, order: order, isSharded: false) }
        scale = Memory(layer.channels)
        mean = Memory(layer.channels)
        zero = Memory(layer.channels)
        variance = Memory(layer.channels)
        inverse = Memory(layer.channels)
        meanSlope = Memory(layer.channels)
        meanProduct = Memory(layer.channels)
        totals = .allocate(capacity: 2 * layer.channels)
        totals.initialize(repeating: 0, count: 2 * layer.channels)
    }

    deinit { totals.deallocate() }

    var parameterLayouts: [ParameterLayout] { layouts }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        self.store = store
        slots = layouts.map { store.slot($0.declaration.name) }
    }

    private var channels: Int { layer.channels }
    private func rows(_ batch: Int) -> Int { batch * input.count / channels }

    // Channels are independent: each item takes those of one line of the cache.
    private static let line = 16
    private var blockCount: Int { (channels + Self.line - 1) / Self.line }
    private func block(_ item: Int) -> Range<Int> { item * Self.line..<min(channels, (item + 1) * Self.line) }

    var forwardRounds: Int { 1 }
    func forwardItems(round: Int, batch: Int) -> Int { blockCount }

    func forward(round: Int, item: Int, batch: Int, worker: Int) {
        guard let store else { return }
        let channels = block(item)
        measure(channels, rows: rows(batch))
        for channel in channels {
            inverse.pointer[channel] = 1 / (variance.pointer[channel] + layer.epsilon).squareRoot()
            let gamma = layer.isAffine ? store.pointer(slots[0])[channel] : 1
            scale.pointer[channel] = gamma * inverse.pointer[channel]
        }
        let first = channels.lowerBound
        lw_normalize(
            input.batch + first, rows(batch), self.channels, Int32(channels.count), mean.pointer + first,
            scale.pointer + first, (layer.isAffine ? store.pointer(slots[1]) : zero.pointer) + first,
            output.batch + first)
    }

    /// Mean and biased variance of some channels; the running ones follow.
    private func measure(_ channels: Range<Int>, rows: Int) {
        guard let store else { return }
        let (runningMean, runningVariance) = (
            store.pointer(slots[slots.count - 2]), store.pointer(slots[slots.count - 1])
        )
        let first = channels.lowerBound
        // About a value of its own each channel's squares stay small: a mean far from 0 costs no digits.
        mean.pointer.advanced(by: first).update(from: input.batch + first, count: channels.count)
        let (sums, squares) = (totals + 2 * first, totals + 2 * first + channels.count)
        lw_channel_moments(
            input.batch + first, rows, self.channels, Int32(channels.count), mean.pointer + first, sums, squares)
        let momentum = layer.momentum
        for (index, channel) in channels.enumerated() {
            let shift = sums[index] / Double(rows)
            let biased = max(0, squares[index] / Double(rows) - shift * shift)
            mean.pointer[channel] = Float(Double(mean.pointer[channel]) + shift)
            variance.pointer[channel] = Float(biased)
            // PyTorch keeps the unbiased variance.
            let unbiased = rows > 1 ? Float(biased * Double(rows) / Double(rows - 1)) : Float(biased)
            runningMean[channel] += momentum * (mean.pointer[channel] - runningMean[channel])
            runningVariance[channel] += momentum * (unbiased - runningVariance[channel])
        }
    }

    var backwardRounds: Int { 1 }
    func backwardItems(round: Int, batch: Int) -> Int { blockCount }

    /// dβ = Σ dy, dγ = Σ dy x̂, dx = γ/√(v+ε) (dy − dβ/n − x̂ dγ/n), with x̂ the normalised input.
    func backward(round: Int, item: Int, batch: Int, worker: Int) {
        guard let store, let gradient = output.batchGradient else { return }
        let (count, channels) = (rows(batch), block(item))
        let first = channels.lowerBound
        let (sums, products) = (totals + 2 * first, totals + 2 * first + channels.count)
        lw_normalize_slopes(
            input.batch + first, gradient + first, count, self.channels, Int32(channels.count), mean.pointer + first,
            inverse.pointer + first, sums, products)
        for (index, channel) in channels.enumerated() {
            if layer.isAffine {
                store.gradient(slots[0])[channel] = Float(products[index])
                store.gradient(slots[1])[channel] = Float(sums[index])
            }
            let share = 1 / Double(count)
            meanSlope.pointer[channel] = Float(sums[index] * share)
            meanProduct.pointer[channel] = Float(products[index] * share)
        }
        guard let target = input.batchGradient else { return }
        lw_normalize_backward(
            input.batch + first, gradient + first, count, self.channels, Int32(channels.count), mean.pointer + first,
            inverse.pointer + first, scale.pointer + first, meanSlope.pointer + first, meanProduct.pointer + first,
            target + first)
    }
}
