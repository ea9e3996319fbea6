/// A direction through a latent space, with a name.
public struct LatentDirection: Hashable, Sendable {
    public let name: String
    /// A unit vector, one coordinate a latent.
    public let vector: [Float]

    /// - Parameter vector: of any length.
    /// - Returns: nil where it has no direction: all of it is zero, or some of it is no number.
    public init?(name: String, vector: [Float]) {
        guard let unit = unit(vector) else { return nil }
        self.name = name
        self.vector = unit
    }

    /// The point some way along it.
    public func point(_ distance: Float, from start: LatentPoint) -> LatentPoint {
        LatentPoint(zip(start.coordinates, vector).map { $0 + distance * $1 }, label: start.label)
    }
}

extension LatentCloud {
    /// The mean of a class's codes; nil where no image has the class.
    public func mean(ofClass label: UInt8) -> LatentPoint? {
        guard let labels else { return nil }
        var (sums, count) = ([Double](repeating: 0, count: dimension), 0.0)
        for (image, other) in labels.enumerated() where other == label {
            let code = means[image * dimension..<(image + 1) * dimension]
            guard code.allSatisfy(\.isFinite) else { continue }
            for (latent, coordinate) in code.enumerated() { sums[latent] += Double(coordinate) }
            count += 1
        }
        return count > 0 ? LatentPoint(sums.map { Float($0 / count) }) : nil
    }
}
