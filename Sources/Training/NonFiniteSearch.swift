import Neural
import Platform
import VAE

/// Looks for the first number that is not finite on a batch's way through a model: the parameters, the encoder layer by
/// layer, the sampled latents, the decoder layer by layer, the gradients on their way back.
///
/// It runs each network again up to each of its layers: slow, and done once, when a run has failed.
struct NonFiniteSearch {
    let architecture: Architecture
    let tensors: [String: Tensor]
    let gradients: [String: Tensor]
    /// `[count, channels, height, width]`, and perhaps more.
    let images: [Float]
    /// `[count, latents]`.
    let noise: [Float]
    let count: Int
    let pool: WorkerPool

    /// Where it is, in words; nil where every tensor is finite.
    func place() -> String? {
        // Running statistics were touched by the step that failed; the step itself doesn't use them.
        let learned = architecture.parameters.learned
        if let bad = learned.first(where: { !isFinite(tensors[$0.name]) }) { return bad.name }
        if let encoder = architecture.encoder, let layer = layer(of: encoder, from: images) { return layer }
        let latents = sample()
        if !latents.allSatisfy(\.isFinite) { return "the sampled latents (σ overflows)" }
        if let layer = layer(of: architecture.objectiveDecoder, from: latents) { return layer }
        return learned.last { !isFinite(gradients[$0.name]) }.map { "the gradient of \($0.name)" }
    }

    private func isFinite(_ tensor: Tensor?) -> Bool { tensor?.values.allSatisfy(\.isFinite) ?? true }

    private func layer(of network: Network, from input: [Float]) -> String? {
        for index in network.nodes.indices {
            guard let output = run(network, through: index, input) else { continue }
            if !output.allSatisfy(\.isFinite) {
                let node = network.nodes[index]
                return "\(node.name) (\(node.operation.kind(of: network.inputShapes(of: node))))"
            }
        }
        return nil
    }

    /// The output of a network's node, `[count, …]`, with batch normalization as in training; nil where it is no network
    /// by itself.
    private func run(_ network: Network, through index: Int, _ input: [Float]) -> [Float]? {
        let value = network.inputs.count + index
        guard
            let part = try? Network(
                inputs: network.inputs, nodes: Array(network.nodes[...index]), outputs: [value])
        else { return nil }
        let plan = Plan(part, purpose: .training(inputGradient: false), capacity: count, pool: pool)
        plan.load(tensors)
        input.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { plan.loadImages(base, count: count) }
        }
        plan.forward(count: count)
        return Array(UnsafeBufferPointer(start: plan.output(), count: count * part.outputShapes[0].count))
    }

    /// z = μ + σ ε, `[count, latents]`.
    private func sample() -> [Float] {
        let latents = architecture.latentSize
        let posterior = architecture.encoder.flatMap { run($0, through: $0.nodes.count - 1, images) } ?? []
        guard posterior.count == count * 2 * latents else { return [] }
        return (0..<count * latents).map { index in
            let (image, latent) = (index / latents, index % latents)
            let start = image * 2 * latents + latent
            return posterior[start] + exponential(0.5 * posterior[start + latents]) * noise[index]
        }
    }
}
