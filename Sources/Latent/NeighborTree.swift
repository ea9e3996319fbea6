/// A k-d tree over points: which of them lie nearest to a place, and which lie around it.
///
/// Median splits along the widest side, kept implicitly: a node is a slice of the points, its children are the halves
/// of the slice (Bentley 1975; Friedman, Bentley and Finkel 1977).
public struct NeighborTree: Sendable {
    /// Number of coordinates of a point.
    public let dimension: Int
    /// The points' coordinates in the tree's order, `[count, dimension]`.
    private let coordinates: [Float]
    /// Index in the caller's order of each point in the tree's order.
    private let original: [Int32]
    /// Where each node is split, by node number; node `n` has the children `2n + 1` and `2n + 2`.
    private let splits: [Split]

    /// The lower half has no coordinate above `value` along `axis`, the upper half none below.
    fileprivate struct Split {
        var axis: UInt16
        var value: Float
    }

    /// Slices of this size or less are searched through. Of many dimensions no half of the points can be left out (Weber,
    /// Schek and Blott 1998), and all are: they are kept as they came.
    fileprivate static func leafSize(dimension: Int) -> Int { dimension <= 64 ? 12 : .max }

    public var count: Int { original.count }

    /// - Parameter points: `[count, dimension]`, row by row.
    /// - Complexity: O(n log n).
    public init(points: [Float], dimension: Int) {
        precondition(
            dimension > 0 && dimension <= 65_536 && points.count % dimension == 0, "a point has all coordinates")
        var builder = NeighborTreeBuilder(points: points, dimension: dimension)
        builder.split(0..<points.count / dimension, node: 0)
        self.dimension = dimension
        original = builder.order
        splits = builder.splits
        coordinates =
            splits.isEmpty
            ? points : builder.order.flatMap { points[Int($0) * dimension..<(Int($0) + 1) * dimension] }
    }

    /// The nearest point, by its index in the caller's order, with its Euclidean distance; nil where there are none.
    ///
    /// Among equally near points the one with the lowest index.
    public func nearest(to place: LatentPoint) -> (index: Int, distance: Float)? {
        precondition(place.count == dimension, "the place has as many coordinates as the points")
        guard count > 0 else { return nil }
        var best = (index: Int.max, squared: Float.infinity)
        visit(0..<count, node: 0, around: place.coordinates) {
            best.squared
        } body: { index, squared in
            if squared < best.squared || (squared == best.squared && index < best.index) { best = (index, squared) }
        }
        return best.index < count ? (best.index, best.squared.squareRoot()) : nil
    }

    /// The nearest points, by their indices in the caller's order, with their Euclidean distances: the nearest first, of
    /// equally near ones the one with the lowest index. Points that are not finite are never among them.
    ///
    /// - Parameter most: how many, where there are as many.
    /// - Complexity: about O(log n + `most`²) of few dimensions.
    public func nearest(_ most: Int, to place: LatentPoint) -> [(index: Int, distance: Float)] {
        precondition(place.count == dimension, "the place has as many coordinates as the points")
        guard most > 0 else { return [] }
        var found: [(squared: Float, index: Int)] = []
        found.reserveCapacity(most + 1)
        visit(0..<count, node: 0, around: place.coordinates) {
            found.count < most ? .infinity : found[most - 1].squared
        } body: { index, squared in
            guard squared < .infinity, found.count < most || (squared, index) < found[most - 1] else { return }
            if found.count == most { found.removeLast() }
            var position = found.count
            while position > 0, (squared, index) < found[position - 1] { position -= 1 }
            found.insert((squared, index), at: position)
        }
        return found.map { ($0.index, $0.squared.squareRoot()) }
    }

    /// Calls `body` with the index and the squared distance of each point within `radius`, in no particular order.
    public func forEachPoint(
        within radius: Float, of place: LatentPoint, _ body: (_ index: Int, _ squaredDistance: Float) -> Void
    ) {
        precondition(place.count == dimension, "the place has as many coordinates as the points")
        let limit = radius * radius
        visit(0..<count, node: 0, around: place.coordinates) {
            limit
        } body: { index, squared in
            if squared <= limit { body(index, squared) }
        }
    }

