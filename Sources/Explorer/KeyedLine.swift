import Cells

/// A line of the screen whose parts stand for keys: one can press them with the mouse.
struct KeyedLine: Hashable {
    /// A piece of text in its place, and the key that it stands for.
    struct Part: Hashable {
        let column: Int
        let spans: [Span]
        let key: Key?

        var columns: Range<Int> { column..<column + spans.reduce(0) { $0 + $1.columns } }
    }

    private(set) var parts: [Part] = []

    /// The column after the last part.
    var end: Int { parts.last?.columns.upperBound ?? 0 }

    mutating func append(_ spans: [Span], at column: Int, for key: Key? = nil) {
        parts.append(Part(column: column, spans: spans, key: key))
    }

    func draw(row: Int, into canvas: inout Canvas) {
        for part in parts { canvas.write(part.spans, column: part.column, row: row) }
    }

    func key(at column: Int) -> Key? { parts.first { $0.columns.contains(column) }?.key }
}
