import Latent

/// A plane of the latent space as a sheet of decoded pictures.
///
/// Of two latents it is all of the space; of more, the two latents that say most about the images, all others at 0. The tiles
/// divide the plane's extent, and each picture stands for the middle of its tile, as in the explorer. Of a conditional model
/// each row may be a class instead, along the plane's first axis.
struct ManifoldSheet {
    var tiles: TileCount
    /// The plane's extent on both axes; nil for that of the data, else of the prior.
    var range: ClosedRange<Float>?
    /// Even in the prior's probability, instead of in z.
    var isQuantiles = false
    /// Whether each row is a class.
    var hasClassRows = false

    /// The most classes of a sheet that nobody gave a size.
    private static let mostClasses = 64

    /// - Throws: ``RenderError``, `ValidationError` for more pictures than a sheet has.
    func sheet(_ studio: Studio) throws -> PictureSheet {
        PictureSheet(pictures: try studio.pictures(of: try points(studio)), columns: tiles.across)
    }

    /// What the tiles stand for, in reading order.
    ///
    /// - Throws: as ``sheet(_:)``.
    func points(_ studio: Studio) throws -> [LatentPoint] {
        let down = try rows(studio)
        let frame = frame(studio, across: tiles.across, down: down)
        let plane = plane(studio)
        let base = LatentPoint([Float](repeating: 0, count: studio.latents), label: studio.label(ofImage: nil))
        return (0..<down).flatMap { row in
            (0..<tiles.across).map { column -> LatentPoint in
                let place = frame.place(
                    right: Double(column) - Double(tiles.across - 1) / 2, up: Double(down - 1) / 2 - Double(row))
                let at = frame.coordinates(of: place)
                let point =
                    plane?.point(LatentPoint(at.x, hasClassRows ? 0 : at.y), through: base) ?? LatentPoint([at.x])
                return point.labelled(hasClassRows ? ClassMix(row) : base.label)
            }
        }
    }

    /// How many rows there are: of places on the plane, or of classes.
    private func rows(_ studio: Studio) throws -> Int {
        if hasClassRows {
            guard let classes = studio.model.architecture.classCount else { throw RenderError.noClassRows }
            let rows = tiles.down ?? min(classes, ManifoldSheet.mostClasses)
            guard rows <= classes else { throw RenderError.fewTiles(rows, "classes", "the model has \(classes)") }
            try TileCount(across: tiles.across, down: rows).checkSquare()
            return rows
        }
        guard studio.latents == 1 else { return tiles.down ?? tiles.across }
        // A space of one latent is a line.
        if let rows = tiles.down, rows > 1 {
            throw RenderError.fewTiles(rows, "rows", "a manifold of one latent is a row")
        }
        return 1
    }

    /// Nil where there is only one latent.
    private func plane(_ studio: Studio) -> LatentPlane? {
        guard studio.latents > 1 else { return nil }
        guard studio.latents > 2, let divergences = studio.cloud?.divergences else {
            return LatentPlane(latents: 0, 1, dimension: studio.latents)
        }
        let most = divergences.indices.sorted { divergences[$0] > divergences[$1] }.prefix(2).sorted()
        return LatentPlane(latents: most[0], most[1], dimension: studio.latents)
    }

    private func frame(_ studio: Studio, across: Int, down: Int) -> ManifoldFrame {
        let (across, down) = (Double(across), Double(down))
        guard !isQuantiles else {
            return ManifoldFrame(scale: .quantiles, center: [0.5, 0.5], step: [1 / across, 1 / down])
        }
        let window = range.map { PlaneWindow($0, $0) } ?? dataWindow(studio) ?? .prior
        return ManifoldFrame(
            scale: .linear, center: [Double(window.center[0]), Double(window.center[1])],
            step: [Double(window.span.0) / across, Double(window.span.1) / down])
    }

    /// The middle 99 % of the codes; nil where there are none, or where they are one point.
    private func dataWindow(_ studio: Studio) -> PlaneWindow? {
        guard let cloud = studio.cloud else { return nil }
        let ranges = plane(studio).map { $0.codes(of: cloud).ranges } ?? [cloud.ranges[0], cloud.ranges[0]]
        guard ranges.count == 2, ranges.allSatisfy({ $0.upperBound - $0.lowerBound > 1e-3 }) else { return nil }
        return PlaneWindow(ranges[0], ranges[1])
    }
}
