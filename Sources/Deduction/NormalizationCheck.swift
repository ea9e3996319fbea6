import Neural
import Platform
import VAE

/// Asks a decoder's batch normalizations after its convolutions what stood before them: they remember the mean and the
/// variance of their inputs in training, and draws from the prior, or points of pictures, give nearly the same ones under
/// the right answer.
struct NormalizationCheck {
    private static let draws = 64
    /// How many multiplications are spent on an answer, about.
    private static let most = 1 << 28
    /// How far off the right answer may be, and by what factor another has to be worse.
    private static let (nearest, factor) = (0.25, 2.5)

    let blueprint: Blueprint
    /// Points of pictures, which tell more than draws from the prior; nil where there are no pictures.
    var codes: PictureCodes?
    let builder: (Hypothesis) -> Builder

    /// Whether an activation follows the last linear layer before the convolutions; nil where nothing tells it.
    func activatesMap(_ start: Hypothesis) -> Bool? {
        let distances = [true, false].map { answer -> Double in
            var hypothesis = start
            hypothesis.activatesMap = answer
            return distance(hypothesis, at: 0) ?? .infinity
        }
        let (with, without) = (distances[0], distances[1])
        guard min(with, without) < NormalizationCheck.nearest,
            max(with, without) > NormalizationCheck.factor * min(with, without)
        else { return nil }
        return with < without
    }

    /// The activation that stands between the first two of them; nil where nothing tells it.
    ///
    /// Slopes of a hundredth are too near to none to be told from it: of such two, the one that is expected is the answer.
    func activation(_ start: Hypothesis) -> Neural.Operation?? {
        func distance(_ activation: Neural.Operation?) -> Double {
            var hypothesis = start
            hypothesis.activation = activation
            return self.distance(hypothesis, at: 1) ?? .infinity
        }
        let expected = distance(start.activation)
        guard expected.isFinite else { return nil }
        var others = NormalizationCheck.activations.filter { $0 != start.activation }
        if NormalizationCheck.flat.contains(start.activation) {
            others.removeAll(where: NormalizationCheck.flat.contains)
        }
        let found = (others.map { ($0, distance($0)) } + [(start.activation, expected)]).sorted { $0.1 < $1.1 }
        guard found.count > 1, found[0].1 < NormalizationCheck.nearest,
            found[1].1 > NormalizationCheck.factor * found[0].1
        else { return nil }
        return .some(found[0].0)
    }

    private static let flat = [Activations.relu, Activations.leaky(0.01)]
    private static let activations = [
        Activations.relu, Activations.leaky(0.2), Activations.tanh, Activations.make("ELU"), Activations.make("SiLU"),
    ]

    /// The mean of squared differences of the features' logarithmic variances and of their means, in units of the spread.
    ///
    /// - Parameter number: which of the normalizations after convolutions is asked, from 0.
    private func distance(_ hypothesis: Hypothesis, at number: Int) -> Double? {
        guard let probe = try? builder(hypothesis).untilNormalization(number),
            let mean = probe.norm.tensors["running_mean"],
            let variance = probe.norm.tensors["running_var"], let shape = probe.part.network.outputShapes.first,
            shape.extents.count == 3, shape.extents[0] == mean.values.count
        else { return nil }
        let (channels, size) = (shape.extents[0], shape.extents[1] * shape.extents[2])
        guard shape.count <= 1 << 18 else { return nil }
        let affordable = NormalizationCheck.most / max(1, probe.part.network.multiplications)
        let count = codes?.count ?? max(16, min(NormalizationCheck.draws, affordable))
        let plan = Plan(
            inference: probe.part.network, tensors: probe.tensors, capacity: count, pool: WorkerPool(threads: 1))
        plan.fill(probe.part.roles, Condition())
        plan.fill(probe.part.roles, labels: labels(count), Condition())
        let inputs = probe.part.network.inputs[0].count
        let points = codes?.values ?? draws(count * inputs)
        guard points.count == count * inputs else { return nil }
        points.withUnsafeBufferPointer { if let base = $0.baseAddress { plan.loadImages(base, count: count) } }
        plan.forward(count: count)
        let made = plan.output()
        var distance = 0.0
        for channel in 0..<channels {
            var (sum, squares) = (0.0, 0.0)
            for row in 0..<count {
                for place in 0..<size {
                    let value = Double(made[(row * channels + channel) * size + place])
                    sum += value
                    squares += value * value
                }
            }
            let found = sum / Double(count * size)
            let spread = max(squares / Double(count * size) - found * found, 1e-12)
            let known = max(Double(variance.values[channel]), 1e-12)
            let (ratio, offset) = (logarithm(spread / known), found - Double(mean.values[channel]))
            distance += min(ratio * ratio, 9) + min(offset * offset / known, 9)
        }
        return distance.isFinite ? distance / Double(channels) : nil
    }

    private func labels(_ count: Int) -> [Int] {
        let classes = max(1, blueprint.label?.classes ?? 1)
        return (0..<count).map { (codes?.labels[$0] ?? $0) % classes }
    }

    private func draws(_ count: Int) -> [Float] {
        var generator = CounterGenerator(seed: 2, purpose: .evaluation, position: 0)
        return generator.normals(count)
    }
}

extension Builder {
    /// The decoder up to what a batch normalization after one of its first convolutions reads; nil where there is none.
    ///
    /// - Parameter number: of the convolution.
    func untilNormalization(_ number: Int) throws -> (
        part: Architecture.Part, tensors: [String: Tensor], norm: WeightedLayer
    )? {
        var half = HalfAssembly(.decoder, hypothesis, options)
        let z = try half.latents(blueprint.latent)
        let reads = blueprint.decoder.contains { ($0.step?.labels ?? 0) > 0 }
        try half.label(blueprint.label, blueprint.decoderLabel, isRead: reads)
        try half.begin(z, blueprint.latent)
        var convolutions = 0
        for (index, element) in blueprint.decoder.enumerated() {
            let choice = hypothesis.sizes.decoder[index]
            if let step = element.step, step.role != .linear { convolutions += 1 }
            if let step = element.step, step.role != .linear, convolutions > number {
                guard let norm = step.norms.first, case .batchNormalization = norm.kind, step.activation != .beforeNorm
                else { return nil }
                var bare = step
                (bare.norms, bare.slopes, bare.records) = ([], nil, [])
                try half.add(bare, choice, next: nil, isActive: false)
                return try half.features(before: norm)
            }
            if case .residual(let block) = element {
                guard let norm = block.body.first?.norms.first, case .batchNormalization = norm.kind,
                    !block.endsBare
                else { return nil }
                try half.begin(block, choice)
                return try half.features(before: norm)
            }
            let next = index + 1 < blueprint.decoder.count ? blueprint.decoder[index + 1].first : nil
            try half.add(
                element, choice, next: next, isLast: false,
                yields: next != nil && hypothesis.sizes.decoder[index + 1].yields)
        }
        return nil
    }
}

extension HalfAssembly {
    /// The half up to its present value, which a normalization reads.
    fileprivate func features(before norm: WeightedLayer) throws -> (
        part: Architecture.Part, tensors: [String: Tensor], norm: WeightedLayer
    ) {
        let made = try part(firstRole: .latent, outputs: [value], outputNames: ["features"], prefix: "")
        return (made.part, made.tensors, norm)
    }
}
