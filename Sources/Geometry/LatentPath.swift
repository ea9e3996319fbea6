import Latent
import Platform

/// A path through a latent space: a polyline of two points or more, all of one space and finite.
public struct LatentPath: Hashable, Sendable {
    public let points: [LatentPoint]

    /// - Throws: ``GeometryError`` for fewer than two points, coordinates that aren't finite, or points of different
    ///   spaces.
    public init(_ points: [LatentPoint]) throws(GeometryError) {
        guard points.count >= 2 else { throw .tooFewPoints(points.count) }
        for point in points {
            guard point.count == points[0].count else {
                throw .wrongDimension(found: point.count, expected: points[0].count)
            }
            guard point.coordinates.allSatisfy(\.isFinite) else { throw .notFinite }
        }
        self.points = points
    }

    /// Of coordinates that are known to be finite.
    ///
    /// - Parameter coordinates: `[points, dimension]`, two points or more.
    init(coordinates: [Float], dimension: Int) {
        precondition(coordinates.count >= 2 * dimension, "a path needs two points")
        points = stride(from: 0, to: coordinates.count, by: dimension).map {
            LatentPoint(Array(coordinates[$0..<$0 + dimension]))
        }
    }

    /// Number of latents.
    public var dimension: Int { points[0].count }
    public var start: LatentPoint { points[0] }
    public var end: LatentPoint { points[points.count - 1] }
    /// The number of its segments.
    public var segments: Int { points.count - 1 }

    /// `[points, dimension]`.
    var coordinates: [Float] { points.flatMap(\.coordinates) }

    /// The straight line between two points, in `segments` equal steps.
    ///
    /// - Parameter segments: at least 1; fewer count as 1.
    /// - Throws: ``GeometryError`` as ``init(_:)`` does.
    public static func straight(
        from start: LatentPoint, to end: LatentPoint, segments: Int
    ) throws(GeometryError) -> LatentPath {
        let ends = try LatentPath([start, end])
        let segments = max(1, segments)
        return try LatentPath(
            (0...segments).map { $0 == segments ? ends.end : start.mixed(with: end, Double($0) / Double(segments)) })
    }

    /// Spherical interpolation (Shoemake 1985; White 2016 for latent spaces): the direction moves evenly along the great
    /// circle, the norm evenly along a line, so that a path between two typical points of a prior of many latents does not
    /// pass through its untypical middle.
    ///
    /// It is the straight path where there is no great circle to follow: where an end is the origin (norm below 10⁻⁶), or
    /// where the ends lie nearly opposite to each other (within 10⁻³ radians), so that each of many circles would do.
    ///
    /// - Parameter segments: at least 1; fewer count as 1.
    /// - Throws: ``GeometryError`` as ``init(_:)`` does.
    public static func spherical(
        from start: LatentPoint, to end: LatentPoint, segments: Int
    ) throws(GeometryError) -> LatentPath {
        let line = try straight(from: start, to: end, segments: segments)
        let (first, last) = (start.norm, end.norm)
        guard first > 1e-6, last > 1e-6 else { return line }
        let (a, b) = (start.coordinates.map { Double($0) / first }, end.coordinates.map { Double($0) / last })
        let angle = LatentPath.angle(a, b)
        guard angle < .pi - 1e-3 else { return line }
        // Of nearly equal directions the sines would be 0/0.
        guard angle > 1e-6 else { return line }
        let count = line.segments
        return try LatentPath(
            line.points.enumerated().map { index, point in
                guard index > 0, index < count else { return point }
                let t = Double(index) / Double(count)
                let norm = first + t * (last - first)
                let (one, other) = (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle))
                return LatentPoint(
                    zip(a, b).map { Float(norm * (one * $0 + other * $1)) }, label: point.label)
            })
    }

    /// The angle of two unit vectors, exact for small ones too: 2 atan2(‖a − b‖, ‖a + b‖) (Kahan).
    private static func angle(_ a: [Double], _ b: [Double]) -> Double {
        let apart = zip(a, b).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let together = zip(a, b).reduce(0.0) { $0 + ($1.0 + $1.1) * ($1.0 + $1.1) }
        return 2 * atan2(apart.squareRoot(), together.squareRoot())
    }

    /// The point at a share 0…1 of the path, by the number of its segments.
    public func point(at share: Double) -> LatentPoint {
        let place = max(0, min(1, share.isFinite ? share : 0)) * Double(segments)
        let index = min(segments - 1, Int(place))
        return points[index].mixed(with: points[index + 1], place - Double(index))
    }

    /// The same polyline with its points at equal distances along it, in the latent space.
    ///
    /// - Parameter segments: at least 1; fewer count as 1.
    public func resampled(segments: Int) -> LatentPath {
        resampled(segments: segments, steps: zip(points, points.dropFirst()).map { Double($0.distance(to: $1)) })
    }

    /// The same polyline with its points at equal distances along it, where its own segments are as long as somebody says.
    ///
    /// - Parameters:
    ///   - segments: at least 1; fewer count as 1.
    ///   - steps: a length for each of this path's segments, none below 0: ``DecodedSpace/steps(of:under:)``. A path
    ///     without length is cut evenly.
    public func resampled(segments: Int, steps: [Double]) -> LatentPath {
        precondition(steps.count == self.segments, "each segment has a length")
        let count = max(1, segments)
        var along = [0.0]
        for step in steps { along.append(along[along.count - 1] + step) }
        let total = along[along.count - 1]
        var index = 0
        let coordinates = (0...count).flatMap { place -> [Float] in
            let share = Double(place) / Double(count)
            guard place > 0 else { return start.coordinates }
            guard place < count else { return end.coordinates }
            guard total > 0, total.isFinite else { return point(at: share).coordinates }
            while index < steps.count - 1, along[index + 1] < share * total { index += 1 }
            let inside = steps[index] > 0 ? (share * total - along[index]) / steps[index] : 0
            return points[index].mixed(with: points[index + 1], max(0, min(1, inside))).coordinates
        }
        return LatentPath(coordinates: coordinates, dimension: dimension)
    }
}

extension LatentPoint {
    /// Euclidean norm.
    fileprivate var norm: Double { coordinates.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }

    /// The point at a share of the straight line to another.
    func mixed(with other: LatentPoint, _ share: Double) -> LatentPoint {
        LatentPoint(
            zip(coordinates, other.coordinates).map { Float(Double($0) + share * (Double($1) - Double($0))) },
            label: label(towards: other, share: Float(share)))
    }
}
