import Latent
import Pictures

/// The ways from one point to another.
public enum WalkPathKind: String, CaseIterable, Hashable, Sendable {
    /// The line in the latent space.
    case straight
    /// Along the great circle, for priors of many latents.
    case spherical
    /// The shortest by what changes in the image.
    case geodesic
}

/// What lengths are measured by, and what the geodesic is the shortest by.
public enum WalkMetric: String, CaseIterable, Hashable, Sendable {
    /// Euclidean distances between images.
    case plain
    /// Weighted by what one image drawn from the likelihood could tell apart.
    case fisher
    /// Plain, and longer where the data are thin.
    case density
}

/// What is asked of a walk's background work.
public struct WalkOrder: Hashable, Sendable {
    public var start: LatentPoint
    public var end: LatentPoint
    public var metric: WalkMetric
    /// Frames of each path, at least 2.
    public var frames: Int

    public init(start: LatentPoint, end: LatentPoint, metric: WalkMetric, frames: Int) {
        self.start = start
        self.end = end
        self.metric = metric
        self.frames = frames
    }
}

/// A path that is found and decoded.
public struct WalkPath: Hashable, Sendable {
    public var kind: WalkPathKind
    /// A point a frame.
    public var points: [LatentPoint]
    /// A picture a frame.
    public var pictures: [Picture]
    /// How far each frame is from the one before: the Euclidean distance of their pictures, pixels in 0…1.
    public var steps: [Double]
    /// By the order's metric; nil: not to be had of this model.
    public var length: Double?

    public init(
        kind: WalkPathKind, points: [LatentPoint], pictures: [Picture], length: Double?
    ) {
        self.kind = kind
        self.points = points
        self.pictures = pictures
        self.length = length
        steps = zip(pictures, pictures.dropFirst()).map { $0.distance(to: $1) }
    }

    /// The same path from its end to its start.
    func reversed() -> WalkPath {
        var back = self
        back.points.reverse()
        back.pictures.reverse()
        back.steps.reverse()
        return back
    }
}

/// What comes of a walk's background work, bit by bit.
public enum WalkNews: Sendable {
    case found(WalkPath)
    /// The geodesic is still sought: the best way so far, and about how much of the work is done, 0…1.
    case searching(way: [LatentPoint], share: Double)
    /// There will be no geodesic, and why, in a sentence.
    case noGeodesic(reason: String)
}

extension Picture {
    /// The root of the sum of all squared differences; of pictures with opacity as they lie on black.
    ///
    /// - Precondition: both are of one shape.
    public func distance(to other: Picture) -> Double {
        precondition(values.count == other.values.count, "pictures of one shape are compared")
        return zip(over(0).values, other.over(0).values).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }.squareRoot()
    }
}
