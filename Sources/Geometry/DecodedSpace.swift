import Latent
import Neural
import VAE

/// A latent space as its decoder sees it: where images change, how fast, and in which direction.
///
/// It belongs to one thread at a time, and shares its work with the threads of its pool. Each question takes time
/// proportional to its points (a metric at a point costs about latents + 2 decodes), so ask for a few at a time where
/// somebody waits.
public final class DecodedSpace {
    /// The most latents of a space that can be asked for all of its directions at once: for the whole metric, or for a
    /// geodesic. A plane's metric and the length of a path can be had of any.
    public static let mostLatents = 32

    public let latentSize: Int
    /// The numbers of an image.
    public let elements: Int
    /// How many points went through the decoder so far; a tangent counts as one.
    public private(set) var decodes = 0
    /// Nil where the likelihood is unknown.
    let distribution: PixelDistribution?
    private let scale: PixelScale
    private let roles: [InputRole]
    private let condition: Condition
    /// The class that everything is asked for, of a conditional model; nil for the model's own condition, which goes before.
    public var label: ClassMix? {
        didSet {
            guard label != oldValue else { return }
            fillLabels(of: plan)
            filledDirections = -1
        }
    }
    let pool: WorkerPool
    private let plan: Plan
    private let tangentPlan: Plan
    /// How many directions each sample has in ``tangentPlan`` at the moment, where its further inputs depend on that.
    private var filledDirections = -1
    private let slopes: [Workspace]

    public init(_ model: Model, pool: WorkerPool) {
        latentSize = model.architecture.latentSize
        elements = model.architecture.image.count
        distribution = model.distribution
        scale = model.pixelScale(pool: pool)
        roles = model.architecture.decoderRoles
        condition = model.condition
        self.pool = pool
        plan = model.objectivePlan(capacity: 64, pool: pool)
        let widest = model.architecture.objectiveDecoder.shapes.map(\.count).max() ?? 1
        // 16 MB for the widest value, and no more rows than a cache likes; room for one direction at least.
        tangentPlan = model.tangentPlan(rows: max(2, min(192, (1 << 22) / widest)), pool: pool)
        slopes = (0..<pool.threads).map { [elements] _ in Workspace(elements) }
    }

    /// - Throws: ``GeometryError`` for points that aren't of this space.
    func check(_ points: [LatentPoint]) throws(GeometryError) {
        for point in points {
            guard point.count == latentSize else {
                throw .wrongDimension(found: point.count, expected: latentSize)
            }
            guard point.coordinates.allSatisfy(\.isFinite) else { throw .notFinite }
        }
    }

    /// - Throws: ``GeometryError/tooManyLatents(_:)`` for a space that has too many directions for derivatives along all.
    func checkDirections() throws(GeometryError) {
        guard latentSize <= DecodedSpace.mostLatents else { throw .tooManyLatents(latentSize) }
    }

    /// Along how many directions a point can be differentiated at once.
    var directionsAtOnce: Int { tangentPlan.capacity - 1 }

    // MARK: Metrics

    /// The pull-back metric in the plane that two directions span, at some points.
    ///
    /// - Parameters:
    ///   - u, v: the plane's directions in the latent space, in the units of the plane's axes; for a model of two latents
    ///     (1, 0) and (0, 1).
    /// - Returns: for each point (uᵀGu, uᵀGv, vᵀGv).
    /// - Throws: ``GeometryError`` for points or directions that aren't of this space.
    public func planeMetrics(
        at points: [LatentPoint], along u: LatentPoint, _ v: LatentPoint, under metric: LatentMetric = .plain
    ) throws(GeometryError) -> [PlaneMetric] {
        try check(points + [u, v])
        let products = metrics(
            at: points.flatMap(\.coordinates), along: u.coordinates + v.coordinates, under: metric)
        return points.indices.map {
            PlaneMetric(uu: products[4 * $0], uv: products[4 * $0 + 1], vv: products[4 * $0 + 3])
        }
    }

