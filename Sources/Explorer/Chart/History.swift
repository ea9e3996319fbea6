/// All measurements of one quantity over a run, in bounded memory.
///
/// When there are too many, neighbors are put together in twos. Such a group keeps the mean, the last value and both
/// extremes, so that a spike is seen however long the run becomes.
public struct History: Hashable, Sendable {
    /// Neighboring measurements as one.
    public struct Group: Hashable, Sendable {
        /// Position of the first measurement, and of the last.
        public private(set) var first: Double
        public private(set) var last: Double
        public private(set) var least: Double
        public private(set) var greatest: Double
        public private(set) var count: Int
        /// The newest of the values.
        public private(set) var newest: Double
        private var sum: Double

        public var mean: Double { sum / Double(count) }

        fileprivate init(_ value: Double, at position: Double) {
            (first, last) = (position, position)
            (least, greatest, newest, sum) = (value, value, value, value)
            count = 1
        }

        fileprivate func multiplied(by factor: Double) -> Group {
            var group = self
            group.least = min(factor * least, factor * greatest)
            group.greatest = max(factor * least, factor * greatest)
            group.newest *= factor
            group.sum *= factor
            return group
        }

        /// Takes up what follows.
        fileprivate mutating func append(_ next: Group) {
            last = next.last
            least = min(least, next.least)
            greatest = max(greatest, next.greatest)
            newest = next.newest
            sum += next.sum
            count += next.count
        }
    }

    /// In the order of their positions.
    public private(set) var groups: [Group] = []
    /// Measurements that a group takes before a new one begins.
    private var groupSize = 1
    private let limit: Int

    /// - Parameter limit: how many groups there are at most; even, and two or more.
    public init(limit: Int = 4096) {
        precondition(limit >= 2 && limit % 2 == 0, "groups are put together in twos")
        self.limit = limit
    }

    public var isEmpty: Bool { groups.isEmpty }
    public var newest: Double? { groups.last?.newest }
    /// Position of the newest measurement.
    public var end: Double? { groups.last?.last }

    /// Takes a measurement. A value that is not finite has no place on an axis and is left out.
    ///
    /// A position that is not behind the newest means that the run went back, to an earlier checkpoint, and goes on from
    /// there: what had been measured from that position on is dropped.
    ///
    /// - Parameter position: along the run, in steps.
    public mutating func append(_ value: Double, at position: Double) {
        guard value.isFinite, position.isFinite else { return }
        if let end, position <= end { groups.removeAll { $0.last >= position } }
        let measurement = Group(value, at: position)
        if let last = groups.last, last.count < groupSize {
            groups[groups.count - 1].append(measurement)
            return
        }
        if groups.count == limit { halve() }
        groups.append(measurement)
    }

    private mutating func halve() {
        groups = stride(from: 0, to: groups.count, by: 2).map { index in
            var group = groups[index]
            if index + 1 < groups.count { group.append(groups[index + 1]) }
            return group
        }
        groupSize *= 2
    }

    /// The groups that begin within a range.
    public func groups(in range: ClosedRange<Double>) -> ArraySlice<Group> {
        let start = firstIndex { $0.first >= range.lowerBound }
        let end = firstIndex { $0.first > range.upperBound }
        return groups[start..<max(start, end)]
    }

    /// Index of the first group that fulfills a condition which, once fulfilled, stays so.
    private func firstIndex(where isFulfilled: (Group) -> Bool) -> Int {
        var (low, high) = (0, groups.count)
        while low < high {
            let middle = (low + high) / 2
            if isFulfilled(groups[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The same in other units.
    public func multiplied(by factor: Double) -> History {
        guard factor != 1 else { return self }
        var history = self
        history.groups = groups.map { $0.multiplied(by: factor) }
        return history
    }

    /// Exponentially smoothed values, one a group: mₖ = d·mₖ₋₁ + (1 − d)·xₖ, divided by 1 − dᵏ, which takes out the start
    /// at zero (Kingma & Ba 2015, section 3). A group counts as often as it has measurements.
    ///
    /// - Parameter decay: d, 0…1; zero leaves the means as they are.
    public func smoothed(decay: Double) -> [Double] {
        var (average, weight) = (0.0, 0.0)
        return groups.map { group in
            var keep = 1.0
            for _ in 0..<min(group.count, 4096) { keep *= decay }
            average = keep * average + (1 - keep) * group.mean
            weight = keep * weight + (1 - keep)
            return weight > 0 ? average / weight : group.mean
        }
    }
}
