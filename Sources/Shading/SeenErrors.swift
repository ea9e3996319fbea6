/// What the cells of a row show amiss, and what of the rows above them is seen there.
///
/// What is above does not change while a row is drawn, so it is blurred once for the whole row.
struct SeenErrors<Value: Sample> {
    private let eye: Eye
    private let columns: Int
    private let rows: Int
    /// The parts of a row of cells and of its frame.
    private let stride: Int
    /// The errors of the parts above the row and then its own, `[eye.reach.down + rows, stride]`: with a frame of nothing
    /// at both sides.
    private let errors: UnsafeMutablePointer<Value>
    /// The same as seen from each of the row's own parts, blurred down only, `[rows, stride]`.
    private let blurred: UnsafeMutablePointer<Value>
    /// For each column of a window, its weight in each of the cell's columns.
    private let across: UnsafeMutablePointer<SIMD4<Float>>
    /// `[rows, eye.reach.down + rows]`
    private let down: UnsafeMutablePointer<Float>

    private var height: Int { eye.reach.down + rows }
    private var width: Int { columns + 2 * eye.reach.across }

    /// - Parameters:
    ///   - columns: the parts of a cell, as `rows`; four at most.
    ///   - cells: the number of cells in a row.
    init(eye: Eye, columns: Int, rows: Int, cells: Int) {
        (self.eye, self.columns, self.rows) = (eye, columns, rows)
        stride = cells * columns + 2 * eye.reach.across
        let (width, height) = (columns + 2 * eye.reach.across, eye.reach.down + rows)
        errors = .allocate(capacity: height * stride)
        errors.initialize(repeating: .zero, count: height * stride)
        blurred = .allocate(capacity: rows * stride)
        blurred.initialize(repeating: .zero, count: rows * stride)
        across = .allocate(capacity: width)
        for place in 0..<width {
            var weights = SIMD4<Float>.zero
            for column in 0..<columns { weights[column] = eye.across[column * width + place] }
            across.advanced(by: place).initialize(to: weights)
        }
        down = .allocate(capacity: rows * height)
        for row in 0..<rows {
            for other in 0..<height {
                let weight = eye.down[row * (height + eye.reach.down) + other]
                down.advanced(by: row * height + other).initialize(to: weight)
            }
        }
    }

    func deallocate() {
        errors.deallocate()
        blurred.deallocate()
        across.deallocate()
        down.deallocate()
    }

    /// Makes what was the row a part of what is above.
    func beginRow() {
        for other in 0..<eye.reach.down {
            (errors + other * stride).update(from: errors + (other + rows) * stride, count: stride)
        }
        (errors + eye.reach.down * stride).update(repeating: .zero, count: rows * stride)
        blurred.update(repeating: .zero, count: rows * stride)
        for row in 0..<rows {
            for other in 0..<eye.reach.down {
                let weight = down[row * height + other]
                let (line, sums) = (errors + other * stride, blurred + row * stride)
                for place in 0..<stride { sums[place] = sums[place] + line[place] * weight }
            }
        }
    }

    /// Notes the errors of a cell for the rows below it.
    ///
    /// - Parameter parts: `[rows, columns]`.
    func note(_ parts: UnsafePointer<Value>, _ cell: Int) {
        let first = errors + eye.reach.down * stride + eye.reach.across + cell * columns
        for row in 0..<rows { (first + row * stride).update(from: parts + row * columns, count: columns) }
    }

    /// Adds errors of a cell to what is seen in its row.
    ///
    /// - Parameter parts: `[rows, columns]`.
    func blend(_ parts: UnsafePointer<Value>, _ cell: Int) {
        let first = blurred + eye.reach.across + cell * columns
        for row in 0..<rows {
            let (sums, weights) = (first + row * stride, down + row * height + eye.reach.down)
            for other in 0..<rows {
                let (weight, line) = (weights[other], parts + other * columns)
                for column in 0..<columns { sums[column] = sums[column] + line[column] * weight }
            }
        }
    }

    /// What an eye sees amiss at each part of a cell.
    func see(_ cell: Int, into parts: UnsafeMutablePointer<Value>) {
        for row in 0..<rows {
            let line = blurred + row * stride + cell * columns
            Value.blend(line, across, count: width, columns: columns, into: parts + row * columns)
        }
    }
}
