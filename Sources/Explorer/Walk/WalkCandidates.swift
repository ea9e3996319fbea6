import Latent
import Pictures

/// Images that ends may be drawn from, and how well the model shows each: measured while there is nothing else to do.
struct WalkCandidates: Sendable {
    private let images: [Int]
    private let numbers: (originals: Int, decoded: Int)
    private var originals: [Int: Picture] = [:]
    private var decoded: [Int: Picture] = [:]

    private static let most = 64

    /// - Parameter numbers: of the requests that bring the images, and what the model makes of their codes.
    init(of cloud: LatentCloud, numbers: (originals: Int, decoded: Int)) {
        images = evenlyThinned(cloud.count, to: Self.most).filter {
            cloud.mean(of: $0).coordinates.allSatisfy(\.isFinite)
        }
        self.numbers = numbers
    }

    /// What has to be asked for.
    func requests(_ cloud: LatentCloud, _ shared: Shared) -> [WorkRequest] {
        let codes = images.map { shared.code(ofImage: $0, in: cloud) }
        return [
            WorkRequest(number: numbers.originals, slot: .walkOriginals, work: .images(images)),
            WorkRequest(number: numbers.decoded, slot: .walkDecoded, work: .decode(codes)),
        ]
    }

    mutating func take(_ answer: WorkAnswer) {
        guard case .pictures(let pictures, let first) = answer.result else { return }
        for (offset, picture) in pictures.enumerated() where images.indices.contains(first + offset) {
            let image = images[first + offset]
            if answer.number == numbers.originals { originals[image] = picture }
            if answer.number == numbers.decoded { decoded[image] = picture }
        }
    }

    /// Those that are measured, the best first.
    var ranked: [Int] {
        let errors = images.compactMap { image in error(of: image).map { (image: image, error: $0) } }
        return errors.sorted { ($0.error, $0.image) < ($1.error, $1.image) }.map(\.image)
    }

    /// How far the model's picture is from the image, over the norm of the image; nil where that is not known.
    private func error(of image: Int) -> Double? {
        guard let original = originals[image], let picture = decoded[image],
            (original.width, original.height, original.channels) == (picture.width, picture.height, picture.channels)
        else { return nil }
        let nothing = Picture(
            width: original.width, height: original.height, channels: original.channels,
            values: Array(repeating: 0, count: original.values.count))
        let error = original.distance(to: picture) / original.distance(to: nothing)
        return error.isFinite ? error : nil
    }
}

extension WorkSlot {
    /// Images that a walk may begin or end at, and what the model makes of them.
    static let walkOriginals = WorkSlot("images of walk's ends", rank: 116, isIdle: true)
    static let walkDecoded = WorkSlot("pictures of walk's ends", rank: 117, isIdle: true)
}

extension WalkView {
    /// Has the images measured that ends may be drawn from.
    mutating func refreshCandidates(_ shared: inout Shared) -> [Effect] {
        candidates = nil
        guard let cloud = shared.cloud, cloud.count > 1 else { return [] }
        let candidates = WalkCandidates(of: cloud, numbers: (shared.nextNumber(), shared.nextNumber()))
        self.candidates = candidates
        return candidates.requests(cloud, shared).map(Effect.work)
    }

    /// An image that the model shows well, of another class than the other end; where there are no classes, far away from it.
    ///
    /// What is not measured yet is told from the codes.
    func goodImage(for side: WalkSide, _ shared: inout Shared) -> Int? {
        guard let cloud = shared.cloud, cloud.count > 1 else { return nil }
        let other: WalkSide = side == .start ? .end : .start
        let measured = candidates?.ranked ?? []
        let ranked = (measured.isEmpty ? cloud.typicalImages().map(\.image) : measured)
            .filter { shared.walkEnds[other] != .image($0) }
        guard let labels = cloud.labels, cloud.classes.count > 1 else {
            let best = ranked.prefix(max(1, ranked.count / 4))
            guard let point = shared.walkPoint(other) else { return best.first }
            func distance(_ image: Int) -> Float { cloud.mean(of: image).distance(to: point) }
            return best.max { distance($0) < distance($1) }
        }
        // The best of each class, of the half of the classes that is shown best.
        var seen = Set([shared.walkLabel(other)].compactMap { $0 })
        let best = ranked.filter { seen.insert(labels[$0]).inserted }
        return best.prefix(max(1, best.count / 2)).randomElement(using: &shared.generator) ?? ranked.first
    }
}
