import Neural
import Platform
import VAE

/// Asks a decoder's first batch normalization after a convolution what stood before it: it remembers the mean and the
/// variance of its inputs in training; draws from the prior, or points of pictures, give nearly the same ones under the right
/// answer.
struct NormalizationCheck {
    private static let draws = 64
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
            return distance(hypothesis) ?? .infinity
        }
        let (with, without) = (distances[0], distances[1])
        guard min(with, without) < NormalizationCheck.nearest,
            max(with, without) > NormalizationCheck.factor * min(with, without)
        else { return nil }
        return with < without
    }

    /// The mean of squared differences of the features' logarithmic variances and of their means, in units of the spread.
    private func distance(_ hypothesis: Hypothesis) -> Double? {
        guard let probe = try? builder(hypothesis).untilNormalization(), let mean = probe.norm.tensors["running_mean"],
            let variance = probe.norm.tensors["running_var"], let shape = probe.part.network.outputShapes.first,
            shape.extents.count == 3, shape.extents[0] == mean.values.count
        else { return nil }
        let (channels, size) = (shape.extents[0], shape.extents[1] * shape.extents[2])
        guard shape.count <= 1 << 18 else { return nil }
        let count = codes?.count ?? NormalizationCheck.draws
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
        var points = [Float](repeating: 0, count: count)
        points.withUnsafeMutableBufferPointer {
            if let base = $0.baseAddress { generator.fillNormal(base, count: $0.count) }
        }
        return points
    }
}

extension Builder {
    /// The decoder up to what its first batch normalization after a convolution reads; nil where there is none.
    func untilNormalization() throws -> (
        part: Architecture.Part, tensors: [String: Tensor], norm: WeightedLayer
    )? {
        var half = HalfAssembly(.decoder, hypothesis, options)
        guard case .vector(let latents) = blueprint.latent else { return nil }
        let z = try half.input("z", [latents])
        let reads = blueprint.decoder.contains { ($0.step?.labels ?? 0) > 0 }
        try half.label(blueprint.label, blueprint.decoderLabel, isRead: reads)
        half.value = z
        for (index, element) in blueprint.decoder.enumerated() {
            let choice = hypothesis.sizes.decoder[index]
            if let step = element.step, step.role != .linear {
                guard let norm = step.norms.first, case .batchNormalization = norm.kind, step.activation != .beforeNorm
                else { return nil }
                var bare = step
                (bare.norms, bare.slopes, bare.records) = ([], nil, [])
                try half.add(bare, choice, next: nil, isActive: false)
                let made = try half.part(
                    firstRole: .latent, outputs: [half.value], outputNames: ["features"], prefix: "")
                return (made.part, made.tensors, norm)
            }
            if case .residual(let block) = element {
                guard let norm = block.body.first?.norms.first, case .batchNormalization = norm.kind,
                    !block.startsActive, !block.isPreActivated
                else { return nil }
                try half.begin(block, choice)
                let made = try half.part(
                    firstRole: .latent, outputs: [half.value], outputNames: ["features"], prefix: "")
                return (made.part, made.tensors, norm)
            }
            let next = index + 1 < blueprint.decoder.count ? blueprint.decoder[index + 1].first : nil
            try half.add(
                element, choice, next: next, isLast: false,
                yields: next != nil && hypothesis.sizes.decoder[index + 1].yields)
        }
        return nil
    }
}
