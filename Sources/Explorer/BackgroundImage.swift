import Cells
import Latent
import Pictures
import Shading

/// The plane's background, drawn once and kept until something that it shows has changed.
struct BackgroundImage: Sendable {
    /// All that it depends on, but for the data, which ``forget()`` speaks for.
    struct Key: Hashable {
        var grid: PlaneGrid
        var kind: PlaneBackground
        var terminal: TerminalProfile
        /// Where pictures are drawn: how.
        var shading: ShadingMode?
        var palette: Palette?
        /// Where the decoder's stretch is drawn: ``ExploreOwn/arrivals``.
        var stretch: Int?
    }

    private(set) var key: Key?
    /// A point of the plane that it was drawn for.
    private(set) var base = LatentPoint([])
    private(set) var canvas = Canvas(Size(columns: 0, rows: 0))
    /// The tiles that are being decoded, or were.
    private(set) var tiles: Tiles?

    /// Whether there is nothing on it yet.
    private(set) var isBlank = true

    /// The data, or the model, are others now.
    mutating func forget() { key = nil }

    mutating func replace(_ key: Key, base: LatentPoint, canvas: Canvas, tiles: Tiles?) {
        self.key = key
        self.base = base
        self.canvas = canvas
        self.tiles = tiles
        isBlank = canvas == Canvas(canvas.size)
    }

    /// Draws tiles that have come, if they are still wanted.
    mutating func take(_ answer: WorkAnswer, shared: Shared) {
        guard var tiles, tiles.number == answer.number, case .pictures(let pictures, let first) = answer.result,
            first >= 0
        else { return }
        let shader = shared.shader
        for (offset, picture) in pictures.enumerated() where first + offset < tiles.places.count {
            shader.draw(picture, into: &canvas, rect: tiles.places[first + offset])
            tiles.missing -= 1
            isBlank = false
        }
        self.tiles = tiles
    }

    /// Small decoded pictures, side by side.
    struct Tiles: Hashable, Sendable {
        /// The request's number.
        let number: Int
        /// Where each of the request's points is drawn, within the plane.
        let places: [Rect]
        var missing: Int
    }
}

extension Shared {
    /// Draws the background anew where it must be, and asks for what that takes.
    mutating func refreshBackground() -> [Effect] {
        guard let grid = planeGrid else { return [] }
        let kind = preferences.plane
        let isShaded = kind == .density || kind == .pictures || kind == .stretch
        let map = kind.isStretch ? self[ExploreView.self].map : nil
        let key = BackgroundImage.Key(
            grid: grid, kind: kind, terminal: theme.profile, shading: isShaded ? preferences.shading : nil,
            palette: isShaded ? preferences.palette : nil, stretch: map.map { _ in self[ExploreView.self].arrivals })
        // Sliders and jumps lead to other planes beside this one, where the pictures are others.
        let isMoved =
            key == background.key && kind == .pictures && explore.glide == nil && !isOnPlane(of: background.base)
        guard key != background.key || isMoved else { return [] }
        // What was seen before stays until something newer can take its place.
        if let map, !map.isDrawable, !map.isUnavailable, background.key?.kind == kind,
            background.canvas.size == Size(columns: grid.columns, rows: grid.rows)
        {
            return []
        }
        let isDecoding = (background.tiles?.missing ?? 0) > 0
        var canvas = isMoved ? background.canvas : Canvas(Size(columns: grid.columns, rows: grid.rows))
        var tiles: BackgroundImage.Tiles?
        var effects: [Effect] = isDecoding && kind != .pictures ? [.drop(.plane)] : []
        switch kind {
        case .nothing: break
        case .data:
            if let codes { drawCounts(PlaneCounts(of: codes, on: grid), isClassed: codes.labels != nil, into: &canvas) }
        case .density: if let codes { drawDensity(of: codes, on: grid, into: &canvas) }
        case .pictures:
            let (request, places) = tileRequest(on: grid)
            tiles = BackgroundImage.Tiles(number: request.number, places: places, missing: places.count)
            effects.append(.work(request))
        case .stretch, .ellipses: if let map { drawStretch(map, into: &canvas) }
        }
        background.replace(key, base: explore.point, canvas: canvas, tiles: tiles)
        return effects
    }

    /// Each cell shows the class that most of its images have; how many there are, it says by its weight.
    func drawCounts(_ counts: PlaneCounts, isClassed: Bool, into canvas: inout Canvas) {
        let most = logarithm(counts.greatest)
        for row in 0..<counts.rows {
            for column in 0..<counts.columns {
                let cell = row * counts.columns + column
                guard counts.counts[cell] > 0 else { continue }
                let share = logarithm(Int(counts.counts[cell])) / most
                let weight: Theme.Weight = share < 0.4 ? .faint : share < 0.75 ? .regular : .strong
                canvas[column, row] =
                    isClassed
                    ? Cell(Self.classMark(counts.majority[cell]), theme.classStyle(counts.majority[cell], weight))
                    : Cell([".", ":", "o", "@"][min(3, Int(share * 4))])
            }
        }
    }

