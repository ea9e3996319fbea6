import Neural

/// The corners of a field's cells, or some of them, each joined to sixteen neighbors by chess kings' and knights' moves: with
/// kings' alone a way can be 8 % too long where all directions count the same, with both 3 %.
///
/// A corner's number is `row * width + column`.
struct CornerGraph: Sendable {
    /// Corners along each axis.
    let width: Int
    let height: Int
    private let field: MetricField
    /// From one corner to the next, in units of z.
    private let spacing: Double
    /// The lengths of the moves from the corners of the first rows, `[corners, 8]`.
    private var lengths: [Float] = []

    /// Each has an opposite.
    private static let moves: [(x: Int, y: Int)] = [
        (1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (2, -1), (1, 2), (1, -2),
    ]

    /// - Parameter most: how many cells there may be between corners along the field's longer side.
    init(of field: MetricField, most: Int) {
        self.field = field
        // A narrow field has two rows of corners at least.
        let (long, short) = (max(field.columns, field.rows), min(field.columns, field.rows))
        let stride = max(1, min(short, (long + most - 1) / most))
        (width, height) = (field.columns / stride + 1, field.rows / stride + 1)
        spacing = field.spacing * Double(stride)
        lengths.reserveCapacity(8 * width * height)
    }

    var count: Int { width * height }
    var isComplete: Bool { lengths.count == 8 * count }

    /// Measures the moves of some more corners.
    mutating func advance(_ corners: Int, on pool: WorkerPool) {
        let first = lengths.count / 8
        let measured = min(count - first, corners)
        lengths += [Float](unsafeUninitializedCapacity: 8 * measured) { buffer, initialized in
            initialized = 8 * measured
            guard let lengths = buffer.baseAddress else { return }
            pool.forEach((measured + CornerGraph.share - 1) / CornerGraph.share) { item, _ in
                for index in item * CornerGraph.share..<min(measured, (item + 1) * CornerGraph.share) {
                    measure(first + index, into: lengths + 8 * index)
                }
            }
        }
    }

    /// Corners that a thread takes at a time.
    private static let share = 64

    private func measure(_ corner: Int, into lengths: UnsafeMutablePointer<Float>) {
        let here = place(corner)
        let (row, column) = corner.quotientAndRemainder(dividingBy: width)
        for (index, move) in CornerGraph.moves.enumerated() {
            let there = here + spacing * SIMD2(Double(move.x), Double(move.y))
            let isThere = isInside(column + move.x, row + move.y)
            let length = isThere ? Float(field.length(from: here, to: there, stride: 2)) : .infinity
            (lengths + index).initialize(to: length)
        }
    }

    func place(_ corner: Int) -> SIMD2<Double> {
        field.origin + spacing * SIMD2(Double(corner % width), Double(corner / width))
    }

    /// The corners of the cell that holds a point, and how far they are.
    func corners(around point: SIMD2<Double>) -> [(corner: Int, length: Double)] {
        let place = (point - field.origin) / spacing
        let column = max(0, min(width - 2, Int(place.x)))
        let row = max(0, min(height - 2, Int(place.y)))
        let first = row * width + column
        return [first, first + 1, first + width, first + width + 1].map {
            ($0, field.length(from: point, to: self.place($0)))
        }
    }

    private func isInside(_ column: Int, _ row: Int) -> Bool {
        column >= 0 && row >= 0 && column < width && row < height
    }

    /// - Parameter body: is given a neighbor and how long the move there is.
    func forEachMove(from corner: Int, _ body: (Int, Double) -> Void) {
        let (row, column) = corner.quotientAndRemainder(dividingBy: width)
        for (index, move) in CornerGraph.moves.enumerated() {
            let shift = move.y * width + move.x
            if isInside(column + move.x, row + move.y) { body(corner + shift, Double(lengths[8 * corner + index])) }
            if isInside(column - move.x, row - move.y) {
                body(corner - shift, Double(lengths[8 * (corner - shift) + index]))
            }
        }
    }

    /// The corners closer to a point than that.
    func forEachCorner(within distance: Double, of point: SIMD2<Double>, _ body: (Int) -> Void) {
        let place = (point - field.origin) / spacing
        let far = Int((distance / spacing).rounded(.up))
        let (column, row) = (Int(place.x.rounded()), Int(place.y.rounded()))
        for y in max(0, row - far)..<max(0, min(height, row + far + 1)) {
            for x in max(0, column - far)..<max(0, min(width, column + far + 1)) {
                let apart = (SIMD2(Double(x), Double(y)) - place) * spacing
                if (apart * apart).sum() <= distance * distance { body(y * width + x) }
            }
        }
    }
}

/// How long the shortest ways from a point to the corners around are (Dijkstra 1959), as far as they may belong to a way to
/// another point.
struct CornerTree: Sendable {
    /// `[corners]`; infinite where none was found yet.
    private(set) var lengths: [Double]
    /// The corner before, on the way from the root; −1 for the first one.
    private(set) var previous: [Int32]
    private(set) var isComplete = false
    private var queue = PriorityQueue()
    /// How much longer than the shortest a way to the goal may be.
    private let detour: Double
    /// The corners around the goal, and how far it is from them.
    private let goals: [(corner: Int, length: Double)]
    /// Corners that are further away aren't wanted.
    private var limit = Double.infinity

    /// - Parameter detour: how many times longer than the shortest a way to the goal may be.
    init(from root: SIMD2<Double>, to goal: SIMD2<Double>, detour: Double, in graph: CornerGraph) {
        self.detour = detour
        goals = graph.corners(around: goal)
        lengths = Array(repeating: .infinity, count: graph.count)
        previous = Array(repeating: -1, count: graph.count)
        for (corner, length) in graph.corners(around: root) {
            lengths[corner] = length
            queue.insert(corner, length)
        }
    }

    /// Follows the moves of the next few corners.
    mutating func advance(_ count: Int, in graph: CornerGraph) {
        for _ in 0..<count {
            guard let (length, corner) = queue.removeFirst(), length <= limit else {
                isComplete = true
                return
            }
            guard length <= lengths[corner] else { continue }
            for goal in goals where goal.corner == corner { limit = min(limit, detour * (length + goal.length)) }
            graph.forEachMove(from: corner) { next, move in
                let total = length + move
                guard total < lengths[next] else { return }
                lengths[next] = total
                previous[next] = Int32(corner)
                queue.insert(next, total)
            }
        }
    }

    /// The corners from one back to the root's.
    func way(to corner: Int) -> [Int] {
        var way = [corner]
        while let last = way.last, previous[last] >= 0 { way.append(Int(previous[last])) }
        return way
    }
}
