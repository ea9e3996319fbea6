import Explorer
import Geometry
import Latent
import Pictures

/// Finds the paths between two points, and decodes them: the straight and the spherical one at once, then the geodesic.
final class WalkJob: Job {
    /// Between two words about the search: each makes a frame.
    private static let pause = Duration.milliseconds(40)
    /// Points of the way so far that are told.
    private static let tracePoints = 32

    private static let twoClasses =
        "a geodesic leads within one class, and the ends are of two: t shows the other paths"
    private static let noDerivatives = "this model's derivatives cannot be computed, so there are no geodesics"

    private enum Stage {
        case begin
        case filming(PathFilm)
        case seeking
        case searching(GeodesicSearch)
        /// The frames of a geodesic are chosen so that the pictures change evenly, whatever it is the shortest by.
        case spacing(EvenFrames, along: LatentPath)
        case finished
    }

    private let order: WalkOrder
    private var stage = Stage.begin
    /// Lines that wait.
    private var lines = [WalkPathKind.straight, .spherical]
    private var metric = LatentMetric.plain
    private var pace = Pace()
    private let clock = ContinuousClock()
    private var lastAnswer: ContinuousClock.Instant

    init(_ order: WalkOrder, latentCount: Int) {
        self.order = order
        lastAnswer = clock.now
        // Points of a model that was open before are nobody's.
        let isOurs = [order.start, order.end].allSatisfy { $0.count == latentCount }
        if !isOurs || order.frames < 2 { stage = .finished }
    }

    var isDone: Bool {
        if case .finished = stage { true } else { false }
    }

    func advance(at bench: Workbench, _ piece: Duration) -> [WorkResult] {
        let end = clock.now.advanced(by: piece)
        var news: [WalkNews] = []
        repeat { news += step(at: bench, piece) } while !isDone && clock.now < end
        return news.map(WorkResult.walk)
    }

    private func step(at bench: Workbench, _ piece: Duration) -> [WalkNews] {
        // What changes is taken out of the stage, so that it is not copied.
        let current = stage
        stage = .finished
        switch current {
        case .begin:
            metric = bench.atlases.metric(order.metric, cloud: bench.cloud)
            stage = nextLine()
        case .filming(var film):
            let news = film.advance(at: bench, under: metric, pace: &pace, piece: piece)
            stage = !film.isDone ? .filming(film) : film.kind == .geodesic ? .finished : nextLine()
            return news
        case .seeking:
            guard order.start.label == order.end.label else { return [.noGeodesic(reason: Self.twoClasses)] }
            guard let space = bench.engine.space(of: order.start.label) else {
                return [.noGeodesic(reason: Self.noDerivatives)]
            }
            do throws(GeometryError) {
                let search = try GeodesicSearch(
                    from: order.start, to: order.end, in: space, under: metric,
                    atlas: bench.atlases[metric, order.start.label])
                stage = .searching(search)
            } catch {
                return [.noGeodesic(reason: error.description)]
            }
        case .searching(var search):
            guard let space = bench.engine.space(of: order.start.label) else {
                return [.noGeodesic(reason: Self.noDerivatives)]
            }
            if search.isFinished {
                guard let frames = try? EvenFrames(of: search.path, count: order.frames, in: space) else {
                    return [.noGeodesic(reason: Self.noDerivatives)]
                }
                stage = .spacing(frames, along: search.path)
                return []
            }
            paced(space, piece) { search.advance(in: space, decodes: $0) }
            stage = .searching(search)
            return word(of: search)
        case .spacing(var frames, let curve):
            guard let space = bench.engine.space(of: order.start.label) else {
                return [.noGeodesic(reason: Self.noDerivatives)]
            }
            if !frames.isFinished { paced(space, piece) { frames.advance(in: space, decodes: $0) } }
            let film = PathFilm(.geodesic, along: curve, order, at: frames.path.points)
            stage = frames.isFinished ? .filming(film) : .spacing(frames, along: curve)
        case .finished: break
        }
        return []
    }

    /// Takes so many decodes as a piece has time for.
    private func paced(_ space: DecodedSpace, _ piece: Duration, _ work: (_ decodes: Int) -> Void) {
        let (start, before) = (clock.now, space.decodes)
        work(pace.count(limit: 64))
        let count = space.decodes - before
        if count > 0 { pace.note(count, took: start.duration(to: clock.now), of: piece) }
    }

    private func nextLine() -> Stage {
        guard !lines.isEmpty else { return .seeking }
        let kind = lines.removeFirst()
        let between = kind == .straight ? LatentPath.straight : LatentPath.spherical
        guard let curve = try? between(order.start, order.end, GeodesicSearch.segments) else { return .seeking }
        return .filming(PathFilm(kind, along: curve, order))
    }

    private func word(of search: GeodesicSearch) -> [WalkNews] {
        guard lastAnswer.duration(to: clock.now) >= Self.pause else { return [] }
        lastAnswer = clock.now
        let way = (0...Self.tracePoints).map { search.path.point(at: Double($0) / Double(Self.tracePoints)) }
        return [.searching(way: way, share: search.progress)]
    }
}

extension LatentMetric {
    /// - Parameter cloud: the data whose density counts; without any it doesn't.
    init(_ metric: WalkMetric, cloud: LatentCloud?) {
        switch metric {
        case .plain: self = .plain
        case .fisher: self = .fisher
        case .density:
            let density = cloud.flatMap { LatentDensity(codes: $0.means, dimension: $0.dimension) }
            self = density.map { .densityAware($0) } ?? .plain
        }
    }
}
