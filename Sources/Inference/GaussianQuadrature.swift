extension PlaneGaussian {
    /// Points and weights whose weighted sum is the mean of a smooth function under this distribution: Gauss and Hermite's
    /// seven on each axis, exact for polynomials up to the 13th degree in each latent.
    ///
    /// - Returns: `[49, 2]` coordinates, and 49 weights that sum to 1.
    public var quadrature: (points: [Float], weights: [Double]) {
        var (points, weights): ([Float], [Double]) = ([], [])
        for (down, lower) in PlaneGaussian.nodes {
            for (across, upper) in PlaneGaussian.nodes {
                let place = mean + deviation * SIMD2(across, down)
                points += [Float(place.x), Float(place.y)]
                weights.append(lower * upper)
            }
        }
        return (points, weights)
    }

    /// Of a standard normal variable (Abramowitz & Stegun 1964, table 25.10, scaled by √2).
    private static let nodes: [(place: Double, weight: Double)] = {
        let half = [
            (1.154_405_394_739_968, 0.240_123_178_605_012_7), (2.366_759_410_734_541, 0.030_757_123_967_586_5),
            (3.750_439_717_725_742, 0.000_548_268_855_972_218),
        ]
        return [(0, 16.0 / 35)] + half + half.map { (-$0.0, $0.1) }
    }()
}
