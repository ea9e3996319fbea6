import Latent

/// A map of a plane of two latents, made once and used by every ``GeodesicSearch`` in it: the metric at each cell of a lattice,
/// from how the images at the cells' corners differ.
///
/// A coarse field is there first, after a tenth of the time; then a finer one. Searches use the finest that is whole. Metrics
/// that differ in their density alone share one map: λ² is a factor that depends on the place, and is quickly made anew.
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
    public let weighting: LatentMetric.Weighting
    let space: SpaceSignature
    /// The finest field of the images that is whole.
    private var field: MetricField?
    private var surveys: ArraySlice<FieldSurvey>
    private let points: Int
    /// The field under a density, and the one that takes its place.
    private var scaled: Scaled?
    private var scaling: FieldScaling?

    private struct Scaled: Sendable {
        let density: LatentDensity
        let field: MetricField
    }

    /// - Parameters:
    ///   - window: what it shows; ends of geodesics beyond it are none of its business.
    ///   - weighting: of the searches' metrics.
    /// - Returns: nil for a model that has not two latents.
    public init?(
        of space: DecodedSpace, over window: PlaneWindow = .prior, weighting: LatentMetric.Weighting = .plain
    ) {
        self.init(
            of: space, over: window, margin: PlaneAtlas.margin, weighting: weighting, sides: PlaneAtlas.sides)
    }

    /// - Parameters:
    ///   - margin: how many times larger than the window the map is.
    ///   - sides: cells along the map's longer side, coarse to fine.
    init?(
        of space: DecodedSpace, over window: PlaneWindow, margin: Float = 1,
        weighting: LatentMetric.Weighting = .plain, sides: [Side]
    ) {
        guard space.latentSize == 2 else { return nil }
        (self.window, self.weighting) = (window, weighting)
        self.space = SpaceSignature(space)
        let whole = window.zoomed(by: margin, around: window.center)
        surveys = ArraySlice(
            sides.map { FieldSurvey(over: whole, side: $0.cells, refinement: $0.refinement, in: space, weighting) })
        points = surveys.reduce(0) { $0 + $1.remaining }
    }

    /// Of a square around two points, for one search between them.
    ///
    /// - Returns: nil for a model that has not two latents.
    init?(around one: LatentPoint, _ other: LatentPoint, in space: DecodedSpace, weighting: LatentMetric.Weighting) {
        guard space.latentSize == 2 else { return nil }
        let extent = max(abs(one[0] - other[0]), abs(one[1] - other[1]))
        let width = extent + 2 * max(0.75, 0.25 * extent)
        let middle = LatentPoint((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
        self.init(
            of: space, over: PlaneWindow(center: middle, span: (width, width)), weighting: weighting,
            sides: [PlaneAtlas.ownSide])
    }

    /// Whether nothing is left to do for searches under a metric.
    public func isComplete(under metric: LatentMetric) -> Bool {
        surveys.isEmpty && field(under: metric).map { $0.spacing == field?.spacing } == true
    }

    /// Whether searches under a metric can use it.
    public func isUsable(under metric: LatentMetric) -> Bool { field(under: metric) != nil }

    /// How many points are left to decode.
    public var remaining: Int { surveys.reduce(0) { $0 + $1.remaining } }
    /// How much of the decoding is done, 0…1.
    public var progress: Double { 1 - Double(remaining) / Double(points) }

    /// The finest field that is whole under a metric.
    func field(under metric: LatentMetric) -> MetricField? {
        guard metric.weighting == weighting else { return nil }
        guard let density = metric.density else { return field }
        return scaled.flatMap { $0.density == density ? $0.field : nil }
    }

    /// Does a piece of the work: some decodes, or what takes no longer than 64; two milliseconds with a model of MNIST's size on two
    /// cores.
    ///
    /// - Parameters:
    ///   - space: the one that the atlas was made for.
    ///   - metric: of the map's weighting; its density is gone by first.
    ///   - decodes: how many it may take at most, one at least.
    public mutating func advance(in space: DecodedSpace, under metric: LatentMetric, decodes: Int = 64) {
        precondition(self.space == SpaceSignature(space), "an atlas goes on in the space it was made for")
        precondition(metric.weighting == weighting, "an atlas is of one weighting")
        if let density = metric.density, let field, wantsScaling(by: density) {
            if scaling?.density != density { scaling = FieldScaling(field, by: density) }
            scaling?.advance()
            guard let result = scaling?.result else { return }
            scaled = Scaled(density: density, field: result)
            scaling = nil
        } else if let first = surveys.indices.first {
            surveys[first].advance(in: space, decodes: max(1, decodes))
            guard let field = surveys[first].field else { return }
            self.field = field
            surveys.removeFirst()
            scaling = nil
        }
    }

    private func wantsScaling(by density: LatentDensity) -> Bool {
        scaled?.density != density || scaled?.field.spacing != field?.spacing
    }

    /// The field that a search between two points under a metric can go by.
    func field(
        between start: LatentPoint, _ end: LatentPoint, in space: DecodedSpace, under metric: LatentMetric
    ) -> MetricField? {
        guard self.space == SpaceSignature(space), let field = field(under: metric) else { return nil }
        return field.contains(SIMD2(start)) && field.contains(SIMD2(end)) ? field : nil
    }
}

extension SIMD2<Double> {
    /// A point of a plane.
    init(_ point: LatentPoint) { self.init(Double(point[0]), Double(point[1])) }
}
