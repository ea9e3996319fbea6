import Latent

extension DecodedSpace {
    /// How long each step of a path is: the distance between the images at its ends, ‖f(zᵢ₊₁) − f(zᵢ)‖, by the metric's
    /// weighting of pixels, times the root of the mean λ² of the two where the metric knows the data's density.
    ///
    /// Their sum is the path's length, from below: a chord is shorter than its arc. A path's speed at step i of n is n
    /// times that step.
    ///
    /// - Returns: a length a segment. Units of the image's values (pixels in 0…1) for the plain metric.
    /// - Throws: ``GeometryError`` for a path that isn't of this space.
    /// - Complexity: a decode a point.
    public func steps(of path: LatentPath, under metric: LatentMetric = .plain) throws(GeometryError) -> [Double] {
        try check(path.points)
        // A few at a time: whole films of large images needn't be in memory.
        var steps: [Double] = []
        var first = 0
        while first < path.segments {
            let last = min(path.segments, first + 63)
            let coordinates = path.points[first...last].flatMap(\.coordinates)
            steps += CurveValues(coordinates, in: self, under: metric).segments.map { $0.squareRoot() }
            first = last
        }
        return steps
    }

    /// The length of a path: the sum of its steps.
    ///
    /// - Throws: ``GeometryError`` for a path that isn't of this space.
    public func length(of path: LatentPath, under metric: LatentMetric = .plain) throws(GeometryError) -> Double {
        try steps(of: path, under: metric).reduce(0, +)
    }
}
