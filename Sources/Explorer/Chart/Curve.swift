/// One curve of a chart.
struct Curve: Hashable, Sendable {
    /// As it stands at the right end.
    let name: String
    let history: History
    let scale: ChartScale
    /// Told apart without color too: every third pair of dots is left out.
    var isDashed = false
    /// The newest value, in the words of its axis.
    var newest = ""

    /// Whether there is a measurement of it in what is shown.
    func isDrawn(in span: ChartSpan) -> Bool { !history.groups(in: span.range).isEmpty }

    /// What a column of dots shows of a curve: where the line comes in, where it goes out, how far it reaches between.
    private struct Reach {
        var enter: Double
        var leave: Double
        var least: Double
        var greatest: Double
    }

    /// Draws the line, joined from column to column.
    ///
    /// Without smoothing a column with many measurements is drawn from their least to their greatest. With smoothing the
    /// line is the smoothed one, and a dot at each extreme keeps in sight what it has smoothed away.
    ///
    /// - Parameters:
    ///   - decay: of the smoothing; nil for none.
    ///   - rank: of the line.
    ///   - extremesRank: of the extremes beside a smoothed line.
    func draw(into grid: inout DotGrid, span: ChartSpan, decay: Double?, rank: UInt8, extremesRank: UInt8) {
        var reaches = [Reach?](repeating: nil, count: grid.columns)
        let smoothed = decay.map { history.smoothed(decay: $0) }
        let visible = history.groups(in: span.range)
        func value(_ index: Int) -> Double { smoothed?[index] ?? history.groups[index].mean }
        if let before = history.groups.indices.contains(visible.startIndex - 1) ? visible.startIndex - 1 : nil,
            let next = visible.first
        {
            // The line comes in from before the left end.
            let (from, to) = (history.groups[before].last, next.first)
            let share = (span.range.lowerBound - from) / max(to - from, 1e-9)
            let edge = value(before) + (value(visible.startIndex) - value(before)) * share
            reaches[0] = Reach(enter: edge, leave: edge, least: edge, greatest: edge)
        }
        for index in visible.indices {
            let group = history.groups[index]
            let place = span.place(of: (group.first + group.last) / 2)
            let column = min(grid.columns - 1, Int(place * Double(grid.columns)))
            if decay != nil {
                dot(group.least, column: column, into: &grid, rank: extremesRank)
                dot(group.greatest, column: column, into: &grid, rank: extremesRank)
            }
            let value = value(index)
            let (low, high) = decay == nil ? (group.least, group.greatest) : (value, value)
            var reach = reaches[column] ?? Reach(enter: value, leave: value, least: low, greatest: high)
            reach.leave = value
            reach.least = min(reach.least, low)
            reach.greatest = max(reach.greatest, high)
            reaches[column] = reach
        }
        join(reaches, into: &grid, rank: rank)
    }

    private func join(_ reaches: [Reach?], into grid: inout DotGrid, rank: UInt8) {
        var last: (column: Int, height: Double)?
        for (column, reach) in reaches.enumerated() {
            guard let reach else { continue }
            let enter = scale.height(of: reach.enter)
            if let last { connect(last, (column, enter), into: &grid, rank: rank) }
            fill(scale.height(of: reach.least), scale.height(of: reach.greatest), column, into: &grid, rank)
            last = (column, scale.height(of: reach.leave))
        }
    }

    /// A straight line: in each column from where it comes in to where it goes out.
    private func connect(
        _ start: (column: Int, height: Double), _ end: (column: Int, height: Double), into grid: inout DotGrid,
        rank: UInt8
    ) {
        let slope = (end.height - start.height) / Double(end.column - start.column)
        func height(_ column: Double) -> Double { start.height + (column - Double(start.column)) * slope }
        for column in start.column...end.column {
            let left = max(Double(start.column), Double(column) - 0.5)
            let right = min(Double(end.column), Double(column) + 0.5)
            fill(height(left), height(right), column, into: &grid, rank)
        }
    }

    /// Dots from one height to another, as far as they lie within the grid.
    private func fill(_ one: Double, _ other: Double, _ column: Int, into grid: inout DotGrid, _ rank: UInt8) {
        guard !isDashed || column / 3 % 2 == 0 else { return }
        let (low, high) = (min(one, other), max(one, other))
        guard low <= 1, high >= 0 else { return }
        let rows = row(of: min(1, high), in: grid)...row(of: max(0, low), in: grid)
        for row in rows { grid.set(column: column, row: row, rank: rank) }
    }

    private func dot(_ value: Double, column: Int, into grid: inout DotGrid, rank: UInt8) {
        let height = scale.height(of: value)
        guard (0...1).contains(height), !isDashed || column / 3 % 2 == 0 else { return }
        grid.set(column: column, row: row(of: height, in: grid), rank: rank)
    }

    /// Row of a height within 0…1, counted from the top.
    private func row(of height: Double, in grid: DotGrid) -> Int {
        Int(((1 - height) * Double(grid.rows - 1)).rounded())
    }
}
