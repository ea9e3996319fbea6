/// A plane through a latent space: two directions at right angles. A point says which of the parallel planes is meant.
public struct LatentPlane: Hashable, Sendable {
    /// What a direction is called.
    public enum Axis: Hashable, Sendable {
        /// One of the latents.
        case latent(Int)
        /// A principal direction of the encoded data, counted from 0, the one with most variance.
        case principal(Int)
        /// A direction with a name of its own.
        case named(String)
    }

    public let horizontal: Axis
    public let vertical: Axis
    /// Unit vectors, one coordinate a latent.
    public let across: [Float]
    public let up: [Float]

    /// The plane of two latents.
    ///
    /// - Precondition: two different latents of `dimension`, which is 2 at least.
    public init(latents horizontal: Int, _ vertical: Int, dimension: Int) {
        precondition(horizontal != vertical && max(horizontal, vertical) < dimension, "a plane has two directions")
        self.horizontal = .latent(horizontal)
        self.vertical = .latent(vertical)
        across = (0..<dimension).map { $0 == horizontal ? 1 : 0 }
        up = (0..<dimension).map { $0 == vertical ? 1 : 0 }
    }

    /// The plane of two directions, the second one turned to a right angle with the first.
    ///
    /// - Returns: nil where they are the same, or none.
    public init?(_ horizontal: (axis: Axis, direction: [Float]), _ vertical: (axis: Axis, direction: [Float])) {
        guard horizontal.direction.count == vertical.direction.count, let across = unit(horizontal.direction),
            let given = unit(vertical.direction)
        else { return nil }
        let shared = dot(given, across)
        let rest = zip(given, across).map { $0 - shared * $1 }
        guard norm(rest) > 1e-3, let up = unit(rest) else { return nil }
        self.horizontal = horizontal.axis
        self.vertical = vertical.axis
        self.across = across
        self.up = up
    }

    public var dimension: Int { across.count }

    /// Where a point lies, seen along all other directions.
    public func coordinates(of point: LatentPoint) -> LatentPoint {
        LatentPoint(dot(point.coordinates, across), dot(point.coordinates, up))
    }

    /// The point of the plane through `base` that has two coordinates on it.
    ///
    /// - Returns: of the class of `base`.
    public func point(_ coordinates: LatentPoint, through base: LatentPoint) -> LatentPoint {
        let present = self.coordinates(of: base)
        let (right, above) = (coordinates[0] - present[0], coordinates[1] - present[1])
        return LatentPoint(
            base.coordinates.indices.map { latent in
                // A latent that lies along a direction takes its coordinate as it is, whatever rounding does.
                if across[latent] == 1 { return coordinates[0] }
                if up[latent] == 1 { return coordinates[1] }
                return base[latent] + right * across[latent] + above * up[latent]
            }, label: base.label)
    }

    /// Standard deviations along the plane's directions of a normal distribution with independent latents.
    ///
    /// - Parameter deviations: of all latents.
    public func deviations(_ deviations: LatentPoint) -> (Float, Float) {
        func along(_ direction: [Float]) -> Float {
            let scaled = zip(deviations.coordinates, direction).map { $0 * $1 }
            return norm(scaled)
        }
        return (along(across), along(up))
    }

    /// The codes of a cloud as they are seen on the plane: at once for a model of two latents, else in some milliseconds.
    public func codes(of cloud: LatentCloud) -> PlaneCodes {
        precondition(cloud.dimension == dimension, "a cloud lies in the plane's space")
        if dimension == 2, horizontal == .latent(0), vertical == .latent(1) {
            return PlaneCodes(of: cloud, means: cloud.means, deviations: cloud.deviations, ranges: cloud.ranges)
        }
        var means: [Float] = []
        var deviations: [Float] = []
        means.reserveCapacity(2 * cloud.count)
        deviations.reserveCapacity(cloud.deviations == nil ? 0 : 2 * cloud.count)
        for image in 0..<cloud.count {
            let first = image * dimension
            var (right, above): (Float, Float) = (0, 0)
            for latent in 0..<dimension {
                right += cloud.means[first + latent] * across[latent]
                above += cloud.means[first + latent] * up[latent]
            }
            means.append(right)
            means.append(above)
            guard let all = cloud.deviations else { continue }
            var (rightVariance, aboveVariance): (Float, Float) = (0, 0)
            for latent in 0..<dimension {
                let variance = all[first + latent] * all[first + latent]
                rightVariance += variance * across[latent] * across[latent]
                aboveVariance += variance * up[latent] * up[latent]
            }
            deviations.append(rightVariance.squareRoot())
            deviations.append(aboveVariance.squareRoot())
        }
        return PlaneCodes(
            of: cloud, means: means, deviations: cloud.deviations == nil ? nil : deviations,
            ranges: [horizontal, vertical].enumerated().map { side, axis in range(of: axis, side, in: cloud, means) })
    }

    /// The middle 99 % of the means along a direction; along a latent the cloud has it.
    private func range(of axis: Axis, _ side: Int, in cloud: LatentCloud, _ means: [Float]) -> ClosedRange<Float> {
        if case .latent(let latent) = axis, (side == 0 ? across : up)[latent] == 1 { return cloud.ranges[latent] }
        let along = stride(from: side, to: means.count, by: 2).map { means[$0] }.filter(\.isFinite)
        return middleRange(of: along, share: 0.99)
    }
}

/// A data set's codes as they are seen on a plane.
public struct PlaneCodes: Sendable {
    /// `[count, 2]`.
    public let means: [Float]
    /// `[count, 2]`, where the encoder gives them.
    public let deviations: [Float]?
    public let labels: [UInt8]?
    /// The classes that occur, in order.
    public let classes: [UInt8]
    public let bandwidth: Float
    public let typicalDeviation: Float

    /// The middle 99 % of the means along each direction.
    public let ranges: [ClosedRange<Float>]

    public var count: Int { means.count / 2 }

    fileprivate init(of cloud: LatentCloud, means: [Float], deviations: [Float]?, ranges: [ClosedRange<Float>]) {
        self.means = means
        self.deviations = deviations
        self.ranges = ranges
        labels = cloud.labels
        classes = cloud.classes
        bandwidth = cloud.bandwidth
        typicalDeviation = cloud.typicalDeviation
    }
}

private func dot(_ one: [Float], _ other: [Float]) -> Float { zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }
private func norm(_ vector: [Float]) -> Float { dot(vector, vector).squareRoot() }

func unit(_ vector: [Float]) -> [Float]? {
    let length = norm(vector)
    return length.isFinite && length > 0 ? vector.map { $0 / length } : nil
}
