/// An image whose code lies among many of its own class.
public struct TypicalImage: Hashable, Sendable {
    /// Its index in the cloud.
    public let image: Int
    /// Nil where there are no labels.
    public let label: UInt8?
    /// The share of the nearest codes that are of its class; 1 without labels.
    public let agreement: Float
    /// The distance of the farthest of them: the smaller, the denser lie the data.
    public let distance: Float
}

/// Images that look at each other through their codes' neighbors.
private enum Neighborhood {
    /// Of the images of a class, as many are looked at as a tenth, within these bounds.
    static let counts = 5...50
    /// Images that are looked at.
    static let most = 200
    static let least = 32
    /// Coordinates that all of them together may look at, where a tree passes over few codes.
    static let mostCoordinates = 20_000_000
}

extension LatentCloud {
    /// Images from all over, the most typical of their class first.
    ///
    /// Where all the codes around are of one class the decoder has seen that class alone, and makes clear pictures of it: of
    /// the digits that ship, in the model that ships, such images are reconstructed better than four in five of all (the
    /// median of the distance of picture from image over the image's norm). It is no promise for a single one.
    ///
    /// - Complexity: milliseconds.
    public func typicalImages() -> [TypicalImage] {
        evenlyThinned(count, to: mostJudged).compactMap(judged).sorted()
    }

    /// An image to begin with, near the middle of the codes: of those there the most typical of its class; nil where there are
    /// no images.
    ///
    /// - Complexity: as of ``typicalImages()``.
    public var beginning: Int? {
        let middle = LatentPoint(ranges.map { ($0.lowerBound + $0.upperBound) / 2 })
        return tree.nearest(min(count, mostJudged), to: middle).compactMap { judged($0.index) }.min()?.image
    }

    /// How many images are looked at.
    private var mostJudged: Int {
        let cost = dimension <= 3 ? 0 : count * dimension
        return min(Neighborhood.most, max(Neighborhood.least, Neighborhood.mostCoordinates / max(1, cost)))
    }

    /// An image by the codes around its own; nil where that is no point, as a damaged encoder gives it.
    private func judged(_ image: Int) -> TypicalImage? {
        let code = mean(of: image)
        guard code.coordinates.allSatisfy(\.isFinite) else { return nil }
        let neighbors = max(
            Neighborhood.counts.lowerBound,
            min(Neighborhood.counts.upperBound, count / (10 * max(1, classes.count))))
        let around = tree.nearest(neighbors + 1, to: code).filter { $0.index != image }.prefix(neighbors)
        let same = labels.map { labels in around.count { labels[$0.index] == labels[image] } }
        return TypicalImage(
            image: image, label: labels?[image],
            agreement: same.map { Float($0) / Float(max(1, around.count)) } ?? 1,
            distance: around.last?.distance ?? 0)
    }
}

extension TypicalImage: Comparable {
    /// The more typical one comes first.
    public static func < (one: Self, other: Self) -> Bool {
        (other.agreement, one.distance, one.image) < (one.agreement, other.distance, other.image)
    }
}
