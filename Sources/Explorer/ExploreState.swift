import Latent

/// Where one is in the latent space, how one came there, and which part of it is seen.
public struct ExploreState: Hashable, Sendable {
    public internal(set) var point: LatentPoint
    /// The plane through the point that is seen; nil: one latent makes none.
    var plane: LatentPlane?
    /// Whether the plane was chosen by the person, and no longer follows what the data say of the latents.
    var isPlaneChosen = false
    /// The coordinates that the latest move changed.
    var changed: Set<Int> = []
    /// Length of a step.
    public internal(set) var step: Float
    public internal(set) var window: PlaneWindow
    /// The window at zoom ×1.
    var wholeWindow: PlaneWindow
    /// Points passed of late, the newest last.
    var trail: [LatentPoint] = []
    public internal(set) var marks: [Mark] = []
    /// Points before each jump, the newest last.
    var past: [LatentPoint] = []
    var glide: Glide?
    /// Whether the mouse's button went down in the plane and is still held.
    var isDragging = false
    /// Whether window or step were chosen by the person, and no longer follow the data.
    var isWindowChosen: Bool
    var isStepChosen = false

    /// A point with a letter.
    public struct Mark: Hashable, Sendable {
        public let letter: Character
        public let point: LatentPoint
    }

    /// Digits behind the point that a coordinate needs, so that steps show.
    var coordinateDigits: Int { max(2, Typography.digits(for: step / 10)) }
    /// Digits behind the point that the step's length needs.
    var stepDigits: Int { Typography.digits(for: step / 50) }

    static let trailLength = 24
    private static let pastLength = 200
    /// Steps across the whole window: a grid of 41×41 points.
    private static let stepsAcross: Float = 40

    init(model: ModelFacts, range: ClosedRange<Float>?) {
        self.init(latentCount: model.latentCount, range: range)
        if model.classCount != nil { point.label = ClassMix(model.label ?? 0) }
    }

    init(latentCount: Int, range: ClosedRange<Float>?) {
        let window = range.map { PlaneWindow($0, $0) } ?? .prior
        self.window = window
        wholeWindow = window
        isWindowChosen = range != nil
        point = LatentPoint(Array(repeating: 0, count: latentCount))
        plane = latentCount > 1 ? LatentPlane(latents: 0, 1, dimension: latentCount) : nil
        step = Self.step(in: window)
        bringInside()
    }

    /// Where the point lies on the plane.
    var place: LatentPoint { plane?.coordinates(of: point) ?? point }

    /// The point of the plane that has two coordinates on it.
    func point(at place: LatentPoint) -> LatentPoint { plane?.point(place, through: point) ?? LatentPoint([place[0]]) }

    /// Goes to a point, leaving a trail.
    ///
    /// - Returns: whether that is another point.
    mutating func visit(_ target: LatentPoint) -> Bool {
        guard let target = reachable(target), target != point else { return false }
        trail = Array((trail + [point]).suffix(Self.trailLength))
        changed = Set((0..<point.count).filter { target[$0] != point[$0] })
        point = target
        return true
    }

    /// Lies at a point from the start, without a trail.
    ///
    /// - Returns: whether that is another point.
    mutating func begin(at target: LatentPoint) -> Bool {
        guard let target = reachable(target), target != point else { return false }
        point = target
        return true
    }

    mutating func rememberPast() { past = Array((past + [point]).suffix(Self.pastLength)) }

    /// Brings the step to a fortieth of what is seen, unless the person chose one.
    mutating func fitStep() {
        if !isStepChosen { step = Self.step(in: window) }
    }

    private static func step(in window: PlaneWindow) -> Float { max(window.span.0, window.span.1) / stepsAcross }

    /// Whether float32 tells a step from none in a window, with room for a decoder to tell them apart as well.
    static func isResolved(_ window: PlaneWindow) -> Bool {
        [0, 1].allSatisfy { axis in step(in: window) >= 4 * abs(window.center[axis]).ulp }
    }

    /// One coordinate `count` steps further. Points on multiples of the step stay on them, whatever rounding does.
    func stepped(_ value: Float, by count: Int) -> Float { Self.stepped(value, by: count, step: step) }

    static func stepped(_ value: Float, by count: Int, step: Float) -> Float {
        let position = value / step
        let nearest = position.rounded()
        return abs(position - nearest) < 1e-3 ? (nearest + Float(count)) * step : value + Float(count) * step
    }

    /// The point, or the nearest one within the bounds, of its class, or the present one; nil for what is no point, as a damaged encoder gives it.
    func reachable(_ target: LatentPoint) -> LatentPoint? {
        guard target.coordinates.allSatisfy(\.isFinite) else { return nil }
        return LatentPoint(target.coordinates.map(bounded), label: target.label ?? point.label)
    }

