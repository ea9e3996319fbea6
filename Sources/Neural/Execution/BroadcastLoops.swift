import CKernels

/// The loops over a result whose operands may be repeated along some of its axes: axes that can be walked as one are
/// merged, the innermost two are left to C, and the places where those begin are counted when the plan is made.
struct BroadcastLoops {
    /// Where each of up to three operands begins.
    typealias Places = (first: Int, second: Int, third: Int)

    private let inner: lw_broadcast
    private let starts: [Places]
    /// Elements of the result.
    let count: Int

    /// - Parameters:
    ///   - output: the result's extents, outermost first.
    ///   - operands: up to three operands' extents, as many as the result's, each 1 where it is repeated; nil for a number.
    init(output: [Int], operands: [[Int]?]) {
        self.init(
            output: output,
            steps: operands.map { extents in
                extents.map { zip($0, rowMajorStrides($0)).map { $0 == 1 ? 0 : $1 } } ?? output.map { _ in 0 }
            })
    }

    /// - Parameter steps: for up to three operands the distance between neighbors along each of the result's axes.
    init(output: [Int], steps: [[Int]]) {
        let steps = steps + (steps.count..<3).map { _ in output.map { _ in 0 } }
        var axes = BroadcastLoops.merged(output.indices.map { axis in (output[axis], steps.map { $0[axis] }) })
        let columns = axes.popLast() ?? (extent: 1, steps: [0, 0, 0])
        let rows = axes.popLast() ?? (extent: 1, steps: [0, 0, 0])
        func three(_ list: [Int]) -> Places { (list[0], list[1], list[2]) }
        starts = axes.reduce([(0, 0, 0)]) { places, axis in
            places.flatMap { place in
                (0..<axis.extent).map { index in
                    (
                        place.0 + index * axis.steps[0], place.1 + index * axis.steps[1],
                        place.2 + index * axis.steps[2]
                    )
                }
            }
        }
        inner = lw_broadcast(
            rows: rows.extent, columns: columns.extent, y_row: columns.extent, row: three(rows.steps),
            column: three(columns.steps))
        count = output.reduce(1, *)
    }

    private typealias Axis = (extent: Int, steps: [Int])

    private static func merged(_ axes: [Axis]) -> [Axis] {
        axes.filter { $0.extent > 1 }.reduce(into: []) { merged, axis in
            if let outer = merged.last, outer.steps == axis.steps.map({ $0 * axis.extent }) {
                merged[merged.count - 1] = (outer.extent * axis.extent, axis.steps)
            } else {
                merged.append(axis)
            }
        }
    }

    /// Into how many parts the work is to be cut for two threads: too little is not worth their meeting.
    var parts: Int { count < 16_384 ? 1 : 4 }

    /// Calls the body for each piece of a part, with where the operands and the result begin in it.
    @inline(__always)
    func visit(part: Int = 0, of parts: Int = 1, _ body: (lw_broadcast, Places, _ output: Int) -> Void) {
        let rows = starts.count * inner.rows
        guard rows >= parts else { return visitColumns(part, parts, body) }
        var row = rows * part / parts
        let end = rows * (part + 1) / parts
        while row < end {
            let (start, first) = (starts[row / inner.rows], row % inner.rows)
            var piece = inner
            piece.rows = min(inner.rows - first, end - row)
            body(
                piece,
                (
                    start.first + first * inner.row.0, start.second + first * inner.row.1,
                    start.third + first * inner.row.2
                ), row * inner.columns)
            row += piece.rows
        }
    }

    /// Some of the columns, a multiple of what vectors hold, so that each element is computed as without parts.
    private func visitColumns(_ part: Int, _ parts: Int, _ body: (lw_broadcast, Places, Int) -> Void) {
        func cut(_ part: Int) -> Int { part == parts ? inner.columns : inner.columns * part / parts / 64 * 64 }
        let first = cut(part)
        var piece = inner
        piece.columns = cut(part + 1) - first
        for (index, start) in starts.enumerated() {
            body(
                piece,
                (
                    start.first + first * inner.column.0, start.second + first * inner.column.1,
                    start.third + first * inner.column.2
                ), index * inner.rows * inner.columns + first)
        }
    }
}
