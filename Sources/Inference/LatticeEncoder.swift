import Neural
import VAE

/// An encoder that is computed from the decoder: the posterior on a lattice of latent points, as a network.
///
/// For a Bernoulli or Gaussian likelihood log p(x|z) is an inner product of the image with what the decoder makes of z,
/// plus a number that doesn't depend on the image. So the posterior's weights at K points are the softmax of a linear
/// layer, and its mean is a weighted sum of the points: the generative topographic map's inference (Bishop, Svensén &
/// Williams 1998), here under any decoder. Two linear layers of rank r in place of the one keep it small.
///
/// Its layers are `Flatten`, `Linear(pixels → r)`, `Linear(r → K)`, `Softmax`, `Linear(K → 2d)`, with d 1 or 2 latents.
public struct LatticeEncoder: Sendable {
    public let lattice: LatentLattice
    public let rank: Int
    private let architecture: Architecture
    private let likelihood: Likelihood
    private var pixels: Int { architecture.image.count }
    /// The names of the three linear layers.
    private let names: [String]

    /// The layers.
    public static func layers(pixels: Int, rank: Int, points: Int, latentSize: Int) -> [Operation] {
        [
            .flatten, .linear(inputs: pixels, outputs: rank, bias: true),
            .linear(inputs: rank, outputs: points, bias: true), .softmax,
            .linear(inputs: points, outputs: 2 * latentSize, bias: true),
        ]
    }

    /// - Returns: nil where the architecture's encoder isn't one.
    public init?(_ architecture: Architecture) {
        guard let nodes = architecture.encoder?.nodes, nodes.count == 5, architecture.isTrainable,
            let first = nodes[1].operation.as(Linear.self), let second = nodes[2].operation.as(Linear.self)
        else { return nil }
        let (pixels, rank, points) = (first.inputs, first.outputs, second.outputs)
        guard
            nodes.map(\.operation)
                == LatticeEncoder.layers(
                    pixels: pixels, rank: rank, points: points, latentSize: architecture.latentSize),
            rank <= points, let likelihood = architecture.likelihood,
            let lattice = LatentLattice(count: points, latentSize: architecture.latentSize)
        else { return nil }
        self.lattice = lattice
        self.rank = rank
        self.architecture = architecture
        self.likelihood = likelihood
        names = [1, 2, 4].map { nodes[$0].name }
    }

    /// What the last layer begins with, before there is a decoder to compute anything from: the points as means, and
    /// posteriors as wide as e⁻¹.
    public var firstTensors: [String: Tensor] {
        lastLayer(logVariances: Array(repeating: -2, count: lattice.points.count))
    }

    /// The encoder's tensors for a decoder; see ``tensors(for:beta:pool:between:)``.
    public func tensors(for tensors: [String: Tensor], beta: Double = 1, pool: WorkerPool) -> [String: Tensor] {
        self.tensors(for: tensors, beta: beta, pool: pool) {}
    }

    /// The encoder's tensors for a decoder, computed in pieces.
    ///
    /// - Parameters:
    ///   - tensors: the model's, in PyTorch's layout; those of the encoder don't matter.
    ///   - beta: the weight of the KL term; the posterior is that of p(x|z)^(1/β) p(z), which is what an encoder learns under
    ///     it. Less than a hundredth counts as that.
    ///   - between: called some dozens of times on the way, a fraction of a second apart; what it throws ends the work.
    public func tensors(
        for tensors: [String: Tensor], beta: Double, pool: WorkerPool, between: () throws -> Void
    ) rethrows -> [String: Tensor] {
        // A plan for inference: batch normalization goes by its running statistics.
        let decoder = Plan(
            inference: architecture.objectiveDecoder, tensors: tensors,
            capacity: LatticeSurvey.group * (1 + lattice.latentSize), pool: pool)
        let survey = try LatticeSurvey(
            lattice, decoder, likelihood.distribution(tensors), beta: max(beta, 0.01), between: between)
        defer { survey.deallocate() }
        let directions = try PrincipalSubspace(
            survey.templates, count: lattice.count, length: pixels, rank: rank, pool: pool, between: between
        ).directions
        let coordinates = PrincipalSubspace.coordinates(
            survey.templates, count: lattice.count, length: pixels, directions: directions, rank: rank, pool: pool)
        return [
            "\(names[0]).weight": Tensor(extents: [rank, pixels], values: directions),
            "\(names[0]).bias": Tensor(extents: [rank], values: Array(repeating: 0, count: rank)),
            "\(names[1]).weight": Tensor(extents: [lattice.count, rank], values: coordinates),
            "\(names[1]).bias": Tensor(extents: [lattice.count], values: survey.biases),
        ].merging(lastLayer(logVariances: survey.logVariances)) { first, _ in first }
    }

    /// - Parameter logVariances: `[points, latents]`.
    private func lastLayer(logVariances: [Float]) -> [String: Tensor] {
        let (count, latents) = (lattice.count, lattice.latentSize)
        func rows(_ values: [Float]) -> [Float] {
            (0..<latents).flatMap { latent in (0..<count).map { values[$0 * latents + latent] } }
        }
        return [
            "\(names[2]).weight": Tensor(
                extents: [2 * latents, count], values: rows(lattice.points) + rows(logVariances)),
            "\(names[2]).bias": Tensor(extents: [2 * latents], values: Array(repeating: 0, count: 2 * latents)),
        ]
    }
}
