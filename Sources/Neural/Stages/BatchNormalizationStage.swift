/// Batch normalisation (Ioffe & Szegedy 2015): by the batch's own mean and variance in training, by the running ones
/// else. Where the running ones serve and a convolution or linear layer comes before, it is folded into that instead.
///
/// y = γ (x − m) / √(v + ε) + β for each channel, over the batch and all pixels.
final class BatchNormalizationStage: BatchwiseStage {
    private let layer: BatchNormalization
    private let input: ValueBuffer
    private let output: ValueBuffer
    private let usesBatchStatistics: Bool
    private let layouts: [ParameterLayout]
    private let scale: Memory
    private let mean: Memory
    private let inverse: Memory
    private var store: ParameterStore?
    private var slots: [Int] = []

    init(
        _ declarations: [ParameterDeclaration], layer: BatchNormalization, order: FeatureOrder,
        usesBatchStatistics: Bool, input: ValueBuffer, output: ValueBuffer
    ) {
        self.layer = layer
        self.input = input
        self.output = output
        self.usesBatchStatistics = usesBatchStatistics
        layouts = declarations.map { .features($0, order: order, isSharded: false) }
        scale = Memory(layer.channels)
        mean = Memory(layer.channels)
        inverse = Memory(layer.channels)
    }

    var parameterLayouts: [ParameterLayout] { layouts }

    func bind(_ store: ParameterStore, _ scratch: Scratch) {
        self.store = store
        slots = layouts.map { store.slot($0.declaration.name) }
    }

    private var channels: Int { layer.channels }
    private func rows(_ batch: Int) -> Int { batch * input.count / channels }

    // Channels are independent: each item takes a block of them.
    private func block(_ item: Int) -> Range<Int> { Blocks(of: channels, work: .max)[item] }
    private var blockCount: Int { Blocks(of: channels, work: .max).count }

    var forwardRounds: Int { 1 }
    func forwardItems(round: Int, batch: Int) -> Int { blockCount }

    func forward(round: Int, item: Int, batch: Int, worker: Int) {
        guard let store else { return }
        let (gamma, beta) = (store.pointer(slots[0]), store.pointer(slots[1]))
        let (runningMean, runningVariance) = (store.pointer(slots[2]), store.pointer(slots[3]))
        for channel in block(item) {
            var (m, v) = (runningMean[channel], runningVariance[channel])
            if usesBatchStatistics {
                let count = rows(batch)
                (m, v) = statistics(channel, rows: count)
                let momentum = layer.momentum
                // PyTorch keeps the unbiased variance.
                let unbiased = count > 1 ? v * Float(count) / Float(count - 1) : v
                runningMean[channel] += momentum * (m - runningMean[channel])
                runningVariance[channel] += momentum * (unbiased - runningVariance[channel])
            }
            mean.pointer[channel] = m
            inverse.pointer[channel] = 1 / (v + layer.epsilon).squareRoot()
            scale.pointer[channel] = gamma[channel] * inverse.pointer[channel]
        }
        let channelBlock = block(item)
        for row in 0..<rows(batch) {
            let (from, to) = (input.batch + row * channels, output.batch + row * channels)
            for channel in channelBlock {
                to[channel] = (from[channel] - mean.pointer[channel]) * scale.pointer[channel] + beta[channel]
            }
        }
    }

    /// Mean and biased variance of a channel, in double precision.
    private func statistics(_ channel: Int, rows: Int) -> (mean: Float, variance: Float) {
        var sum = 0.0
        for row in 0..<rows { sum += Double(input.batch[row * channels + channel]) }
        let mean = sum / Double(rows)
        var squares = 0.0
        for row in 0..<rows {
            let deviation = Double(input.batch[row * channels + channel]) - mean
            squares += deviation * deviation
        }
        return (Float(mean), Float(squares / Double(rows)))
    }

    var backwardRounds: Int { 1 }
    func backwardItems(round: Int, batch: Int) -> Int { blockCount }

    /// dβ = Σ dy, dγ = Σ dy x̂, dx = γ/√(v+ε) (dy − dβ/n − x̂ dγ/n), with x̂ the normalised input.
    func backward(round: Int, item: Int, batch: Int, worker: Int) {
        guard let store, let gradient = output.batchGradient else { return }
        let count = rows(batch)
        for channel in block(item) {
            let (m, r) = (mean.pointer[channel], inverse.pointer[channel])
            var (sum, product) = (0.0, 0.0)
            for row in 0..<count {
                let dy = Double(gradient[row * channels + channel])
                sum += dy
                product += dy * Double((input.batch[row * channels + channel] - m) * r)
            }
            store.gradient(slots[0])[channel] = Float(product)
            store.gradient(slots[1])[channel] = Float(sum)
            guard let target = input.batchGradient else { continue }
            let (meanGradient, meanProduct) = (Float(sum / Double(count)), Float(product / Double(count)))
            for row in 0..<count {
                let place = row * channels + channel
                let normalized = (input.batch[place] - m) * r
                let deviation = usesBatchStatistics ? meanGradient + normalized * meanProduct : 0
                target[place] = scale.pointer[channel] * (gradient[place] - deviation)
            }
        }
    }
}
