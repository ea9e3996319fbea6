/// Columns of text, each as wide as its widest cell.
struct TextTable {
    enum Alignment { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ alignments: [Alignment]) { self.alignments = alignments }

    /// - Precondition: at most as many cells as there are columns.
    mutating func add(_ cells: [String]) {
        precondition(cells.count <= alignments.count, "a row fits the columns")
        rows.append(cells)
    }

    /// The rows, two spaces between columns, nothing at the ends of lines.
    var lines: [String] {
        let widths = alignments.indices.map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return alignments[column] == .left ? cell + space : space + cell
            }
            let line = cells.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)])
        }
    }
}
