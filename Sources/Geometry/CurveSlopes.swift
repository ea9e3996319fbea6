/// The gradient of a curve's energy by its inner points, and the Gauss–Newton approximation of its second derivatives,
/// gathered point by point.
///
/// With weights wₛ of the segments, chords Δₛ = gₛ₊₁ − gₛ and Jacobians Jᵢ, exact or, of a dense curve in a plane, by
/// differences:
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

    /// Whether neighbors lie so close in a plane that their images say how the image changes along the curve.
    private let isDense: Bool
    /// How far neighbors of a dense curve may be apart.
    private static let nearness: Float = 0.1

    /// - Parameter values: of the whole curve.
    init(of values: CurveValues, in space: DecodedSpace) {
        size = space.latentSize
        elements = space.elements
        let all = values.coordinates
        points = max(0, all.count / size - 2)
        isDense = size == 2 && (size..<all.count).allSatisfy { abs(all[$0] - all[$0 - 2]) < CurveSlopes.nearness }
        gradient = Array(repeating: 0, count: points * size)
        curvature = BlockTridiagonal(blocks: points, size: size)
    }

    var isComplete: Bool { done == points }

    /// How many decodes a point takes; a tangent counts as one.
    var decodesPerPoint: Int { isDense ? 2 : 1 + size }

    /// Does the next few inner points.
    ///
    /// - Parameters:
    ///   - values: of the whole curve.
    ///   - count: how many points at most.
    mutating func advance(
        _ values: CurveValues, in space: DecodedSpace, under metric: LatentMetric, count: Int
    ) {
        let range = done + 1..<min(points, done + count) + 1
        if isDense {
            differentiateInPlane(range, values, in: space, metric.weighting)
        } else {
            let places = Array(values.coordinates[range.lowerBound * size..<range.upperBound * size])
            space.differentiate(at: places, along: space.axes, weighting: metric.weighting) { index, _, tangents in
                add(range.lowerBound + index, tangents, values)
            }
        }
        done = range.upperBound - 1
        if isComplete { last = [] }
    }

    /// Aside of the curve by differences, along it by the images of its neighbors, which are there: a third of the time that
    /// exact derivatives take. Along the curve they only say how unequal its steps are.
    private mutating func differentiateInPlane(
        _ range: Range<Int>, _ values: CurveValues, in space: DecodedSpace, _ weighting: LatentMetric.Weighting
    ) {
        let coordinates = values.coordinates
        let frames = range.map { PlaneFrame(at: $0, of: coordinates) }
        let images = space.images(at: frames.flatMap { $0.below + $0.above }, weighting: weighting)
        let tangents = Workspace(2 * elements)
        for (index, point) in range.enumerated() {
            frames[index].differentiate(
                images[2 * index * elements..<2 * (index + 1) * elements],
                neighbors: values.images[(point - 1) * elements..<(point + 2) * elements], into: tangents.pointer)
            add(point, tangents.pointer, values)
        }
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
