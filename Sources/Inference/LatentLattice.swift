/// Points that cover the part of the latent space where a standard normal prior has its mass: along a segment, or the
/// hexagonal lattice of a disc, the densest for the distance of its points.
public struct LatentLattice: Hashable, Sendable {
    public let latentSize: Int
    /// `[count, latentSize]`, flattened.
    public let points: [Float]
    public var count: Int { points.count / latentSize }

    /// How far from the origin it reaches: the disc has all but 0.4 % of the prior.
    static let radius = 3.3

    /// - Returns: nil for other than 1 or 2 latents, and for no points.
    public init?(count: Int, latentSize: Int) {
        guard count > 0 else { return nil }
        self.latentSize = latentSize
        switch latentSize {
        case 1: points = LatentLattice.segment(count)
        case 2: points = LatentLattice.disc(count)
        default: return nil
        }
    }

    private static func segment(_ count: Int) -> [Float] {
        (0..<count).map { Float(radius * (Double(2 * $0 + 1) / Double(count) - 1)) }
    }

    /// The points nearest to the origin; of those equally near, row by row.
    private static func disc(_ count: Int) -> [Float] {
        // Each point has √3/2 · spacing² of the disc for itself.
        let spacing = radius * (2 * Double.pi / (3.0.squareRoot() * Double(count))).squareRoot()
        let reach = Int(radius / spacing * 1.2) + 2
        var places: [(distance: Int, row: Int, column: Int)] = []
        for row in -reach...reach {
            for column in -reach...reach {
                let twice = 2 * column + (row & 1)
                places.append((twice * twice + 3 * row * row, row, column))
            }
        }
        return places.sorted { $0 < $1 }.prefix(count).flatMap { place in
            [
                Float((Double(place.column) + (place.row & 1 == 0 ? 0 : 0.5)) * spacing),
                Float(Double(place.row) * spacing * 3.0.squareRoot() / 2),
            ]
        }
    }
}
