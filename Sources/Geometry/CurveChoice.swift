/// The shortest of some curves, by their images.
struct CurveChoice {
    private let count: Int
    private var waiting: [CurveValues]
    /// The shortest so far.
    private(set) var best: CurveValues?

    /// - Parameter curves: `[points, latents]` each, one or more.
    init(_ curves: [[Float]], in space: DecodedSpace) {
        count = curves.count
        waiting = curves.reversed().map { CurveValues(of: $0, in: space) }
    }

    var isFinished: Bool { waiting.isEmpty }
    /// How many of the curves are done, 0…1.
    var progress: Double { 1 - Double(waiting.count) / Double(count) }

    /// Decodes the next few points.
    mutating func advance(_ count: Int, in space: DecodedSpace, under metric: LatentMetric) {
        guard var curve = waiting.popLast() else { return }
        curve.advance(count, in: space, under: metric)
        if !curve.isComplete(in: space) {
            waiting.append(curve)
        } else if best.map({ curve.length < $0.length }) ?? true {
            best = curve
        }
    }
}
