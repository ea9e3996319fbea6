/// The class that a conditional model is asked for at a point: one of its classes, or somewhere on the way from one to
/// another.
public struct ClassMix: Hashable, Sendable {
    /// A class and its share.
    public struct Part: Hashable, Sendable {
        /// Its number, from 0.
        public let label: Int
        /// Above 0, at most 1.
        public let share: Float
    }

    /// Each class once, by number; their shares add up to 1.
    public let parts: [Part]

    /// One class alone.
    public init(_ label: Int) { parts = [Part(label: label, share: 1)] }

    private init(parts: [Part]) { self.parts = parts }

    /// The class with the greatest share, of equal ones the first: what a model is asked for that takes whole classes.
    public var nearest: Int { parts.max { ($0.share, $1.label) < ($1.share, $0.label) }?.label ?? 0 }

    /// Whether it is one class alone.
    public var isPure: Bool { parts.count == 1 }

    /// What lies at a share (0…1) of the straight way to another.
    public func mixed(with other: ClassMix, share: Float) -> ClassMix {
        guard self != other, share > 0 else { return self }
        guard share < 1 else { return other }
        var shares: [Int: Float] = [:]
        for part in parts { shares[part.label, default: 0] += (1 - share) * part.share }
        for part in other.parts { shares[part.label, default: 0] += share * part.share }
        return ClassMix(parts: shares.map { Part(label: $0.key, share: $0.value) }.sorted { $0.label < $1.label })
    }
}

extension LatentPoint {
    /// The same place, asked for as another class.
    public func labelled(_ label: ClassMix?) -> LatentPoint {
        var point = self
        point.label = label
        return point
    }

    /// The label at a share of the way to another point: nil where neither has one.
    public func label(towards other: LatentPoint, share: Float) -> ClassMix? {
        guard let label, let end = other.label else { return self.label ?? other.label }
        return label.mixed(with: end, share: share)
    }
}