    /// log₂(1 + n), rounded down to the bit and interpolated: enough to grade a weight.
    private func logarithm(_ count: Int) -> Float {
        let bits = Int.bitWidth - 1 - (count + 1).leadingZeroBitCount
        return Float(bits) + Float(count + 1) / Float(1 << bits) - 1
    }

    private func drawDensity(of codes: PlaneCodes, on grid: PlaneGrid, into canvas: inout Canvas) {
        let isInked = heatMap.isShaded
        // Cells finer than half a deviation show nothing more, and each image would reach many of them.
        func cells(_ range: ClosedRange<Float>, most: Int) -> Int {
            let wanted = 2 * (range.upperBound - range.lowerBound) / max(codes.typicalDeviation, .leastNormalMagnitude)
            return wanted < Float(most) ? max(min(8, most), Int(wanted.rounded(.up))) : most
        }
        let (columns, rows) = (
            cells(grid.horizontal, most: isInked ? grid.columns / 2 : grid.columns),
            cells(grid.vertical, most: isInked ? grid.rows : 2 * grid.rows)
        )
        let density = aggregatePosterior(of: codes, on: grid, columns: columns, rows: rows)
        guard let greatest = density.max(), greatest > 0 else { return }
        // The root shows the thin places too.
        let picture = Picture(
            width: columns, height: rows, values: density.map { ($0 / greatest).squareRoot() })
        heatMap.draw(picture, into: &canvas, rect: Rect(canvas.size))
    }

    /// The plane cut into tiles in the pictures' proportions, those next to the point first.
    private mutating func tileRequest(on grid: PlaneGrid) -> (WorkRequest, [Rect]) {
        let wanted = max(Self.leastTileColumns, min(Self.mostTileColumns, grid.columns / 10))
        let tile = Shader.fittingSize(
            of: (model.width, model.height), in: Size(columns: wanted, rows: grid.rows),
            cellRatio: theme.profile.cellRatio)
        let (across, down) = (grid.columns / max(1, tile.columns), grid.rows / max(1, tile.rows))
        let (left, top) = ((grid.columns - across * tile.columns) / 2, (grid.rows - down * tile.rows) / 2)
        let tiles = (0..<across * down).map { number in
            let rect = Rect(
                column: left + number % across * tile.columns, row: top + number / across * tile.rows,
                columns: tile.columns, rows: tile.rows)
            let place = grid.point(
                column: Float(rect.column) + Float(rect.columns) / 2, row: Float(rect.row) + Float(rect.rows) / 2)
            return (rect: rect, point: explore.point(at: place), distance: place.distance(to: explore.place))
        }.sorted { ($0.distance, $0.rect.row, $0.rect.column) < ($1.distance, $1.rect.row, $1.rect.column) }
        let request = WorkRequest(number: nextNumber(), slot: .plane, work: .decode(tiles.map(\.point)))
        return (request, tiles.map(\.rect))
    }

    private static let leastTileColumns = 8
    private static let mostTileColumns = 14

    /// A class's mark: its digit, or a letter from the eleventh on.
    static func classMark(_ label: UInt8) -> Unicode.Scalar {
        label < 10 ? Unicode.Scalar(0x30 + label) : Unicode.Scalar(0x61 + (label - 10) % 26)
    }

    // MARK: Words

    /// What is under the cross-hair, in words.
    var planeName: String {
        switch preferences.plane {
        case .data: cloud.map { cellText($0.name) + ($0.labels == nil ? "" : " by class") } ?? "data: \(whyNoData)"
        case .density: cloud.map { "density of \(cellText($0.name))" } ?? "density of the data: \(whyNoData)"
        case .pictures: "decoded pictures"
        case .stretch: "decoder stretch"
        case .ellipses: "decoder stretch, ellipses"
        case .nothing: "nothing"
        }
    }

    /// What stands on a line, in words.
    var lineName: String? { cloud.map { cellText($0.name) + ($0.labels == nil ? "" : " by class") } }

    /// Why there are no data on the plane, in two words at most.
    private var whyNoData: String {
        if !model.hasEncoder { return "no encoder" }
        return progress == nil ? "none" : "encoding" + theme.typography.ellipsis
    }

    /// What would fill a pane that wants data.
    var missingData: String {
        model.hasEncoder
            ? "no data for this model: :data \(model.takesDigits ? "sample" : "FOLDER"), or start with --data"
            : "this model has no encoder to place data with: :open a model that has one"
    }

    /// What would fill one that wants classes too.
    var missingClasses: String { missingData + (model.hasEncoder ? ", with labels" : "") }

    func imageName(_ image: Int, in cloud: LatentCloud) -> String {
        let number = "\(cellText(cloud.name)) #\(cloud.firstIndex + image)"
        guard let labels = cloud.labels else { return number }
        return number + " " + theme.typography.quoted(shortName(ofClass: labels[image]))
    }
}
