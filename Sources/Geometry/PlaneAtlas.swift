import Latent

/// A map of a plane of two latents under a metric, made once and used by every ``GeodesicSearch`` in it: the metric at each
/// cell of a lattice, from how far apart the images at the cells' corners are.
///
/// A coarse field is there first, after a tenth of the time; then a finer one. Searches use the finest that is whole.
public struct PlaneAtlas: Sendable {
    /// Decoded and then filled in along the window's longer side, coarse and fine.
    private static let sides = [Side(cells: 90, refinement: 4), Side(cells: 264, refinement: 4)]
    /// How much larger than the window the map is: a short way between two of its points may leave it.
    private static let margin: Float = 1.15
    /// Along the square of one search.
    private static let ownSide = Side(cells: 72, refinement: 3)

    /// How many cells are decoded, and into how many each is divided.
    struct Side: Sendable {
        let cells: Int
        let refinement: Int
    }

    public let window: PlaneWindow
    public let metric: LatentMetric
    let space: SpaceSignature
    /// The finest field that is whole.
    private(set) var field: MetricField?
    private var surveys: ArraySlice<FieldSurvey>
    private let points: Int

    /// - Parameters:
    ///   - window: what it shows; ends of geodesics beyond it are none of its business.
    ///   - metric: the one of the searches.
    /// - Returns: nil for a model that has not two latents.
    public init?(
        of space: DecodedSpace, over window: PlaneWindow = .prior, under metric: LatentMetric = .plain
    ) {
        self.init(of: space, over: window, margin: PlaneAtlas.margin, under: metric, sides: PlaneAtlas.sides)
    }

    /// - Parameters:
    ///   - margin: how many times larger than the window the map is.
    ///   - sides: cells along the map's longer side, coarse to fine.
    init?(
        of space: DecodedSpace, over window: PlaneWindow, margin: Float = 1, under metric: LatentMetric, sides: [Side]
    ) {
        guard space.latentSize == 2 else { return nil }
        (self.window, self.metric) = (window, metric)
        self.space = SpaceSignature(space)
        let whole = window.zoomed(by: margin, around: window.center)
        surveys = ArraySlice(
            sides.map { FieldSurvey(over: whole, side: $0.cells, refinement: $0.refinement, in: space) })
        points = surveys.reduce(0) { $0 + $1.remaining }
    }

    /// Of a square around two points, for one search between them.
    ///
    /// - Returns: nil for a model that has not two latents.
    init?(around one: LatentPoint, _ other: LatentPoint, in space: DecodedSpace, under metric: LatentMetric) {
        guard space.latentSize == 2 else { return nil }
        let extent = max(abs(one[0] - other[0]), abs(one[1] - other[1]))
        let width = extent + 2 * max(0.75, 0.25 * extent)
        let middle = LatentPoint((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
        self.init(
            of: space, over: PlaneWindow(center: middle, span: (width, width)), under: metric,
            sides: [PlaneAtlas.ownSide])
    }

    /// Whether nothing is left to do.
    public var isComplete: Bool { surveys.isEmpty }
    /// Whether searches can use it.
    public var isUsable: Bool { field != nil }
    /// How much of the work is done, 0…1.
    public var progress: Double { 1 - Double(surveys.reduce(0) { $0 + $1.remaining }) / Double(points) }

    /// Does a piece of the work: 64 decodes, three milliseconds with a model of MNIST's size on two cores.
    ///
    /// - Parameter space: the one that the atlas was made for.
    public mutating func advance(in space: DecodedSpace) {
        precondition(self.space == SpaceSignature(space), "an atlas goes on in the space it was made for")
        guard let first = surveys.indices.first else { return }
        surveys[first].advance(in: space, under: metric)
        guard let field = surveys[first].field else { return }
        self.field = field
        surveys.removeFirst()
    }

    /// Whether a search between two points under a metric can go by this map.
    func serves(_ start: LatentPoint, _ end: LatentPoint, in space: DecodedSpace, under metric: LatentMetric) -> Bool {
        guard let field, self.space == SpaceSignature(space), self.metric == metric else { return false }
        return field.contains(SIMD2(start)) && field.contains(SIMD2(end))
    }
}

extension SIMD2<Double> {
    /// A point of a plane.
    init(_ point: LatentPoint) { self.init(Double(point[0]), Double(point[1])) }
}