    /// Walks the slices that may hold points within √`limit()` of a place, nearer halves first.
    private func visit(
        _ slice: Range<Int>, node: Int, around place: [Float], limit: () -> Float, body: (Int, Float) -> Void
    ) {
        guard slice.count > Self.leafSize(dimension: dimension) else {
            for position in slice { body(Int(original[position]), squaredDistance(position, place, upTo: limit())) }
            return
        }
        let split = splits[node]
        let middle = slice.lowerBound + slice.count / 2
        let toSplit = place[Int(split.axis)] - split.value
        let lower = (slice.lowerBound..<middle, 2 * node + 1)
        let upper = (middle..<slice.upperBound, 2 * node + 2)
        let (near, far) = toSplit < 0 ? (lower, upper) : (upper, lower)
        visit(near.0, node: near.1, around: place, limit: limit, body: body)
        // Written so that a split at a value that is no number hides nothing.
        if toSplit * toSplit > limit() { return }
        visit(far.0, node: far.1, around: place, limit: limit, body: body)
    }

    /// - Parameter limit: beyond it any greater number will do.
    private func squaredDistance(_ position: Int, _ place: [Float], upTo limit: Float) -> Float {
        coordinates.withUnsafeBufferPointer { coordinates in
            place.withUnsafeBufferPointer { place in
                var (sum, axis): (Float, Int) = (0, 0)
                let first = position * dimension
                while axis + 64 <= dimension {
                    // In eight sums, which a processor adds at once.
                    var sums = SIMD8<Float>.zero
                    for start in stride(from: axis, to: axis + 64, by: 8) {
                        for lane in 0..<8 {
                            let difference = coordinates[first + start + lane] - place[start + lane]
                            sums[lane] += difference * difference
                        }
                    }
                    sum += sums.sum()
                    if sum > limit { return sum }
                    axis += 64
                }
                for axis in axis..<dimension {
                    let difference = coordinates[first + axis] - place[axis]
                    sum += difference * difference
                }
                return sum
            }
        }
    }
}

/// Brings the points' indices into the tree's order.
private struct NeighborTreeBuilder {
    let points: [Float]
    let dimension: Int
    var order: [Int32]
    var splits: [NeighborTree.Split] = []

    init(points: [Float], dimension: Int) {
        self.points = points
        self.dimension = dimension
        order = (0..<Int32(points.count / dimension)).map { $0 }
    }

    mutating func split(_ slice: Range<Int>, node: Int) {
        guard slice.count > NeighborTree.leafSize(dimension: dimension) else { return }
        let axis = widestAxis(slice)
        let middle = slice.lowerBound + slice.count / 2
        partition(slice, at: middle, along: axis)
        let plane = NeighborTree.Split(axis: UInt16(axis), value: value(middle, axis))
        if splits.count <= node { splits.append(contentsOf: repeatElement(plane, count: node + 1 - splits.count)) }
        splits[node] = plane
        split(slice.lowerBound..<middle, node: 2 * node + 1)
        split(middle..<slice.upperBound, node: 2 * node + 2)
    }

    private func value(_ position: Int, _ axis: Int) -> Float { points[Int(order[position]) * dimension + axis] }

    private func widestAxis(_ slice: Range<Int>) -> Int {
        var widest = (axis: 0, extent: -Float.infinity)
        for axis in 0..<dimension {
            var low = Float.infinity
            var high = -Float.infinity
            for position in slice {
                low = min(low, value(position, axis))
                high = max(high, value(position, axis))
            }
            if high - low > widest.extent { widest = (axis, high - low) }
        }
        return widest.axis
    }

    /// Puts the value that belongs at `target` there, smaller ones before it and greater ones behind (Hoare 1961).
    private mutating func partition(_ slice: Range<Int>, at target: Int, along axis: Int) {
        var low = slice.lowerBound
        var high = slice.upperBound - 1
        while low < high {
            let pivot = value((low + high) / 2, axis)
            var left = low
            var right = high
            while left <= right {
                while value(left, axis) < pivot { left += 1 }
                while pivot < value(right, axis) { right -= 1 }
                if left <= right {
                    order.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if target <= right {
                high = right
            } else if target >= left {
                low = left
            } else {
                return
            }
        }
    }
}
