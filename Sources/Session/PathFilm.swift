import Explorer
import Geometry
import Latent
import Pictures

/// A path that is being decoded and measured: its frames first, then its length.
///
/// The frames of a geodesic lie evenly by what changes in the picture, whatever it is the shortest by: they are moved along
/// the curve until neighbors are equally far apart. Those of other paths lie evenly along them.
struct PathFilm {
    let kind: WalkPathKind
    /// The path's course, fine enough to be measured.
    private let curve: LatentPath
    /// Where the frames lie, as shares of the curve.
    private var places: [Double]
    private var pictures: [Picture] = []
    /// The most even frames so far.
    private var best: (path: WalkPath, unevenness: Double)?
    private var rounds = 0
    private var length = 0.0
    /// Segments of the curve that are measured.
    private var measured = 0
    private(set) var isDone = false

    /// By how much of their mean steps may differ from it.
    private static let tolerance = 0.02
    private static let mostRounds = 16

    init(_ kind: WalkPathKind, along curve: LatentPath, frames: Int) {
        (self.kind, self.curve) = (kind, curve)
        places = (0..<frames).map { Double($0) / Double(frames - 1) }
    }

    /// Decodes some frames, or measures some segments.
    ///
    /// - Parameter pace: how many points make a piece.
    mutating func advance(
        at bench: Workbench, under metric: LatentMetric, pace: inout Pace, piece: Duration
    ) -> [WalkNews] {
        let count = pace.count(limit: bench.engine.batch)
        let clock = ContinuousClock()
        let start = clock.now
        if pictures.count < places.count {
            let part = places[pictures.count...].prefix(count).map(curve.point)
            pictures += bench.engine.decode(part.flatMap(\.coordinates), count: part.count)
            pace.note(part.count, took: start.duration(to: clock.now), of: piece)
            return pictures.count == places.count ? finishRound() : []
        }
        let last = min(curve.segments, measured + count)
        guard let space = bench.engine.space, let part = try? LatentPath(Array(curve.points[measured...last])),
            let more = try? space.length(of: part, under: metric)
        else {
            isDone = true
            return []
        }
        pace.note(last - measured, took: start.duration(to: clock.now), of: piece)
        length += more
        measured = last
        isDone = measured == curve.segments
        guard isDone, var path = best?.path else { return [] }
        path.length = length
        return [.found(path)]
    }

    /// All frames are decoded: those of a geodesic move nearer to where they should be, or are good as they are.
    private mutating func finishRound() -> [WalkNews] {
        let path = WalkPath(kind: kind, points: places.map(curve.point), pictures: pictures, length: nil)
        let mean = path.steps.reduce(0, +) / Double(path.steps.count)
        let unevenness = mean > 0 ? path.steps.reduce(0) { max($0, abs($1 - mean)) } / mean : 0
        if unevenness < best?.unevenness ?? .infinity { best = (path, unevenness) }
        rounds += 1
        if kind == .geodesic, unevenness.isFinite, unevenness > Self.tolerance, rounds < Self.mostRounds {
            move(path.steps)
            pictures = []
            return []
        }
        // The film is worth showing before its length is known.
        return best.map { [.found($0.path)] } ?? []
    }

    /// Moves the frames to equal shares of all that changes, as if pictures changed evenly between two frames.
    private mutating func move(_ steps: [Double]) {
        let total = steps.reduce(0, +)
        var (along, index) = (0.0, 0)
        places = places.indices.map { frame in
            guard frame > 0, frame < places.count - 1 else { return places[frame] }
            let wanted = total * Double(frame) / Double(steps.count)
            while index < steps.count - 1, along + steps[index] < wanted {
                along += steps[index]
                index += 1
            }
            let share = steps[index] > 0 ? (wanted - along) / steps[index] : 0
            return places[index] + max(0, min(1, share)) * (places[index + 1] - places[index])
        }
    }
}
