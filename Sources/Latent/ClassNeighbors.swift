import Platform

/// Which classes the data around a place have.
public struct ClassShares: Hashable, Sendable {
    /// A class and its share.
    public struct Part: Hashable, Sendable {
        public let label: UInt8
        /// Above 0, at most 1.
        public let share: Float
    }

    /// How much the data say about a place.
    public enum Support: Hashable, Sendable {
        /// Its neighbors are as near as those of nine images in ten are to them.
        case full
        /// Its neighbors are farther away: the shares are a guess.
        case weak
        /// They are too far away to say anything, or no image has a label.
        case none
    }

    /// Classes with the greatest share first, of equal ones the one with the nearest image; all shares add up to 1. None
    /// where there is no support.
    public let parts: [Part]
    public let support: Support

    /// Nothing is said.
    public static let none = ClassShares(parts: [], support: .none)

    /// The share of a class.
    public subscript(label: UInt8) -> Float { parts.first { $0.label == label }?.share ?? 0 }
}

/// How the class of a place is told from the codes around it: by the k nearest, whose votes fall linearly with their distance
/// to nothing at the next one's.
///
/// The nearest neighbors' rule is Cover and Hart's (1967), with the weights of Dudani (1976). k is the one of a few that tells
/// the images' own labels best, each from all others: leave-one-out (Stone 1974), by the mean log likelihood of the labels, so
/// that shares are right and not only the first place.
public struct ClassNeighbors: Hashable, Sendable {
    /// k
    public let count: Int
    /// The distance within which nine images in ten have their k-th neighbor.
    public let reach: Float

    /// From among which k is chosen.
    private static let choices = [3, 5, 8, 10, 15, 20, 30, 50]
    /// Images that choose, where each costs little.
    private static let mostJudges = 1_000
    private static let leastJudges = 100
    /// Coordinates that all judges together may look at.
    private static let mostCoordinates = 200_000_000
    /// The share of the images that have their neighbors within reach.
    private static let nearShare: Float = 0.9
    /// Beyond so many times the reach nothing is said.
    private static let farthest: Float = 6

    /// - Parameters:
    ///   - labels: of the points, one each.
    ///   - tree: the points.
    ///   - means: the points in the order of the labels, `[count, dimension]`.
    /// - Returns: nil where there are no points.
    init?(labels: [UInt8], in tree: NeighborTree, means: [Float]) {
        guard !labels.isEmpty else { return nil }
        let dimension = tree.dimension
        let choices = Self.choices.filter { $0 < labels.count }
        let most = choices.last ?? max(1, labels.count - 1)
        // On a plane a tree passes over nearly all points, of many latents over few of them.
        let cost = dimension <= 3 ? 0 : labels.count * dimension
        let judges = evenlyThinned(
            labels.count, to: min(Self.mostJudges, max(Self.leastJudges, Self.mostCoordinates / max(1, cost))))
        let classes = Float(Set(labels).count)
        var likelihoods = [Float](repeating: 0, count: choices.count)
        var distances = choices.map { _ in [Float]() }
        for judge in judges {
            let code = LatentPoint(Array(means[judge * dimension..<(judge + 1) * dimension]))
            // Itself is among its neighbors, and one more says how wide the votes reach.
            let others = tree.nearest(most + 2, to: code).filter { $0.index != judge }
            for (place, count) in choices.enumerated() where others.count >= count {
                let votes = Self.votes(of: others, count)
                let own = votes.filter { labels[$0.index] == labels[judge] }.reduce(0) { $0 + $1.weight }
                // As if one more neighbor were of all classes alike: a share is never 0.
                likelihoods[place] += logarithm((Float(count) * own + 1 / classes) / (Float(count) + 1))
                distances[place].append(others[count - 1].distance)
            }
        }
        let best = choices.indices.max { likelihoods[$0] < likelihoods[$1] }
        count = best.map { choices[$0] } ?? most
        let own = best.map { distances[$0].sorted() } ?? []
        reach = own.isEmpty ? .infinity : max(.leastNormalMagnitude, quantile(Self.nearShare, of: own))
    }

    /// - Parameters:
    ///   - found: the nearest points with their distances, the nearest first, one more than ``count`` where there are as many.
    ///   - labels: of all points.
    func shares(of found: [(index: Int, distance: Float)], _ labels: [UInt8]) -> ClassShares {
        guard let farthest = found.prefix(count).last, farthest.distance <= Self.farthest * reach else { return .none }
        var (weights, order) = ([Float](repeating: 0, count: 256), [UInt8]())
        for vote in Self.votes(of: found, count) {
            let label = labels[vote.index]
            if weights[Int(label)] == 0 { order.append(label) }
            weights[Int(label)] += vote.weight
        }
        let parts = order.enumerated().map { (place: $0, part: ClassShares.Part(label: $1, share: weights[Int($1)])) }
            .sorted { ($0.part.share, $1.place) > ($1.part.share, $0.place) }
        return ClassShares(parts: parts.map(\.part), support: farthest.distance <= reach ? .full : .weak)
    }

    /// What share of the votes each of the `count` nearest has.
    private static func votes(of found: [(index: Int, distance: Float)], _ count: Int) -> [(index: Int, weight: Float)]
    {
        let next = found.count > count ? found[count].distance : 2 * (found.last?.distance ?? 0)
        // Those that are as far away as the next one, and all at one place, count a little, and alike.
        let weights = found.prefix(count).map { next > 0 ? max(1e-3, 1 - $0.distance / next) : 1 }
        let sum = weights.reduce(0, +)
        return zip(found, weights).map { ($0.index, $1 / sum) }
    }
}

extension LatentCloud {
    /// Which classes the data around a place have.
    ///
    /// - Parameter image: leaves this one out: an image does not tell its own class.
    public func classShares(around place: LatentPoint, leavingOut image: Int? = nil) -> ClassShares {
        guard let labels, let neighbors else { return .none }
        let found = tree.nearest(neighbors.count + (image == nil ? 1 : 2), to: place)
        return neighbors.shares(of: found.filter { $0.index != image }, labels)
    }
}

/// Which of so many things are kept, where some from all over are to stand for all: every one of a few.
///
/// Data sets often go through their classes in turn, so a fixed stride would see some of them only: this one shares no factor
/// with the count.
public func evenlyThinned(_ count: Int, to most: Int) -> [Int] {
    guard count > most else { return Array(0..<count) }
    func commonFactor(_ one: Int, _ other: Int) -> Int { other == 0 ? one : commonFactor(other, one % other) }
    var stride = Int(Double(count) * 0.618)
    while commonFactor(count, stride) != 1 { stride += 1 }
    return (0..<most).map { $0 * stride % count }
}
