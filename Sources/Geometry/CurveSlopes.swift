/// The gradient of a curve's energy by its inner points, and the Gauss–Newton approximation of its second derivatives,
/// gathered point by point.
///
/// With weights wₛ of the segments, chords Δₛ = gₛ₊₁ − gₛ and exact Jacobians Jᵢ:
///
///     ∂E/∂zᵢ = N (2 Jᵢᵀ (wᵢ₋₁ Δᵢ₋₁ − wᵢ Δᵢ) + ½ ∇λ²ᵢ (‖Δᵢ₋₁‖² + ‖Δᵢ‖²))
///     Hᵢᵢ ≈ 2N (wᵢ₋₁ + wᵢ) JᵢᵀJᵢ      Hᵢ,ᵢ₊₁ ≈ −2N wᵢ JᵢᵀJᵢ₊₁
struct CurveSlopes {
    private let size: Int
    private let elements: Int
    private let points: Int
    /// `[inner points, latents]`.
    private(set) var gradient: [Double]
    private(set) var curvature: BlockTridiagonal
    /// How many of the inner points are done.
    private(set) var done = 0
    /// The tangents of the point that was done last, `[latents, elements]`.
    private var last: [Float] = []
    /// Those of the next point, as far as they are known, where there is no room for all at once.
    private var begun: [Float] = []

    /// - Parameter inner: number of the curve's points that may move.
    init(inner: Int, space: DecodedSpace) {
        points = inner
        size = space.latentSize
        elements = space.elements
        gradient = Array(repeating: 0, count: inner * size)
        curvature = BlockTridiagonal(blocks: inner, size: size)
    }

    var isComplete: Bool { done == points }
    /// How much is done, 0…1.
    var progress: Double {
        (Double(done) + Double(begun.count) / Double(size * elements)) / Double(max(1, points))
    }

    /// Does the next few inner points; where the tangents of one don't fit together, a few of its directions.
    ///
    /// - Parameters:
    ///   - values: of the whole curve.
    ///   - decodes: about how many it may take.
    mutating func advance(
        _ values: CurveValues, in space: DecodedSpace, under metric: LatentMetric, decodes: Int
    ) {
        guard space.directionsAtOnce >= size else {
            return advanceApart(values, in: space, under: metric, decodes: decodes)
        }
        let range = done + 1..<min(points, done + max(1, decodes / (1 + size))) + 1
        let places = Array(values.coordinates[range.lowerBound * size..<range.upperBound * size])
        space.differentiate(at: places, along: space.axes, weighting: metric.weighting) { index, _, tangents in
            add(range.lowerBound + index, tangents, values)
        }
        done = range.upperBound - 1
        if isComplete { last = [] }
    }

    private mutating func advanceApart(
        _ values: CurveValues, in space: DecodedSpace, under metric: LatentMetric, decodes: Int
    ) {
        let point = done + 1
        let first = begun.count / elements
        let count = min(size - first, max(1, decodes / 2))
        space.differentiate(
            at: Array(values.coordinates[point * size..<(point + 1) * size]),
            along: Array(space.axes[first * size..<(first + count) * size]), weighting: metric.weighting
        ) { _, _, tangents in
            begun += UnsafeBufferPointer(start: tangents, count: count * elements)
        }
        guard first + count == size else { return }
        let all = begun
        begun = []
        all.withUnsafeBufferPointer { tangents in
            if let tangents = tangents.baseAddress { add(point, tangents, values) }
        }
        done = point
        if isComplete { last = [] }
    }

    private mutating func add(_ point: Int, _ tangents: UnsafePointer<Float>, _ values: CurveValues) {
        let segments = Double(values.chords.count)
        let (before, after) = (values.weight(of: point - 1), values.weight(of: point))
        let inner = point - 1
        let pull = values.pull(at: point)
        let block = inner * size * size
        let squares = products(of: tangents, tangents, columns: size)
        for index in 0..<size * size {
            curvature.diagonal[block + index] = 2 * segments * (before + after) * Double(squares[index])
        }
        let slopes = products(of: tangents, pull, columns: 1)
        for axis in 0..<size {
            var slope = 2 * Double(slopes[axis])
            if !values.factorGradients.isEmpty {
                slope +=
                    0.5 * values.factorGradients[point * size + axis]
                    * (values.chords[point - 1] + values.chords[point])
            }
            gradient[inner * size + axis] = segments * slope
        }
        if inner > 0 {
            let crossed = last.withUnsafeBufferPointer { last in
                last.baseAddress.map { products(of: $0, tangents, columns: size) } ?? []
            }
            for index in crossed.indices {
                curvature.beside[block - size * size + index] = -2 * segments * before * Double(crossed[index])
            }
        }
        last = Array(UnsafeBufferPointer(start: tangents, count: size * elements))
    }

    /// The inner products of this space's tangents with other vectors, `[latents, columns]`.
    private func products(of tangents: UnsafePointer<Float>, _ others: UnsafePointer<Float>, columns: Int) -> [Float] {
        Geometry.products(of: tangents, rows: size, others, columns: columns, length: elements)
    }
}

extension CurveValues {
    /// wᵢ₋₁ Δᵢ₋₁ − wᵢ Δᵢ at an inner point: what its image is pulled by, times −1.
    fileprivate func pull(at point: Int) -> [Float] {
        let elements = images.count / factors.count
        let (before, after) = (Float(weight(of: point - 1)), Float(weight(of: point)))
        let start = point * elements
        return (start..<start + elements).map { index in
            before * (images[index] - images[index - elements]) - after * (images[index + elements] - images[index])
        }
    }
}
