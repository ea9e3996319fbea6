import Neural
import Platform
import VAE

/// What a decoder makes of the points of a lattice, as a ``LatticeEncoder`` needs it.
struct LatticeSurvey {
    /// `[points, pixels]`: what an image is multiplied with, less the mean over the points, which weighs nothing.
    let templates: UnsafeMutablePointer<Float>
    /// `[points]`: what the logarithm of the posterior has beside x · template, but for a number that all points share.
    private(set) var biases: [Float]
    /// `[points, latents]`: log σ² of the best Gaussian with independent latents, −log (1 + Fisher information / β).
    private(set) var logVariances: [Float]

    /// The difference by which the decoder's derivatives are taken: a tenth of a narrow posterior.
    private static let difference: Float = 5e-3
    /// Points that are decoded together with their neighbors.
    static let group = 64

    /// - Parameters:
    ///   - decoder: up to what the likelihood is computed from, for as many latent points as ``group`` and the neighbors of
    ///     those.
    ///   - between: called before each group; what it throws ends the work.
    init(
        _ lattice: LatentLattice, _ decoder: Plan, _ distribution: PixelDistribution, beta: Double,
        between: () throws -> Void
    ) rethrows {
        let pixels = decoder.network.outputShapes[0].count
        let latents = lattice.latentSize
        templates = .allocate(capacity: lattice.count * pixels)
        templates.initialize(repeating: 0, count: lattice.count * pixels)
        biases = []
        logVariances = []
        let zeros = [Float](repeating: 0, count: pixels)
        for start in stride(from: 0, to: lattice.count, by: LatticeSurvey.group) {
            do {
                try between()
            } catch {
                templates.deallocate()
                throw error
            }
            let range = start..<min(lattice.count, start + LatticeSurvey.group)
            let points = Array(lattice.points[range.lowerBound * latents..<range.upperBound * latents])
            let inputs = points + LatticeSurvey.neighbors(of: points, latents: latents)
            decoder.input().update(from: inputs, count: inputs.count)
            decoder.forward(count: range.count * (1 + latents))
            let outputs = decoder.output()
            (templates + start * pixels).update(from: outputs, count: range.count * pixels)
            for index in 0..<range.count {
                let output = outputs + index * pixels
                let square = points[index * latents..<(index + 1) * latents].reduce(0.0) { $0 + Double($1 * $1) }
                // Of an image of zeros the term that doesn't depend on the image is left.
                let rest = Objective.reconstruction(distribution, output, zeros, elements: pixels)
                biases.append(Float(-rest / beta - square / 2))
                for latent in 0..<latents {
                    let neighbor = outputs + (range.count * (1 + latent) + index) * pixels
                    let information = distribution.information(from: output, to: neighbor, count: pixels)
                    let squared = Double(LatticeSurvey.difference * LatticeSurvey.difference)
                    logVariances.append(-Float(logarithm(1 + Double(information) / squared / beta)))
                }
            }
        }
        center(count: lattice.count, pixels: pixels, scale: distribution.precision / Float(beta))
    }

    func deallocate() { templates.deallocate() }

    /// Each point a little further along each latent: first all along the first.
    private static func neighbors(of points: [Float], latents: Int) -> [Float] {
        (0..<latents).flatMap { latent in
            points.indices.map { points[$0] + ($0 % latents == latent ? difference : 0) }
        }
    }

    private mutating func center(count: Int, pixels: Int, scale: Float) {
        var mean = [Float](repeating: 0, count: pixels)
        for point in 0..<count {
            let row = templates + point * pixels
            for pixel in 0..<pixels { mean[pixel] += row[pixel] / Float(count) }
        }
        for point in 0..<count {
            let row = templates + point * pixels
            for pixel in 0..<pixels { row[pixel] = (row[pixel] - mean[pixel]) * scale }
        }
        let middle = biases.reduce(0, +) / Float(count)
        for point in biases.indices { biases[point] -= middle }
    }
}

extension PixelDistribution {
    /// What the decoder's output is multiplied with in log p(x|z): 1/σ², or 1 for a Bernoulli likelihood.
    var precision: Float {
        switch self {
        case .bernoulli: 1
        case .gaussian(let logVariance): exponential(-logVariance)
        }
    }

    /// The Fisher information of a small step between two outputs, summed over the pixels: (Δl)² p (1 − p), or (Δy)²/σ².
    fileprivate func information(
        from output: UnsafePointer<Float>, to neighbor: UnsafePointer<Float>, count: Int
    ) -> Float {
        var sum: Float = 0
        for pixel in 0..<count {
            let step = neighbor[pixel] - output[pixel]
            switch self {
            case .bernoulli:
                let mean = 1 / (1 + exponential(-output[pixel]))
                sum += step * step * mean * (1 - mean)
            case .gaussian: sum += step * step * precision
            }
        }
        return sum
    }
}
