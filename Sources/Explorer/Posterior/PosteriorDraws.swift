import Latent
import Platform

/// Small squares of the plane with their masses.
public struct PlaneCells: Hashable, Sendable {
    /// The length of a square's sides.
    public let extent: Float
    private var middles: [SIMD2<Float>] = []
    private var logMasses: [Float] = []
    /// The mass of each square with all those before it.
    private var sums: [Float] = []

    public init(extent: Float) { self.extent = extent }

    /// Adds a square, unless there is next to nothing in it.
    public mutating func add(_ middle: SIMD2<Float>, logMass: Float) {
        guard logMass > -20 else { return }
        middles.append(middle)
        logMasses.append(logMass)
        sums.append((sums.last ?? 0) + exponential(logMass))
    }

    /// The middles of the squares with the logs of their masses.
    var squares: Zip2Sequence<[SIMD2<Float>], [Float]> { zip(middles, logMasses) }

    /// Draws points: squares by their mass, and anywhere in them.
    ///
    /// So they spread a little wider than the mass does: by a 24th of (extent / σ)².
    func draws(_ count: Int, using generator: inout SeededGenerator) -> [LatentPoint] {
        guard let total = sums.last, total > 0 else { return [] }
        return (0..<count).map { _ in
            let wanted = Float.random(in: 0..<total, using: &generator)
            var (low, high) = (0, sums.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > wanted { high = middle } else { low = middle + 1 }
            }
            func away() -> Float { extent * (Float.random(in: 0..<1, using: &generator) - 0.5) }
            let middle = middles[low]
            return LatentPoint(middle.x + away(), middle.y + away())
        }
    }
}

extension PlanePosterior {
    /// Draws points from it, as finely as it is known.
    func draws(_ count: Int, using generator: inout SeededGenerator) -> [LatentPoint] {
        (cells ?? squares).draws(count, using: &generator)
    }

    /// The squares of the map.
    private var squares: PlaneCells {
        let extent = 2 * halfExtent / Float(side)
        var squares = PlaneCells(extent: extent)
        for (square, mass) in logMasses.enumerated() {
            let place = SIMD2(Float(square % side), Float(square / side))
            squares.add((place + 0.5) * extent - halfExtent, logMass: mass)
        }
        return squares
    }
}
