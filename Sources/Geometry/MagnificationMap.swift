import Latent

/// The metric at many points of a plane, found piece by piece: how strongly the decoder enlarges each place
/// (``PlaneMetric/magnification``), and into which ellipse it draws a small circle (``PlaneMetric/stretch``).
public struct MagnificationMap: Sendable {
    public let points: [LatentPoint]
    public let metric: LatentMetric
    /// Of the first points, in their order.
    public private(set) var metrics: [PlaneMetric] = []
    private let directions: (LatentPoint, LatentPoint)

    /// - Parameters:
    ///   - points: of a model's latent space, in the order in which they are wanted.
    ///   - u, v: the plane's directions, as ``DecodedSpace/planeMetrics(at:along:_:under:)`` takes them.
    /// - Throws: ``GeometryError`` for points or directions that aren't of this space.
    public init(
        of points: [LatentPoint], along u: LatentPoint, _ v: LatentPoint, in space: DecodedSpace,
        under metric: LatentMetric = .plain
    ) throws(GeometryError) {
        try space.check(points + [u, v])
        (self.points, self.metric, directions) = (points, metric, (u, v))
    }

    public var isComplete: Bool { metrics.count == points.count }

    /// Does the next 20 points: 60 decodes, three milliseconds with a model of MNIST's size on two cores.
    ///
    /// - Parameter space: the one that the map was made for.
    /// - Throws: ``GeometryError`` for another space.
    public mutating func advance(in space: DecodedSpace) throws(GeometryError) {
        let next = Array(points[metrics.count..<min(points.count, metrics.count + 20)])
        metrics += try space.planeMetrics(at: next, along: directions.0, directions.1, under: metric)
    }
}
