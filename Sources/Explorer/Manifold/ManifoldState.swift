import Cells
import Latent
import Pictures
import Shading

/// What the Manifold view knows.
struct ManifoldState: Sendable {
    /// What is seen, or will be when a zoom is over; nil: the whole, fitted to the plane and the screen.
    var frame: ManifoldFrame?
    var scale = ManifoldFrame.Scale.linear
    /// Which of the sizes that there are, counted from the one that suits the screen.
    var sizeOffset = 0
    /// The place under the cursor, on the frame's scale, so that it stays there when the tiles become others; nil: the middle.
    var cursor: SIMD2<Double>?
    /// What Backspace comes back to.
    var past: [ManifoldDive] = []
    var zoom: ManifoldZoom?
    var showsClasses = false
    /// Of a conditional model, the class of the first row where each row is a class; nil: rows are places of the plane.
    var firstClass: Int?

    /// The newest pictures, and those before them, which are seen until the newer ones have come.
    var tiles: TileSet?
    var older: TileSet?

    /// The whole plane in small, which is seen after a dive.
    var inset = PlaneMap()
    /// What is seen of all this, drawn once.
    var drawn = Drawn<ManifoldDrawing.Key>()
    /// Counts the times that other pictures were to be drawn than those before.
    var layers = 0
    /// Pictures that came since the last drawing, by their places in the grid.
    var fresh: [Int] = []
}

/// What was seen before a dive.
struct ManifoldDive: Hashable, Sendable {
    /// Nil: the whole.
    var frame: ManifoldFrame?
    var cursor: SIMD2<Double>
}

/// A tile of the grid: columns to the right of the upper left one, rows below it.
struct TilePlace: Hashable, Sendable {
    var column: Int
    var row: Int
}

/// A zoom on its way.
struct ManifoldZoom: Hashable, Sendable {
    let from: ManifoldFrame
    let start: Duration
    var nextFrame: Duration

    init(from frame: ManifoldFrame, start: Duration) {
        from = frame
        self.start = start
        nextFrame = start
    }

    func share(at time: Duration) -> Double {
        let even = max(0, min(1, (time - start) / Glide.length))
        return even * (2 - even)
    }

    func isOver(at time: Duration) -> Bool { time - start >= Glide.length }
}

/// Pictures of a grid's points, as far as they have come.
struct TileSet: Sendable {
    let frame: ManifoldFrame
    /// The plane that they lie on, and a point of it: of more than two latents there are many.
    let plane: LatentPlane?
    let base: LatentPoint
    /// The class of the first row, where each row is a class.
    let firstClass: Int?
    let across: Int
    let down: Int
    /// The request that brings what is missing.
    let number: Int
    /// Row by row; nil: not decoded yet.
    var pictures: [Picture?]
    /// Which picture each of the request's points is.
    let order: [Int]
    /// The class that each decodes to, where the data say: of the first tiles, as far as they were asked.
    var classes: [UInt8?] = []

    /// Whether no data are near the point of each, of the first tiles.
    var isFar: [Bool] = []

    /// Whether no data are near a tile's point, as far as they were asked.
    func isFar(_ index: Int) -> Bool { isFar.indices.contains(index) && isFar[index] }

    /// The class of a tile; nil: the data say nothing, or were not asked yet.
    func label(of index: Int) -> UInt8? { classes.indices.contains(index) ? classes[index] : nil }

    var count: Int { pictures.count }
    var isComplete: Bool { !pictures.contains { $0 == nil } }

    /// Whether it is of a model of one latent, whose tiles follow one upon the other row by row.
    var isLine: Bool { base.count == 1 && firstClass == nil }

    /// Steps from the grid's middle to a tile.
    func offset(of index: Int) -> SIMD2<Double> {
        Self.offset(of: index, across: across, down: down, isLine: isLine)
    }

    static func offset(of index: Int, across: Int, down: Int, isLine: Bool) -> SIMD2<Double> {
        isLine
            ? SIMD2(Double(index) - Double(across * down - 1) / 2, 0)
            : SIMD2(Double(index % across) - Double(across - 1) / 2, Double(down - 1) / 2 - Double(index / across))
    }
}
