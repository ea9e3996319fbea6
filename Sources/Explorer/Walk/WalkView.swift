import Cells
import Latent
import Pictures

/// From one point to another, along three kinds of path.
struct WalkView: View {
    static let card = ViewCard(digit: 3, title: "Walk")
    static let bindings = WalkKeys.bindings

    /// The path that is walked, as soon as it is found.
    var kind = WalkPathKind.geodesic
    /// Nil: density-aware where there are data, else plain.
    var chosenMetric: WalkMetric?
    /// Whether all paths are seen side by side.
    var showsAll = false
    /// What was asked for last, and what came of it.
    var walk: Walk?
    var playback = WalkPlayback()
    /// Whether it was seen before: the first time it plays by itself.
    private var wasSeen = false

    /// The data that image ends are of.
    var dataName: String?
    /// The data's own pictures of the ends, by their index, and the request that brings those that are missing.
    var originals: [Int: Picture] = [:]
    var originalsRequest: (number: Int, images: [Int])?

    /// What ends are drawn from; nil: nothing was measured.
    var candidates: WalkCandidates?

    /// The map of the plane that was asked for; nil: none since the view is seen.
    var atlas: WalkAtlas?
    /// The one that was asked for before the view was seen.
    var firstAtlas: WalkAtlas?

    /// The part of the plane that is seen; nil: the whole of it, before there is a walk.
    var plane: WalkPlane?
    /// What is drawn once.
    var map = PlaneMap()
    var film = Drawn<WalkFilm>()

    mutating func take(_ event: Event, _ shared: inout Shared) -> [Effect] {
        switch event {
        case .input(.key), .input(.mouse): playback.noticeKey()
        case .worked(let answer) where answer.slot == .walk: take(answer)
        case .worked(let answer) where answer.slot == .images: takeOriginals(answer)
        case .worked(let answer) where [.walkOriginals, .walkDecoded].contains(answer.slot): candidates?.take(answer)
        case .started: return refreshFirstAtlas(&shared)
        case .opened:
            self = WalkView()
            return refreshFirstAtlas(&shared)
        case .encoded:
            forgetForeignEnds(&shared)
            return refreshFirstAtlas(&shared) + refreshCandidates(&shared)
        case _ where event.renewsPictures:
            forgetWalk()
            // While a run goes on idle work is left undone.
            candidates = nil
        default: break
        }
        return []
    }

    mutating func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] {
        guard action == .press || action == .drag else { return [] }
        let film = layout(shared).film
        guard film.contains(position) || film.contains(Position(column: position.column, row: position.row - 1)),
            let place = strip(shared).places.first(where: {
                $0.rect.column <= position.column && position.column < $0.rect.column + $0.rect.columns
            })
        else { return [] }
        showFrame(place.index, at: shared.now)
        return []
    }

    mutating func take(line: String, typedFor purpose: Prompt.Purpose, _ shared: inout Shared) -> [Effect] {
        if purpose == .walkClass { chooseClass(typed: line, &shared) }
        return []
    }

    mutating func refresh(_ shared: inout Shared) -> [Effect] {
        completeEnds(&shared)
        let effects = refreshWalk(&shared) + refreshOriginals(&shared) + refreshAtlas(&shared)
        if frameCount > 1 { playback.advance(of: frameCount, at: shared.now) }
        refreshPlane(shared)
        refreshDrawing(shared)
        return effects
    }

    mutating func enter(_ shared: inout Shared) -> [Effect] {
        if shared.isAnimated, !wasSeen { playback.play(at: shared.now) }
        wasSeen = true
        // Another view may have asked for other pictures since.
        originalsRequest = nil
        return []
    }

    /// Nobody waits for what is still sought.
    mutating func leave(_ shared: inout Shared) -> [Effect] {
        let drops: [Effect] = atlas == nil ? [] : [.drop(.atlas)]
        atlas = nil
        guard isSought else { return drops }
        forgetWalk()
        return drops + [.drop(.walk)]
    }

    func draw(_ shared: Shared, into canvas: inout Canvas) {
        WalkDrawing(view: self, shared: shared).draw(into: &canvas)
    }

    func pointUnderCursor(_ shared: Shared) -> LatentPoint? { shownPath.map { $0.points[frame(of: $0)] } }

    /// The class of the frame that is seen, and those of the ends.
    func status(_ shared: Shared) -> [Span] {
        guard let point = pointUnderCursor(shared), let label = point.label else { return [] }
        let ends = WalkSide.allCases.compactMap { shared.walkPoint($0)?.label?.nearest }
        let style = shared.theme.classStyle(UInt8(clamping: label.nearest), .strong)
        let numbers = Span(
            "class " + (label.isPure ? shared.className(label.nearest) : shared.classNumbers(label)), style)
        guard ends.count == 2, ends[0] != ends[1] else { return [numbers] }
        return [numbers, Span("  from \(ends[0]) to \(ends[1])", shared.theme.faint)]
    }

    func wakeTime(_ shared: Shared) -> Duration? { frameCount > 1 ? playback.nextFrame : nil }
}
