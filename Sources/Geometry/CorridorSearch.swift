/// The shortest way between two points over some corners of a field's cells (Dijkstra 1959), each joined to sixteen neighbors
/// by chess kings' and knights' moves: with kings' alone a way can be 8 % too long where all directions count the same, with
/// both 3 %.
struct CorridorSearch: Sendable {
    private let field: MetricField
    /// From one corner to the next, in cells of the field.
    private let stride: Int
    private let start: SIMD2<Double>
    private let end: SIMD2<Double>
    /// What a corner's moves cost more, `[corners]`.
    private let penalties: [Float]
    private var lengths: [Double]
    private var previous: [Int32]
    private var queue = PriorityQueue()
    /// The corners of the end's cell that were not reached yet.
    private var goals: Set<Int>
    private var isFinished = false

    /// A corner's number is `row * width + column`.
    private var width: Int { field.columns / stride + 1 }
    private var height: Int { field.rows / stride + 1 }

    /// - Parameters:
    ///   - start, end: in the field.
    ///   - corridors: ways that are to be avoided.
    init(
        from start: SIMD2<Double>, to end: SIMD2<Double>, in field: MetricField, stride: Int,
        avoiding corridors: [[SIMD2<Double>]]
    ) {
        (self.start, self.end, self.field, self.stride) = (start, end, field, stride)
        let (width, height) = (field.columns / stride + 1, field.rows / stride + 1)
        let count = width * height
        penalties = CorridorSearch.penalties(
            along: corridors, width, height, origin: field.origin, spacing: field.spacing * Double(stride))
        lengths = Array(repeating: .infinity, count: count)
        previous = Array(repeating: -1, count: count)
        goals = []
        goals = Set(corners(around: end))
        for corner in corners(around: start) {
            lengths[corner] = length(from: start, to: place(corner)) * Double(penalties[corner])
            queue.insert(corner, lengths[corner])
        }
    }

    /// How much more a move in the middle of an avoided corridor costs.
    private static let penalty: Float = 1.3
    /// Half of a corridor's width, in units of z.
    private static let reach = 0.15

    private static func penalties(
        along corridors: [[SIMD2<Double>]], _ width: Int, _ height: Int, origin: SIMD2<Double>, spacing: Double
    ) -> [Float] {
        var penalties = [Float](repeating: 1, count: width * height)
        let far = Int((reach / spacing).rounded(.up))
        for point in corridors.joined() {
            let place = (point - origin) / spacing
            let (column, row) = (Int(place.x.rounded()), Int(place.y.rounded()))
            for y in max(0, row - far)..<max(0, min(height, row + far + 1)) {
                for x in max(0, column - far)..<max(0, min(width, column + far + 1)) {
                    let apart = (SIMD2(Double(x), Double(y)) - place) * spacing
                    if (apart * apart).sum() <= reach * reach { penalties[y * width + x] = penalty }
                }
            }
        }
        return penalties
    }

    /// The way, once it is found.
    var way: [SIMD2<Double>]? {
        guard isFinished else { return nil }
        let last = corners(around: end).min { total($0) < total($1) }
        var places = [end]
        var corner = last.map(Int32.init) ?? -1
        while corner >= 0 {
            places.append(place(Int(corner)))
            corner = previous[Int(corner)]
        }
        return [start] + places.reversed()
    }

    private func total(_ corner: Int) -> Double { lengths[corner] + length(from: place(corner), to: end) }

    /// Follows the moves of the next few corners.
    mutating func advance(_ count: Int) {
        for _ in 0..<count {
            guard !isFinished else { return }
            guard let (length, corner) = queue.removeFirst() else {
                isFinished = true
                return
            }
            guard length <= lengths[corner] else { continue }
            goals.remove(corner)
            isFinished = goals.isEmpty
            follow(corner)
        }
    }

    private mutating func follow(_ corner: Int) {
        let (column, row) = (corner % width, corner / width)
        for (x, y) in CorridorSearch.moves {
            let (nextColumn, nextRow) = (column + x, row + y)
            guard nextColumn >= 0, nextRow >= 0, nextColumn < width, nextRow < height else { continue }
            let next = nextRow * width + nextColumn
            let penalty = Double(penalties[corner] + penalties[next]) / 2
            let total = lengths[corner] + penalty * length(of: (x, y), column, row)
            guard total < lengths[next] else { continue }
            lengths[next] = total
            previous[next] = Int32(corner)
            queue.insert(next, total)
        }
    }

    private static let moves: [(Int, Int)] = [(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (2, -1), (1, 2), (1, -2)]
        .flatMap { [$0, (-$0.0, -$0.1)] }

    /// The length of a move, cell by cell of the field.
    private func length(of move: (Int, Int), _ column: Int, _ row: Int) -> Double {
        let parts = stride * max(abs(move.0), abs(move.1))
        let step = SIMD2(Double(move.0 * stride), Double(move.1 * stride)) / Double(parts)
        var place = SIMD2(Double(column * stride), Double(row * stride)) + step / 2
        var total = 0.0
        for _ in 0..<parts {
            total += field.square(of: step, column: Int(place.x), row: Int(place.y)).squareRoot()
            place += step
        }
        return total * field.spacing
    }

    private func place(_ corner: Int) -> SIMD2<Double> {
        field.origin + field.spacing * Double(stride) * SIMD2(Double(corner % width), Double(corner / width))
    }

    /// Of the cell that holds a point.
    private func corners(around point: SIMD2<Double>) -> [Int] {
        let place = (point - field.origin) / (field.spacing * Double(stride))
        let column = max(0, min(width - 2, Int(place.x)))
        let row = max(0, min(height - 2, Int(place.y)))
        let first = row * width + column
        return [first, first + 1, first + width, first + width + 1]
    }

    /// Of a short step.
    private func length(from one: SIMD2<Double>, to other: SIMD2<Double>) -> Double {
        let place = ((one + other) / 2 - field.origin) / field.spacing
        return field.square(of: other - one, column: Int(place.x), row: Int(place.y)).squareRoot()
    }
}