    /// The whole pull-back metric G at some points.
    ///
    /// - Returns: `[points, latents, latents]`; units of the image (or of Fisher's information) a unit of z, squared.
    /// - Throws: ``GeometryError`` for points that aren't of this space, and for a space of too many latents.
    public func metrics(
        at points: [LatentPoint], under metric: LatentMetric = .plain
    ) throws(GeometryError) -> [Double] {
        try checkDirections()
        try check(points)
        return metrics(at: points.flatMap(\.coordinates), along: axes, under: metric)
    }

    /// The unit matrix, `[latents, latents]`.
    var axes: [Float] {
        (0..<latentSize * latentSize).map { $0 % (latentSize + 1) == 0 ? 1 : 0 }
    }

    /// - Parameters:
    ///   - points: `[count, latents]`.
    ///   - directions: `[directions, latents]`.
    /// - Returns: `[count, directions, directions]`.
    func metrics(at points: [Float], along directions: [Float], under metric: LatentMetric) -> [Double] {
        let (size, count) = (directions.count / latentSize, points.count / latentSize)
        var result = [Double](repeating: 0, count: count * size * size)
        differentiate(at: points, along: directions, weighting: metric.weighting) { point, _, tangents in
            let products = Geometry.products(of: tangents, rows: size, tangents, columns: size, length: elements)
            let factor = metric.density?.factor(at: coordinates(point, of: points)).value ?? 1
            for index in products.indices { result[point * size * size + index] = factor * Double(products[index]) }
        }
        return result
    }

    func coordinates(_ point: Int, of points: [Float]) -> ArraySlice<Float> {
        points[point * latentSize..<(point + 1) * latentSize]
    }

    // MARK: Images and their derivatives

    /// The images at some points, as the metric's weighting compares them: Euclidean distances are lengths.
    ///
    /// - Parameter points: `[count, latents]`.
    /// - Returns: `[count, elements]`.
    func images(at points: [Float], weighting: LatentMetric.Weighting) -> [Float] {
        outputs(at: points, map(weighting))
    }

    /// What the likelihood is computed from, logits or means, at some points.
    ///
    /// - Parameters:
    ///   - points: `[count, latents]`.
    ///   - map: what is done to them.
    /// - Returns: `[count, elements]`.
    func outputs(at points: [Float], _ map: ImageMap? = nil) -> [Float] {
        let count = points.count / latentSize
        decodes += count
        return [Float](unsafeUninitializedCapacity: count * elements) { buffer, initialized in
            initialized = count * elements
            guard let images = buffer.baseAddress else { return }
            for start in stride(from: 0, to: count, by: plan.capacity) {
                let length = min(plan.capacity, count - start)
                points.withUnsafeBufferPointer { points in
                    if let base = points.baseAddress { plan.loadImages(base + start * latentSize, count: length) }
                }
                plan.forward(count: length)
                let (from, to) = (plan.output(), images + start * elements)
                pool.forEach(length) { [elements] image, _ in
                    (to + image * elements).initialize(from: from + image * elements, count: elements)
                    map?.apply(to: to + image * elements, count: elements, slopes: nil)
                }
            }
        }
    }

