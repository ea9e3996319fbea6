import Cells
import Latent
import Pictures
import Shading

/// What the decoder makes of each latent alone: five pictures along its slider, all other latents as they are.
struct Traversals: Sendable {
    /// How many pictures a latent has.
    static let count = 5

    /// What the pictures are of.
    private struct Key: Hashable {
        let point: LatentPoint
        let latents: [Int]
        let ranges: [ClosedRange<Float>]
    }

    private var key: Key?
    private var number: Int?
    /// By latent, those before them until newer ones have come.
    private var pictures: [Int: [Picture?]] = [:]
    /// How many codes lie along a latent's track, the fullest 1; by latent.
    private var histograms: [Int: [Float]] = [:]

    /// Codes that a histogram counts.
    private static let mostCounted = 4_000

    func pictures(of latent: Int) -> [Picture?] { pictures[latent] ?? [] }
    func histogram(of latent: Int) -> [Float] { histograms[latent] ?? [] }

    /// The points of some latents' pictures, where they have to be decoded; nil: they are there, or on their way.
    mutating func missing(
        at point: LatentPoint, of latents: [Int], ranges: [ClosedRange<Float>], number: Int
    ) -> [LatentPoint]? {
        let key = Key(point: point, latents: latents, ranges: ranges)
        guard key != self.key, !latents.isEmpty else { return nil }
        (self.key, self.number) = (key, number)
        return zip(latents, ranges).flatMap { latent, range in
            (0..<Self.count).map { place in
                var target = point
                let share = Float(place) / Float(Self.count - 1)
                target[latent] = range.lowerBound + share * (range.upperBound - range.lowerBound)
                return target
            }
        }
    }

    mutating func take(_ arrived: [Picture], first: Int, number: Int) {
        guard number == self.number, let key else { return }
        for (offset, picture) in arrived.enumerated() {
            let index = first + offset
            guard key.latents.indices.contains(index / Self.count) else { continue }
            let latent = key.latents[index / Self.count]
            pictures[latent, default: Array(repeating: nil, count: Self.count)][index % Self.count] = picture
        }
    }

    /// Counts the codes along some latents, where that was not done yet.
    mutating func count(_ cloud: LatentCloud, _ latents: [Int], ranges: [ClosedRange<Float>], columns: Int) {
        for (latent, range) in zip(latents, ranges) where histograms[latent]?.count != columns {
            var counts = [Float](repeating: 0, count: columns)
            for image in evenlyThinned(cloud.count, to: Self.mostCounted) {
                let share =
                    (cloud.means[image * cloud.dimension + latent] - range.lowerBound)
                    / (range.upperBound - range.lowerBound)
                if (0..<1).contains(share) { counts[Int(share * Float(columns))] += 1 }
            }
            let most = counts.max() ?? 0
            histograms[latent] = most > 0 ? counts.map { $0 / most } : counts
        }
    }

    mutating func forgetCodes() { histograms = [:] }

    /// Other weights, or nobody looks any more: the pictures are asked for anew.
    mutating func forget() { (key, number) = (nil, nil) }
}

extension WorkSlot {
    /// The small pictures beside the sliders.
    static let traversals = WorkSlot("traversals", rank: 65)
}

extension Shared {
    /// Asks for the pictures and counts the codes beside the sliders, where they are seen.
    mutating func refreshTraversals() -> [Effect] {
        guard let grid = openSliderGrid, let first = grid.places.first, !first.pictures.isEmpty else {
            return []
        }
        let latents = grid.places.map(\.latent)
        let ranges = latents.map { self[ExploreView.self].sliders.spreads[$0].range }
        let (point, number, cloud) = (explore.point, nextNumber(), cloud)
        let points = owned.update(ExploreView.self) { own -> [LatentPoint]? in
            if let cloud, cloud.count > 0 {
                own.sliders.traversals.count(cloud, latents, ranges: ranges, columns: first.track.columns)
            }
            return own.sliders.traversals.missing(at: point, of: latents, ranges: ranges, number: number)
        }
        return points.map { [.work(WorkRequest(number: number, slot: .traversals, work: .decode($0)))] } ?? []
    }

    mutating func takeTraversals(_ answer: WorkAnswer) {
        guard case .pictures(let pictures, let first) = answer.result else { return }
        owned.update(ExploreView.self) {
            $0.sliders.traversals.take(pictures, first: first, number: answer.number)
        }
    }

    mutating func forgetTraversals() { owned.update(ExploreView.self) { $0.sliders.traversals.forget() } }
}
