import Cells
import Latent
import Pictures

/// From one point to another, along three kinds of path.
struct WalkView: StaticView {
    static let card = ViewCard(digit: 3, title: "Walk")
    static let bindings = WalkKeys.bindings
    static let initial = WalkState()

    static func draw(_ shared: Shared, into canvas: inout Canvas) {
        WalkDrawing(shared: shared, layout: shared.walkLayout).draw(into: &canvas)
    }

    static func take(_ event: Event, _ shared: inout Shared) -> [Effect] {
        switch event {
        case .worked(let answer) where answer.slot == .walk: shared.takeWalk(answer)
        case .worked(let answer) where answer.slot == .images: shared.takeWalkOriginals(answer)
        case .started: return shared.refreshFirstAtlas()
        case .opened:
            shared[Self.self] = WalkState()
            return shared.refreshFirstAtlas()
        case .encoded:
            shared.forgetForeignWalkEnds()
            return shared.refreshFirstAtlas()
        case _ where event.renewsPictures: shared.forgetWalk()
        default: break
        }
        return []
    }

    static func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] {
        guard action == .press || action == .drag else { return [] }
        let film = shared.walkLayout.film
        guard film.contains(position) || film.contains(Position(column: position.column, row: position.row - 1)),
            let place = shared.walkStrip.places.first(where: {
                $0.rect.column <= position.column && position.column < $0.rect.column + $0.rect.columns
            })
        else { return [] }
        shared.showWalkFrame(place.index)
        return []
    }

    static func refresh(_ shared: inout Shared) -> [Effect] {
        shared.completeWalkEnds()
        let effects = shared.refreshWalk() + shared.refreshWalkOriginals() + shared.refreshWalkAtlas()
        shared.advanceWalk()
        shared.refreshWalkDrawing()
        return effects
    }

    static func enter(_ shared: inout Shared) -> [Effect] {
        let (isAnimated, time) = (shared.isAnimated, shared.now)
        shared.owned.update(Self.self) { own in
            if isAnimated, !own.wasSeen { own.playback.play(at: time) }
            own.wasSeen = true
            // Another view may have asked for other pictures since.
            own.originalsRequest = nil
        }
        return []
    }

    /// Nobody waits for what is still sought.
    static func leave(_ shared: inout Shared) -> [Effect] {
        let drops: [Effect] = shared[Self.self].atlas == nil ? [] : [.drop(.atlas)]
        shared.owned.update(Self.self) { $0.atlas = nil }
        guard shared.isWalkSought else { return drops }
        shared.forgetWalk()
        return drops + [.drop(.walk)]
    }

    static func pointUnderCursor(_ shared: Shared) -> LatentPoint? {
        shared.shownWalkPath.map { $0.points[shared.walkFrame(of: $0)] }
    }

    /// The class of the frame that is seen, and those of the ends.
    static func status(_ shared: Shared) -> [Span] {
        guard let point = pointUnderCursor(shared), let label = point.label else { return [] }
        let ends = [WalkSide.start, .end].compactMap { shared.walkPoint($0)?.label?.nearest }
        let style = shared.theme.classStyle(UInt8(clamping: label.nearest), .strong)
        let numbers = Span(
            "class " + (label.isPure ? shared.className(label.nearest) : shared.classNumbers(label)), style)
        guard ends.count == 2, ends[0] != ends[1] else { return [numbers] }
        return [numbers, Span("  from \(ends[0]) to \(ends[1])", shared.theme.faint)]
    }

    static func wakeTime(_ shared: Shared) -> Duration? {
        shared.walkFrameCount > 1 ? shared[Self.self].playback.nextFrame : nil
    }

    static func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        shared.walkExhibit(as: format)
    }
}
