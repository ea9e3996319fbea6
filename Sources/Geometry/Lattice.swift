import Latent

/// Some points of a square lattice and two ends between them, decoded bit by bit, as a graph.
struct Lattice {
    /// Chess kings' and knights' moves: with kings' alone a path can be 8 % too long, with both 3 %.
    private static let moves: [SIMD2<Int32>] = [
        SIMD2(1, 0), SIMD2(0, 1), SIMD2(1, 1), SIMD2(1, -1), SIMD2(2, 1), SIMD2(2, -1), SIMD2(1, 2), SIMD2(1, -2),
    ].flatMap { [$0, SIMD2(0, 0) &- $0] }

    private let nodes: [SIMD2<Int32>]
    private let numbers: [SIMD2<Int32>: Int]
    /// The nodes' coordinates, then the two ends', `[points, 2]`.
    private let coordinates: [Float]
    /// The nodes that each end is joined to.
    private let joined: (start: [Int], end: [Int])
    /// What is kept of the images of those that are decoded, `[points, kept]`.
    private var sketches: [Float] = []
    private var factors: [Double] = []
    private var kept = 0

    /// - Parameters:
    ///   - nodes: places in spacings from the origin.
    ///   - ends: those nodes that nearly coincide with one are left out.
    init(
        _ nodes: [SIMD2<Int32>], origin: SIMD2<Double>, spacing: Double,
        ends: (start: SIMD2<Double>, end: SIMD2<Double>)
    ) {
        func place(_ node: SIMD2<Int32>) -> SIMD2<Double> {
            origin + spacing * SIMD2(Double(node.x), Double(node.y))
        }
        func distance(_ node: SIMD2<Int32>, _ end: SIMD2<Double>) -> Double {
            let apart = (place(node) - end) / spacing
            return (apart * apart).sum().squareRoot()
        }
        let nodes = nodes.filter { distance($0, ends.start) > 0.3 && distance($0, ends.end) > 0.3 }
        self.nodes = nodes
        numbers = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        coordinates = (nodes.map(place) + [ends.start, ends.end]).flatMap { [Float($0.x), Float($0.y)] }
        joined = (
            nodes.indices.filter { distance(nodes[$0], ends.start) < 1.6 },
            nodes.indices.filter { distance(nodes[$0], ends.end) < 1.6 }
        )
    }

    private var start: Int { nodes.count }
    private var end: Int { nodes.count + 1 }

    var isDecoded: Bool { factors.count == nodes.count + 2 }

    /// Decodes the next few points.
    mutating func decode(_ count: Int, in space: DecodedSpace, under metric: LatentMetric) {
        let range = factors.count..<min(nodes.count + 2, factors.count + count)
        let places = Array(coordinates[2 * range.lowerBound..<2 * range.upperBound])
        let images = space.images(at: places, weighting: metric.weighting)
        kept = Lattice.sketch(images, elements: space.elements, into: &sketches)
        for point in 0..<range.count {
            factors.append(metric.density?.factor(at: space.coordinates(point, of: places)).value ?? 1)
        }
    }

    /// An image of more numbers is kept as means of neighbors, which are as far apart as the images wherever those are
    /// smooth: hundreds of images are in memory at once.
    private static let mostKept = 4096

    /// - Returns: how many numbers are kept of each image.
    private static func sketch(_ images: [Float], elements: Int, into sketches: inout [Float]) -> Int {
        let group = (elements + mostKept - 1) / mostKept
        guard group > 1 else {
            sketches += images
            return elements
        }
        let scale = 1 / Float(group).squareRoot()
        for start in stride(from: 0, to: images.count, by: elements) {
            for first in stride(from: start, to: start + elements, by: group) {
                sketches.append(scale * images[first..<min(start + elements, first + group)].reduce(0, +))
            }
        }
        return (elements + group - 1) / group
    }

    /// The shortest path from one end to the other, with the length of each of its segments; nil where there is none.
    ///
    /// - Parameter bending: κ²/24 of the images: an edge over a chord c counts c (1 + κ²c²/24).
    func shortestPath(bending: Double) -> (path: LatentPath, steps: [Double])? {
        var distances = [Double](repeating: .infinity, count: nodes.count + 2)
        var previous = [Int](repeating: -1, count: nodes.count + 2)
        var queue = PriorityQueue()
        let isNearEnd = Set(joined.end)
        distances[start] = 0
        queue.insert(start, 0)
        while let (distance, point) = queue.removeFirst(), point != end {
            guard distance <= distances[point] else { continue }
            for neighbor in neighbors(of: point, isNearEnd: isNearEnd.contains(point)) {
                let total = distance + length(point, neighbor, bending)
                guard total < distances[neighbor] else { continue }
                distances[neighbor] = total
                previous[neighbor] = point
                queue.insert(neighbor, total)
            }
        }
        guard distances[end].isFinite else { return nil }
        var points = [end]
        while let point = points.last, point != start { points.append(previous[point]) }
        points.reverse()
        return (
            LatentPath(coordinates: points.flatMap { coordinates[2 * $0..<2 * $0 + 2] }, dimension: 2),
            zip(points, points.dropFirst()).map { distances[$1] - distances[$0] }
        )
    }

    private func neighbors(of point: Int, isNearEnd: Bool) -> [Int] {
        guard point != start else { return joined.start }
        return Lattice.moves.compactMap { numbers[nodes[point] &+ $0] } + (isNearEnd ? [end] : [])
    }

    private func length(_ one: Int, _ other: Int, _ bending: Double) -> Double {
        let squares = sketches.withUnsafeBufferPointer { sketches in
            sketches.baseAddress.map { squaredDistance($0 + one * kept, $0 + other * kept, count: kept) } ?? 0
        }
        return ((factors[one] + factors[other]) / 2 * squares).squareRoot() * (1 + bending * squares)
    }
}

/// A binary heap, least first.
struct PriorityQueue {
    private var heap: [(priority: Double, item: Int)] = []

    mutating func insert(_ item: Int, _ priority: Double) {
        heap.append((priority, item))
        var child = heap.count - 1
        while child > 0, heap[child].priority < heap[(child - 1) / 2].priority {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> (priority: Double, item: Int)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].priority < heap[least].priority { least = child }
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
