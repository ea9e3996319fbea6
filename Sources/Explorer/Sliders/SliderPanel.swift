import Cells
import Latent
import Shading

/// Where sliders stand.
struct SliderGrid: Hashable, Sendable {
    struct Place: Hashable, Sendable {
        let latent: Int
        /// All of its cells.
        let row: Rect
        /// What the handle moves along.
        let track: Rect
        /// Where the codes along it are counted; nil: nowhere.
        var histogram: Rect?
        /// Its traversal, from the track's one end to the other; none where there is no room.
        var pictures: [Rect] = []
        /// The column after its words.
        var textEnd: Int { pictures.first.map { $0.column - 1 } ?? row.column + row.columns - 1 }
    }

    let places: [Place]

    /// - Parameters:
    ///   - order: the latents in their order; where there is no room for all, those around the chosen one.
    ///   - columns: how many stand side by side, one column below the other's end.
    ///   - before, after: cells of a row before its track and after it.
    ///   - isAiry: whether a row is left free between them where there is room.
    init(order: [Int], chosen: Int?, in rect: Rect, columns: Int, before: Int, after: Int, isAiry: Bool = false) {
        let room = rect.rows * columns
        let pitch = isAiry && 2 * order.count <= room + 1 ? 2 : 1
        let rank = chosen.flatMap(order.firstIndex) ?? 0
        let first = max(0, min(order.count - room, rank - room / 2))
        let width = rect.columns / max(1, columns)
        let rows = min(rect.rows, (order.count + columns - 1) / max(1, columns))
        places = order.dropFirst(first).prefix(room).enumerated().map { number, latent in
            let row = Rect(
                column: rect.column + number / max(1, rows) * width, row: rect.row + number % max(1, rows) * pitch,
                columns: width, rows: 1)
            return Place(
                latent: latent, row: row,
                track: Rect(
                    column: row.column + before, row: row.row, columns: max(1, width - before - after), rows: 1))
        }
    }

    /// Sliders with their traversals: name, value and KL over the track, the codes' histogram below it, pictures at the right.
    ///
    /// - Returns: nil where there is no room for that.
    init?(
        traversing order: [Int], chosen: Int?, in rect: Rect, pictures model: (width: Int, height: Int),
        cellRatio: Double
    ) {
        let sizes = stride(from: 8, through: 3, by: -1).map { rows in
            Shader.fittingSize(of: model, in: Size(columns: 4 * rows, rows: rows), cellRatio: cellRatio)
        }
        // A narrow pane has no gaps between them, and short words.
        let attempts = [(gap: 1, words: 20), (gap: 0, words: 15)].flatMap { style in
            sizes.map { (tile: $0, pitch: $0.columns + style.gap, words: style.words) }
        }
        let fitting = attempts.first { attempt in
            attempt.tile.rows >= 3 && attempt.tile.columns > 0
                && Traversals.count * attempt.pitch + attempt.words <= rect.columns
                && rect.rows / attempt.tile.rows >= min(order.count, Self.leastTraversals)
        }
        guard let (tile, pitch, _) = fitting else { return nil }
        let room = rect.rows / tile.rows
        let isAiry = order.count * (tile.rows + 1) <= rect.rows + 1
        let rank = chosen.flatMap(order.firstIndex) ?? 0
        let first = max(0, min(order.count - room, rank - room / 2))
        let text = rect.columns - Traversals.count * pitch
        places = order.dropFirst(first).prefix(room).enumerated().map { number, latent in
            let row = rect.row + number * (tile.rows + (isAiry ? 1 : 0))
            return Place(
                latent: latent,
                row: Rect(column: rect.column, row: row, columns: rect.columns, rows: tile.rows),
                track: Rect(column: rect.column + 1, row: row + 1, columns: text - 2, rows: 1),
                histogram: Rect(column: rect.column + 1, row: row + 2, columns: text - 2, rows: 1),
                pictures: (0..<Traversals.count).map {
                    Rect(
                        column: rect.column + text + $0 * pitch, row: row, columns: tile.columns,
                        rows: tile.rows)
                })
        }
    }

    private static let leastTraversals = 4

    func place(at position: Position) -> Place? { places.first { $0.row.contains(position) } }
}

/// The sliders: each latent's name and value, and where it lies among the data's codes.
struct SliderPanel {
    let shared: Shared

    private var theme: Theme { shared.theme }
    private var type: Typography { shared.theme.typography }
    private var sliders: Sliders { shared[ExploreView.self].sliders }

    func draw(_ grid: SliderGrid, showsDivergences: Bool, into canvas: inout Canvas) {
        let nameColumns = type.latent(shared.model.latentCount - 1).unicodeScalars.count
        for place in grid.places {
            let isChosen = place.latent == sliders.current
            let isUsed = sliders.isUsed(place.latent)
            let style = isChosen ? theme.strong : isUsed ? theme.text : theme.faint
            let isChanged = shared.explore.changed.contains(place.latent)
            let name = type.latent(place.latent)
            let value = type.signedColumn(
                shared.explore.point[place.latent], digits: shared.explore.coordinateDigits,
                whole: shared.sliderWholeDigits, showsPlus: true)
            let padding = String(repeating: " ", count: nameColumns - name.unicodeScalars.count + 1)
            canvas.write(
                [
                    Span(isChosen ? ">" : " ", theme.accent), Span(name + padding, isChosen ? theme.accent : style),
                    Span(value, isChanged ? theme.strong : isUsed ? theme.text : theme.faint),
                ], column: place.row.column, row: place.row.row)
            drawTrack(place, isChosen: isChosen, isUsed: isUsed, into: &canvas)
            if showsDivergences, let divergences = sliders.divergences {
                let text = type.unsigned(Float(divergences[place.latent]), digits: 2)
                canvas.write(
                    [Span(text, isUsed ? theme.text : theme.faint)], endingAt: place.textEnd,
                    from: place.row.column + nameColumns + value.unicodeScalars.count + 3, row: place.row.row)
            }
            drawTraversal(place, isUsed: isUsed, into: &canvas)
        }
    }