    /// Images and their exact derivatives, point by point in order.
    ///
    /// - Parameters:
    ///   - points: `[count, latents]`.
    ///   - directions: `[directions, latents]`.
    ///   - body: is given the point's number, its image `[elements]` and its tangents `[directions, elements]`.
    func differentiate(
        at points: [Float], along directions: [Float], weighting: LatentMetric.Weighting,
        _ body: (Int, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) {
        differentiate(at: points, along: directions, map(weighting), body)
    }

    /// What the likelihood is computed from, logits or means, and its exact derivatives by each latent, point by point in
    /// order.
    ///
    /// - Parameters:
    ///   - points: `[count, latents]`.
    ///   - body: is given the point's number, its outputs `[elements]` and their derivatives `[latents, elements]`.
    public func differentiateOutputs(
        at points: [Float], _ body: (Int, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) {
        differentiate(at: points, along: axes, nil, body)
    }

    /// - Parameter map: what is done to the outputs; nil for nothing.
    private func differentiate(
        at points: [Float], along directions: [Float], _ map: ImageMap?,
        _ body: (Int, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) {
        let size = directions.count / latentSize
        // Tall images in many directions may not fit into one piece: then the directions go one after the other.
        guard 1 + size <= tangentPlan.capacity else {
            return differentiateApart(at: points, along: directions, map, body)
        }
        let (count, together) = (points.count / latentSize, tangentPlan.capacity / (1 + size))
        fill(directions: size)
        for start in stride(from: 0, to: count, by: together) {
            let length = min(together, count - start)
            decodes += length * (1 + size)
            load(points[start * latentSize..<(start + length) * latentSize], along: directions)
            tangentPlan.forward(count: length, directions: size)
            if let map { bend(map, count: length, directions: size) }
            for point in 0..<length {
                let outputs = tangentPlan.output() + point * (1 + size) * elements
                body(start + point, outputs, outputs + elements)
            }
        }
    }

    /// The inputs that are not the point: the same for all, and still along every direction.
    private func fill(directions: Int) {
        guard roles.count > 1, directions != filledDirections else { return }
        tangentPlan.fill(roles, condition, directions: directions)
        fillLabels(of: tangentPlan, directions: directions)
        filledDirections = directions
    }

    private func fillLabels(of plan: Plan, directions: Int = 0) {
        let samples = plan.capacity / (1 + directions)
        plan.fill(
            roles, labels: Array(repeating: label, count: samples), count: samples, condition, directions: directions)
    }

    /// Puts each point and the directions after it where the plan's input is.
    private func load(_ points: ArraySlice<Float>, along directions: [Float]) {
        var rows: [Float] = []
        rows.reserveCapacity((points.count / latentSize) * (latentSize + directions.count))
        for start in stride(from: points.startIndex, to: points.endIndex, by: latentSize) {
            rows += points[start..<start + latentSize]
            rows += directions
        }
        rows.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { tangentPlan.loadImages(base, count: rows.count / latentSize) }
        }
    }

    private func bend(_ map: ImageMap, count: Int, directions: Int) {
        pool.forEach(count) { [self] point, worker in
            let slopes = slopes[worker].pointer
            let outputs = tangentPlan.output() + point * (1 + directions) * elements
            map.apply(to: outputs, count: elements, slopes: slopes)
            for direction in 1..<1 + directions {
                let tangent = outputs + direction * elements
                for element in 0..<elements { tangent[element] *= slopes[element] }
            }
        }
    }

    /// What a metric compares images by.
    func map(_ weighting: LatentMetric.Weighting) -> ImageMap { ImageMap(weighting, of: distribution, scale) }

    private func differentiateApart(
        at points: [Float], along directions: [Float], _ map: ImageMap?,
        _ body: (Int, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) {
        let size = directions.count / latentSize
        let tangents = Workspace(size * elements)
        for point in 0..<points.count / latentSize {
            let place = Array(coordinates(point, of: points))
            var image: [Float] = []
            for direction in 0..<size {
                differentiate(at: place, along: Array(coordinates(direction, of: directions)), map) {
                    _, values, tangent in
                    if direction == 0 { image = Array(UnsafeBufferPointer(start: values, count: elements)) }
                    (tangents.pointer + direction * elements).update(from: tangent, count: elements)
                }
            }
            image.withUnsafeBufferPointer { image in
                if let image = image.baseAddress { body(point, image, tangents.pointer) }
            }
        }
    }
}

/// The inner products of some vectors with others, `[rows, columns]`.
///
/// - Parameters:
///   - vectors: `[rows, length]`.
///   - others: `[columns, length]`.
func products(
    of vectors: UnsafePointer<Float>, rows: Int, _ others: UnsafePointer<Float>, columns: Int, length: Int
) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
        initialized = rows * columns
        guard let products = buffer.baseAddress else { return }
        innerProducts(vectors, rows: rows, others, columns: columns, length: length, into: products)
    }
}
