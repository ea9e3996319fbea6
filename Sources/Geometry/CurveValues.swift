import Latent

/// What the energy of a curve is computed from: the images at its points and λ² there.
struct CurveValues {
    /// `[points, latents]`.
    let coordinates: [Float]
    /// Of the points that are done, `[points, elements]`.
    private(set) var images: [Float] = []
    /// λ² at each point; 1 without a density.
    private(set) var factors: [Double] = []
    /// ∇λ² at each point, `[points, latents]`; empty without a density.
    private(set) var factorGradients: [Double] = []
    /// ‖Δg‖² of each segment, without λ.
    private(set) var chords: [Double] = []

    /// Nothing is done yet.
    ///
    /// - Parameter coordinates: `[points, latents]`.
    init(of coordinates: [Float], in space: DecodedSpace) {
        self.coordinates = coordinates
        images.reserveCapacity(coordinates.count / space.latentSize * space.elements)
    }

    /// All points at once.
    init(_ coordinates: [Float], in space: DecodedSpace, under metric: LatentMetric) {
        self.init(of: coordinates, in: space)
        advance(coordinates.count, in: space, under: metric)
    }

    /// Whether all points are done.
    func isComplete(in space: DecodedSpace) -> Bool { factors.count * space.latentSize == coordinates.count }

    /// Does the next few points.
    mutating func advance(_ count: Int, in space: DecodedSpace, under metric: LatentMetric) {
        let size = space.latentSize
        let range = factors.count..<min(coordinates.count / size, factors.count + count)
        let places = Array(coordinates[range.lowerBound * size..<range.upperBound * size])
        images += space.images(at: places, weighting: metric.weighting)
        for point in range {
            let found = metric.density?.factor(at: space.coordinates(point, of: coordinates))
            factors.append(found?.value ?? 1)
            factorGradients += found?.gradient ?? []
        }
        images.withUnsafeBufferPointer { images in
            guard let base = images.baseAddress else { return }
            for point in max(1, range.lowerBound)..<max(1, range.upperBound) {
                let image = base + point * space.elements
                chords.append(squaredDistance(image - space.elements, image, count: space.elements))
            }
        }
    }

    /// ‖gᵢ₊ₙ − gᵢ‖², without λ.
    func chords(over count: Int) -> [Double] {
        let elements = images.count / max(1, factors.count)
        return images.withUnsafeBufferPointer { images in
            guard let base = images.baseAddress else { return [] }
            return (0..<max(0, factors.count - count)).map {
                squaredDistance(base + $0 * elements, base + ($0 + count) * elements, count: elements)
            }
        }
    }

    /// The squared length of each segment: the mean λ² of its ends times ‖Δg‖².
    var segments: [Double] { chords.indices.map { weight(of: $0) * chords[$0] } }

    /// The mean λ² of a segment's ends.
    func weight(of segment: Int) -> Double { (factors[segment] + factors[segment + 1]) / 2 }

    /// N Σ ‖Δg‖² λ²: the discretized energy of the curve, which is at least the square of its length, and equal to it where
    /// all segments are equally long.
    var energy: Double { Double(chords.count) * segments.reduce(0, +) }
    var length: Double { segments.reduce(0) { $0 + $1.squareRoot() } }
}

/// Σ (a − b)², eight numbers at a time.
func squaredDistance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Double {
    let (from, to) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    var total = 0.0
    var index = 0
    while index + 8 <= count {
        // Sums of a few hundred in single precision, their sums in double.
        var part = SIMD8<Float>.zero
        let end = min(count - 7, index + 512)
        while index < end {
            let difference =
                from.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
                - to.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
            part += difference * difference
            index += 8
        }
        total += Double(part.sum())
    }
    while index < count {
        total += Double((a[index] - b[index]) * (a[index] - b[index]))
        index += 1
    }
    return total
}
