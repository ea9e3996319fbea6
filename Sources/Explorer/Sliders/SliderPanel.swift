import Cells
import Latent

/// Where sliders stand.
struct SliderGrid: Hashable, Sendable {
    struct Place: Hashable, Sendable {
        let latent: Int
        /// All of its cells.
        let row: Rect
        /// What the handle moves along.
        let track: Rect
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
                    [Span(text, isUsed ? theme.text : theme.faint)], endingAt: place.row.column + place.row.columns - 1,
                    from: place.track.column, row: place.row.row)
            }
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
        return SliderGrid(
            order: own.order, chosen: own.current,
            in: Rect(
                column: plane.column + 1, row: plane.row + 1, columns: plane.columns - 2, rows: plane.rows - 3),
            columns: 1, before: columnsBeforeTrack, after: own.divergences == nil ? 1 : 9, isAiry: true)
    }

    /// All that are seen.
    var sliderGrids: [SliderGrid] { [openSliderGrid, hereSliderGrid].compactMap { $0 } }
}
