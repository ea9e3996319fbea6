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
    func best(_ wanted: Wanted<Value>) -> CellChoice<Value>
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
        /// A value for each part of the cell.
        let parts: UnsafeMutablePointer<Value>
        /// The same, one component at a time.
        let component: UnsafeMutablePointer<Float>
        let sums: UnsafeMutablePointer<SIMD4<Float>>
        let numbers: UnsafeMutablePointer<SIMD4<Float>>
    }

    /// - Parameter samples: `[rect.rows · set.rows, rect.columns · set.columns]`.
    func draw(_ samples: [Value], into canvas: inout Canvas, rect: Rect) {
        let set = chooser.set
        let fours = set.sums.count / 4
        let errors = SeenErrors<Value>(eye: set.eye, columns: set.columns, rows: set.rows, cells: rect.columns)
        defer { errors.deallocate() }
        withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: 4 + (Value.components + 1) * fours) { numbers in
            withUnsafeTemporaryAllocation(of: Value.self, capacity: set.count) { parts in
                parts.initialize(repeating: .zero)
                numbers.initialize(repeating: .zero)
                let room = Room(
                    parts: parts.baseAddress!,
                    component: UnsafeMutableRawPointer(numbers.baseAddress!).assumingMemoryBound(to: Float.self),
                    sums: numbers.baseAddress! + 4 + fours, numbers: numbers.baseAddress! + 4)
                samples.withUnsafeBufferPointer { samples in
                    for row in 0..<rect.rows {
                        errors.beginRow()
                        for index in 0..<rect.columns {
                            // To and fro, so that errors are not all pushed the same way.
                            let column = row % 2 == 0 ? index : rect.columns - 1 - index
                            let first = (row * set.rows * rect.columns + column) * set.columns
                            let choice = fit(
                                samples.baseAddress! + first, rect.columns * set.columns, errors, column, room)
                            canvas[rect.column + column, rect.row + row] = chooser.cell(choice)
                        }
                    }
                }
            }
        }
    }

    /// Chooses one cell and notes its errors.
    ///
    /// - Parameter samples: from the cell's first on, in rows of `stride`.
    private func fit(
        _ samples: UnsafePointer<Value>, _ stride: Int, _ errors: SeenErrors<Value>, _ column: Int, _ room: Room
    ) -> CellChoice<Value> {
        let set = chooser.set
        let first = samples[0]
        var (last, isFlat) = (first, true)
        for row in 0..<set.rows {
            for column in 0..<set.columns {
                last = samples[row * stride + column]
                if (last - first).squaredLength > 1e-6 { isFlat = false }
            }
        }
        if let exact = chooser.exact(first, last, isFlat: isFlat) {
            if show(exact, samples, stride, room) {
                errors.note(room.parts, column)
                errors.blend(room.parts, column)
            }
            return exact
        }
        // As if nothing were shown: then the errors seen are what is wanted.
        for row in 0..<set.rows {
            for column in 0..<set.columns {
                room.parts[row * set.columns + column] = .zero - samples[row * stride + column]
            }
        }
        errors.blend(room.parts, column)
        let choice = fitted(samples, stride, errors, column, room)
        // What is shown comes on top of that.
        let (contrast, ink) = (choice.foreground - choice.background, (choice.glyph + 1) * set.count)
        for part in 0..<set.count { room.parts[part] = choice.background + contrast * set.inks[ink + part] }
        errors.blend(room.parts, column)
        _ = show(choice, samples, stride, room)
        errors.note(room.parts, column)
        return choice
    }

    /// Puts the errors of each part into the room.
    ///
    /// - Returns: whether there are any.
    private func show(
        _ choice: CellChoice<Value>, _ samples: UnsafePointer<Value>, _ stride: Int, _ room: Room
    ) -> Bool {
        let set = chooser.set
        let (contrast, ink) = (choice.foreground - choice.background, (choice.glyph + 1) * set.count)
        var sum: Float = 0
        for row in 0..<set.rows {
            for column in 0..<set.columns {
                let part = row * set.columns + column
                let error = choice.background + contrast * set.inks[ink + part] - samples[row * stride + column]
                sum += error.squaredLength
                room.parts[part] = error
            }
        }
        return sum > 0
    }

    private func fitted(
        _ samples: UnsafePointer<Value>, _ stride: Int, _ errors: SeenErrors<Value>, _ column: Int, _ room: Room
    ) -> CellChoice<Value> {
        let set = chooser.set
        errors.see(column, into: room.parts)
        var whole = Value.zero
        for row in 0..<set.rows {
            for column in 0..<set.columns {
                let part = row * set.columns + column
                room.parts[part] = samples[row * stride + column] * set.sharpness - room.parts[part]
                whole = whole + room.parts[part]
            }
        }
        let fours = set.sums.count / 4
        for component in 0..<Value.components {
            for part in 0..<set.count { room.component[part] = room.parts[part].component(component) }
            set.sums.fill(room.sums + component * fours, room.component)
        }
        return chooser.best(Wanted(whole: whole, sums: room.sums, numbers: room.numbers, fours: fours))
    }
}
