import Latent

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension PlanePosterior {
    /// Draws points: squares by their mass, and anywhere in them.
    func draws(_ count: Int, using generator: inout SeededGenerator) -> [LatentPoint] {
        var sums: [Float] = []
        sums.reserveCapacity(logMasses.count)
        for mass in logMasses { sums.append((sums.last ?? 0) + expf(mass)) }
        guard let total = sums.last, total > 0 else { return [] }
        let extent = 2 * halfExtent / Float(side)
        return (0..<count).map { _ in
            let wanted = Float.random(in: 0..<total, using: &generator)
            var (low, high) = (0, sums.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > wanted { high = middle } else { low = middle + 1 }
            }
            func coordinate(_ square: Int) -> Float {
                (Float(square) + Float.random(in: 0..<1, using: &generator)) * extent - halfExtent
            }
            return LatentPoint(coordinate(low % side), coordinate(low / side))
        }
    }
}
