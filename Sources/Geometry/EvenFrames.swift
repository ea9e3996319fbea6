import Latent

/// Points of a curve between which images change evenly: the frames of a film of it, found piece by piece.
///
/// Frames are moved along the curve until the images of neighbors, as far as they can be seen (pixels within 0…1), are equally
/// far apart. Where the curve bends between two frames this changes their distance, so it is done again, until they are nearly
/// even.
public struct EvenFrames: Sendable {
    /// By how much of their mean steps may differ from it.
    private static let tolerance = 0.01
    private static let mostRounds = 24

    /// The most even frames so far, from the curve's start to its end.
    public private(set) var path: LatentPath
    public private(set) var isFinished = false
    private let curve: LatentPath
    /// Where the frames lie, as shares of the curve.
    private var places: [Double]
    /// Of the frames that are done, `[frames, elements]`.
    private var images: [Float] = []
    private var leastUnevenness = Double.infinity
    private var rounds = 0

    /// - Parameters:
    ///   - curve: what the film goes along.
    ///   - count: how many frames; at least 2, fewer count as 2.
    /// - Throws: ``GeometryError`` for a curve that isn't of the space.
    public init(of curve: LatentPath, count: Int, in space: DecodedSpace) throws(GeometryError) {
        try space.check(curve.points)
        self.curve = curve
        let segments = max(1, count - 1)
        places = (0...segments).map { Double($0) / Double(segments) }
        path = curve.frames(at: places)
    }

    /// Does a piece of the work.
    ///
    /// - Parameters:
    ///   - space: the one that the frames were made for.
    ///   - decodes: how many it may take at most.
    public mutating func advance(in space: DecodedSpace, decodes: Int = 64) {
        guard !isFinished else { return }
        let current = curve.frames(at: places)
        let part = current.points[(images.count / space.elements)...].prefix(decodes)
        images += space.images(at: part.flatMap(\.coordinates), weighting: .plain).map { max(0, min(1, $0)) }
        guard images.count == places.count * space.elements else { return }
        rounds += 1
        let steps = steps(elements: space.elements)
        images = []
        let mean = steps.reduce(0, +) / Double(steps.count)
        let unevenness = mean > 0 ? steps.reduce(0) { max($0, abs($1 - mean)) } / mean : 0
        if unevenness < leastUnevenness {
            leastUnevenness = unevenness
            path = current
        }
        guard unevenness.isFinite, unevenness > EvenFrames.tolerance, rounds < EvenFrames.mostRounds else {
            isFinished = true
            return
        }
        move(steps)
    }

    /// How far the images of neighbors are apart.
    private func steps(elements: Int) -> [Double] {
        images.withUnsafeBufferPointer { images in
            guard let base = images.baseAddress else { return [] }
            return (1..<places.count).map { frame in
                let image = base + frame * elements
                return squaredDistance(image - elements, image, count: elements).squareRoot()
            }
        }
    }

    /// Moves the frames to equal shares of all that changes, as if images changed evenly between two frames.
    private mutating func move(_ steps: [Double]) {
        let total = steps.reduce(0, +)
        var (along, index) = (0.0, 0)
        places = places.indices.map { frame in
            guard frame > 0, frame < places.count - 1 else { return places[frame] }
            let wanted = total * Double(frame) / Double(steps.count)
            while index < steps.count - 1, along + steps[index] < wanted {
                along += steps[index]
                index += 1
            }
            let share = steps[index] > 0 ? (wanted - along) / steps[index] : 0
            return places[index] + max(0, min(1, share)) * (places[index + 1] - places[index])
        }
    }
}

extension LatentPath {
    /// - Parameter places: shares of the path, rising from 0 to 1.
    fileprivate func frames(at places: [Double]) -> LatentPath {
        let inner = places.dropFirst().dropLast().flatMap { point(at: $0).coordinates }
        return LatentPath(coordinates: start.coordinates + inner + end.coordinates, dimension: dimension)
    }
}

extension DecodedSpace {
    /// Points of a curve between which images change evenly.
    ///
    /// - Parameter count: how many frames; at least 2, fewer count as 2.
    /// - Throws: ``GeometryError`` for a path that isn't of this space.
    /// - Complexity: some four to ten decodes a frame.
    public func evenFrames(of curve: LatentPath, count: Int) throws(GeometryError) -> LatentPath {
        var frames = try EvenFrames(of: curve, count: count, in: self)
        while !frames.isFinished { frames.advance(in: self) }
        return frames.path
    }
}