    /// Far outside there is nothing; numbers keep their columns.
    private func bounded(_ value: Float) -> Float { max(-reach, min(reach, value)) }

    /// The greatest magnitude of a coordinate.
    var reach: Float {
        let window = [wholeWindow.horizontal, wholeWindow.vertical].flatMap { [$0.lowerBound, $0.upperBound] }
        return max(99, 10 * window.map(abs).reduce(0, max))
    }

    /// Moves the window so that a place on the plane lies in it, by a third of its extent at a time, so that it rests in
    /// between; and by whole cells, so that what is known of cells stays of use.
    mutating func follow(_ target: LatentPoint, on grid: PlaneGrid) {
        guard target.count == 2 else { return }
        let axes = [(grid.horizontal, grid.columns, grid.columnExtent), (grid.vertical, grid.rows, grid.rowExtent)]
        for (axis, (visible, cells, extent)) in axes.enumerated() where !visible.contains(target[axis]) {
            let third = Float(max(1, cells / 3)) * extent
            let beyond =
                target[axis] < visible.lowerBound
                ? target[axis] - visible.lowerBound : target[axis] - visible.upperBound
            window.center[axis] +=
                abs(beyond) < third
                ? (beyond < 0 ? -third : third)
                : ((target[axis] - window.center[axis]) / extent).rounded() * extent
        }
    }

    /// Before the first step, the point lies where there is something to see.
    private mutating func bringInside() {
        guard plane != nil, !(window.horizontal.contains(place[0]) && window.vertical.contains(place[1])) else {
            return
        }
        point = point(at: window.center)
    }

    /// Shows the middle 99 % of the data, unless the person chose what to see or the window shows them well already.
    ///
    /// - Returns: whether the point had to move.
    mutating func fit(to codes: PlaneCodes) -> Bool {
        guard plane != nil, !isWindowChosen, codes.count > 0 else { return false }
        let ranges = codes.ranges.map(Self.outward)
        let shown = [wholeWindow.horizontal, wholeWindow.vertical]
        let isShownWell = zip(ranges, shown).allSatisfy { range, shown in
            let extent = shown.upperBound - shown.lowerBound
            let middle = abs((range.lowerBound + range.upperBound) - (shown.lowerBound + shown.upperBound)) / 2
            let share = (range.upperBound - range.lowerBound) / extent
            return middle < 0.2 * extent && share > 0.6 && share < 1.2
        }
        guard !isShownWell else { return false }
        wholeWindow = PlaneWindow(ranges[0], ranges[1])
        window = wholeWindow
        fitStep()
        let before = point
        if trail.isEmpty { bringInside() }
        return point != before
    }

    /// The same for a line.
    mutating func fit(toLine range: ClosedRange<Float>) {
        guard plane == nil, !isWindowChosen else { return }
        let range = Self.outward(range)
        wholeWindow = PlaneWindow(range, range)
        window = wholeWindow
        fitStep()
    }

    /// Shows again what was shown before the person chose anything: the range asked for, the data's, or the prior's.
    mutating func showAll(asked: ClosedRange<Float>?, codes: PlaneCodes?) {
        wholeWindow = asked.map { PlaneWindow($0, $0) } ?? .prior
        window = wholeWindow
        isWindowChosen = asked != nil
        fitStep()
        if let codes { _ = fit(to: codes) }
    }

    /// A range with round ends; never empty.
    private static func outward(_ range: ClosedRange<Float>) -> ClosedRange<Float> {
        let extent = max(
            range.upperBound - range.lowerBound, max(abs(range.lowerBound), abs(range.upperBound)) * 1e-3, 1e-3)
        let unit = Float(roundStep(atLeast: extent / 12))
        let low = (range.lowerBound / unit).rounded(.down) * unit
        let high = (range.upperBound / unit).rounded(.up) * unit
        return low < high ? low...high : low - unit...high + unit
    }
}

/// A jump on its way: along a straight line, a frame at a time.
struct Glide: Hashable, Sendable {
    let from: LatentPoint
    let to: LatentPoint
    let start: Duration
    var nextFrame: Duration

    static let length = Duration.milliseconds(150)
    static let frame = Duration.milliseconds(16)

    init(from: LatentPoint, to: LatentPoint, start: Duration) {
        self.from = from
        self.to = to
        self.start = start
        nextFrame = start
    }

    /// How far it has come, 0…1: evenly, but slowing down at the end.
    func share(at time: Duration) -> Float {
        let even = Float(max(0, min(1, (time - start) / Self.length)))
        return even * (2 - even)
    }

    func isOver(at time: Duration) -> Bool { time - start >= Self.length }
}
