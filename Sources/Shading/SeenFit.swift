import Cells

/// What a cell shows.
struct CellChoice<Value: Sample> {
    /// The place among the set's glyphs; −1 for a space.
    var glyph: Int
    var foreground: Value
    var background: Value
}

/// Chooses what a cell shows.
protocol CellChooser {
    associatedtype Value: Sample
    var set: GlyphSet { get }

    /// The choice that shows a cell truly, where one is at hand.
    ///
    /// - Parameters: the first and the last of the cell's values, and whether all are alike.
    func exact(_ first: Value, _ last: Value, isFlat: Bool) -> CellChoice<Value>?
    /// The best choice there is.
    ///
    /// - Parameters:
    ///   - whole: the sum of what is wanted of the cell's parts, as an eye sees them.
    ///   - sums: for each glyph's slot, the same over its ink.
    func best(_ whole: Value, _ sums: UnsafeMutableBufferPointer<Value>) -> CellChoice<Value>
    func cell(_ choice: CellChoice<Value>) -> Cell
}

/// Draws samples so that, seen by an ``Eye``, they come nearest to what they should be: each cell is chosen knowing what
/// the cells before it show amiss.
///
/// Where colors are few this is what error diffusion does, but with whole cells; where they are not it makes up for
/// there being two a cell.
struct SeenFit<Chooser: CellChooser> {
    typealias Value = Chooser.Value

    let chooser: Chooser

    /// The memory that choosing one cell takes.
    private struct Room {
        /// For each part, what an eye sees.
        let seen: UnsafeMutableBufferPointer<Value>
        let sums: UnsafeMutableBufferPointer<Value>
        /// A window's rows, blurred down.
        let rows: UnsafeMutableBufferPointer<Value>
    }

    /// - Parameter samples: `[rect.rows · set.rows, rect.columns · set.columns]`.
    func draw(_ samples: [Value], into canvas: inout Canvas, rect: Rect) {
        let (set, reach) = (chooser.set, chooser.set.eye.reach)
        let width = set.columns + 2 * reach.across
        // What is shown less what should be, with a frame of nothing around it.
        let stride = rect.columns * set.columns + 2 * reach.across
        let area = stride * (rect.rows * set.rows + 2 * reach.down)
        let capacity = area + set.count + set.sums.count + width
        withUnsafeTemporaryAllocation(of: Value.self, capacity: capacity) { memory in
            memory.initialize(repeating: .zero)
            func part(_ first: Int, _ count: Int) -> UnsafeMutableBufferPointer<Value> {
                UnsafeMutableBufferPointer(rebasing: memory[first..<first + count])
            }
            let room = Room(
                seen: part(area, set.count), sums: part(area + set.count, set.sums.count),
                rows: part(area + set.count + set.sums.count, width))
            samples.withUnsafeBufferPointer { samples in
                for row in 0..<rect.rows {
                    for index in 0..<rect.columns {
                        // To and fro, so that errors are not all pushed the same way.
                        let column = row % 2 == 0 ? index : rect.columns - 1 - index
                        let first = row * set.rows * rect.columns * set.columns + column * set.columns
                        let corner = row * set.rows * stride + column * set.columns
                        let choice = fit(
                            UnsafeBufferPointer(rebasing: samples[first...]), rect.columns * set.columns,
                            part(corner, area - corner), stride, room)
                        canvas[rect.column + column, rect.row + row] = chooser.cell(choice)
                    }
                }
            }
        }
    }

    /// Chooses one cell and notes its errors.
    ///
    /// - Parameters:
    ///   - samples: from the cell's first on, in rows of `sampleStride`.
    ///   - errors: from the window's first on, in rows of `stride`.
    private func fit(
        _ samples: UnsafeBufferPointer<Value>, _ sampleStride: Int, _ errors: UnsafeMutableBufferPointer<Value>,
        _ stride: Int, _ room: Room
    ) -> CellChoice<Value> {
        let set = chooser.set
        let own = set.eye.reach.down * stride + set.eye.reach.across
        let first = samples[0]
        var (last, isFlat) = (first, true)
        for row in 0..<set.rows {
            for column in 0..<set.columns {
                last = samples[row * sampleStride + column]
                if (last - first).squaredLength > 1e-6 { isFlat = false }
                // As if nothing were shown: then the errors seen are what is wanted.
                errors[own + row * stride + column] = .zero - last
            }
        }
        let choice: CellChoice<Value>
        if let exact = chooser.exact(first, last, isFlat: isFlat) {
            choice = exact
        } else {
            see(errors, stride, room)
            var whole = Value.zero
            for row in 0..<set.rows {
                for column in 0..<set.columns {
                    let part = row * set.columns + column
                    room.seen[part] = samples[row * sampleStride + column] * set.sharpness - room.seen[part]
                    whole = whole + room.seen[part]
                }
            }
            set.sums.fill(room.sums, room.seen)
            choice = chooser.best(whole, room.sums)
        }
        let ink = choice.glyph < 0 ? SIMD16<Float>.zero : set.glyphs[choice.glyph].ink
        let contrast = choice.foreground - choice.background
        for row in 0..<set.rows {
            for column in 0..<set.columns {
                let place = own + row * stride + column
                errors[place] = errors[place] + choice.background + contrast * ink[row * set.columns + column]
            }
        }
        return choice
    }

    /// Blurs the errors of a window: what an eye sees at each of the cell's parts.
    private func see(_ errors: UnsafeMutableBufferPointer<Value>, _ stride: Int, _ room: Room) {
        let (set, eye) = (chooser.set, chooser.set.eye)
        let (width, height) = (set.columns + 2 * eye.reach.across, set.rows + 2 * eye.reach.down)
        eye.across.withUnsafeBufferPointer { across in
            eye.down.withUnsafeBufferPointer { down in
                for row in 0..<set.rows {
                    for place in 0..<width { room.rows[place] = .zero }
                    for other in 0..<height {
                        let weight = down[row * height + other]
                        let line = UnsafeMutableBufferPointer(rebasing: errors[other * stride..<other * stride + width])
                        for place in 0..<width { room.rows[place] = room.rows[place] + line[place] * weight }
                    }
                    for column in 0..<set.columns {
                        var sum = Value.zero
                        for place in 0..<width { sum = sum + room.rows[place] * across[column * width + place] }
                        room.seen[row * set.columns + column] = sum
                    }
                }
            }
        }
    }
}