    private func drawTraversal(_ place: SliderGrid.Place, isUsed: Bool, into canvas: inout Canvas) {
        if let rect = place.histogram {
            for (column, share) in sliders.traversals.histogram(of: place.latent).prefix(rect.columns).enumerated() {
                canvas[rect.column + column, rect.row] = Cell(type.column(share), theme.faint)
            }
        }
        let shader = shared.shader
        for (picture, rect) in zip(sliders.traversals.pictures(of: place.latent), place.pictures) {
            if let picture { shader.draw(picture, into: &canvas, rect: rect) }
        }
    }

    private func drawTrack(_ place: SliderGrid.Place, isChosen: Bool, isUsed: Bool, into canvas: inout Canvas) {
        let (track, range) = (place.track, sliders.spreads[place.latent].range)
        canvas.fill(track, with: Cell(type.horizontal, theme.frame))
        func part(of value: Float) -> Int {
            let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            return max(0, min(2 * track.columns - 1, Int((share * Float(2 * track.columns)).rounded(.down))))
        }
        if range.contains(0) { canvas[track.column + part(of: 0) / 2, track.row] = Cell(type.cross, theme.frame) }
        let handle = part(of: shared.explore.point[place.latent])
        let style = isChosen ? theme.accent : isUsed ? theme.text : theme.faint
        canvas[track.column + handle / 2, track.row] = Cell(type.handle(isRight: handle % 2 == 1), style)
    }

    /// In place of the plane.
    func drawPane(_ pane: Rect, into canvas: inout Canvas) {
        canvas.fill(pane)
        let hasDivergences = sliders.divergences != nil
        canvas.frame(
            pane, title: "latents" + sliders.ranking.words,
            values: hasDivergences ? "KL in nats" : "", theme: theme)
        guard let grid = shared.openSliderGrid else { return }
        draw(grid, showsDivergences: true, into: &canvas)
        let words = "[ ] slide   { } choose   z the plane"
        let column = pane.column + (pane.columns - words.count) / 2
        canvas.write(words, column: column, row: pane.row + pane.rows - 2, style: theme.faint)
    }
}

extension Sliders.Ranking {
    fileprivate var words: String {
        switch self {
        case .none: ""
        case .divergence: ", most used first"
        case .spread: ", widest codes first"
        case .influence: ", those that change most first"
        }
    }
}

extension Typography {
    /// What is moved along a slider, in half cells where the font has them.
    func handle(isRight: Bool) -> Unicode.Scalar { glyphs == .ascii ? "#" : isRight ? "▐" : "▌" }
}

extension Shared {
    /// Digits before the point that the codes need.
    var sliderWholeDigits: Int {
        let ranges = self[ExploreView.self].sliders.spreads.map(\.range)
        let greatest = ranges.reduce(3) { max($0, abs($1.lowerBound), abs($1.upperBound)) }
        return theme.typography.unsigned(greatest * 3, digits: 0).count
    }

    /// Cells of a slider before its track.
    private var columnsBeforeTrack: Int {
        let digits = explore.coordinateDigits
        return 1 + theme.typography.latent(model.latentCount - 1).unicodeScalars.count + 1 + 1 + sliderWholeDigits
            + (digits > 0 ? digits + 1 : 0) + 1
    }

    /// The sliders within "here"; nil: there is no room for them.
    var hereSliderGrid: SliderGrid? {
        guard hasSliders, let here = hereLayout, here.sliders.rows > 0 else { return nil }
        let own = self[ExploreView.self].sliders
        return SliderGrid(
            order: own.order, chosen: own.current, in: here.sliders, columns: here.sliderColumns,
            before: columnsBeforeTrack, after: 2)
    }

    /// Those that stand in place of the plane; nil: the plane is seen.
    var openSliderGrid: SliderGrid? {
        let own = self[ExploreView.self].sliders
        guard hasSliders, own.isOpen, let plane = layout?.plane else { return nil }
        let rect = Rect(
            column: plane.column + 1, row: plane.row, columns: plane.columns - 2, rows: plane.rows - 1)
        if let grid = SliderGrid(
            traversing: own.order, chosen: own.current, in: rect, pictures: (model.width, model.height),
            cellRatio: theme.profile.cellRatio)
        {
            return grid
        }
        return SliderGrid(
            order: own.order, chosen: own.current,
            in: Rect(column: rect.column, row: rect.row + 1, columns: rect.columns, rows: rect.rows - 2),
            columns: 1, before: columnsBeforeTrack, after: own.divergences == nil ? 1 : 9, isAiry: true)
    }

    /// All that are seen.
    var sliderGrids: [SliderGrid] { [openSliderGrid, hereSliderGrid].compactMap { $0 } }
}
