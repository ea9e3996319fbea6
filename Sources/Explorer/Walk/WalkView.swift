import Cells
import Latent
import Pictures

/// From one point to another, along three kinds of path.
struct WalkView: View {
    static let digit = 3
    static let title = "Walk"
    static let bindings = WalkKeys.bindings
    static let initial = WalkState()

    static func draw(_ state: State, into canvas: inout Canvas) {
        WalkDrawing(state: state, layout: state.walkLayout).draw(into: &canvas)
    }

    static func take(_ event: Event, _ state: inout State) -> [Effect] {
        switch event {
        case .worked(let answer) where answer.slot == .walk: state.takeWalk(answer)
        case .worked(let answer) where answer.slot == .images: state.takeWalkOriginals(answer)
        case .started: return state.refreshFirstAtlas()
        case .opened:
            state[Self.self] = WalkState()
            return state.refreshFirstAtlas()
        case .encoded:
            state.forgetForeignWalkEnds()
            return state.refreshFirstAtlas()
        case _ where event.renewsPictures: state.forgetWalk()
        default: break
        }
        return []
    }

    static func mouse(_ action: MouseAction, at position: Position, _ state: inout State) -> [Effect] {
        guard action == .press || action == .drag else { return [] }
        let film = state.walkLayout.film
        guard film.contains(position) || film.contains(Position(column: position.column, row: position.row - 1)),
            let place = state.walkStrip.places.first(where: {
                $0.rect.column <= position.column && position.column < $0.rect.column + $0.rect.columns
            })
        else { return [] }
        state.showWalkFrame(place.index)
        return []
    }

    static func refresh(_ state: inout State) -> [Effect] {
        state.completeWalkEnds()
        let effects = state.refreshWalk() + state.refreshWalkOriginals() + state.refreshWalkAtlas()
        state.advanceWalk()
        state.refreshWalkDrawing()
        return effects
    }

    static func enter(_ state: inout State) -> [Effect] {
        let (isAnimated, time) = (state.isAnimated, state.now)
        state.owned.update(Self.self) { own in
            if isAnimated, !own.wasSeen { own.playback.play(at: time) }
            own.wasSeen = true
            // Another view may have asked for other pictures since.
            own.originalsRequest = nil
        }
        return []
    }

    /// Nobody waits for what is still sought.
    static func leave(_ state: inout State) -> [Effect] {
        let drops: [Effect] = state[Self.self].atlas == nil ? [] : [.drop(.atlas)]
        state.owned.update(Self.self) { $0.atlas = nil }
        guard state.isWalkSought else { return drops }
        state.forgetWalk()
        return drops + [.drop(.walk)]
    }

    static func pointUnderCursor(_ state: State) -> LatentPoint? {
        state.shownWalkPath.map { $0.points[state.walkFrame(of: $0)] }
    }

    /// The class of the frame that is seen, and those of the ends.
    static func status(_ state: State) -> [Span] {
        guard let point = pointUnderCursor(state), let label = point.label else { return [] }
        let ends = [WalkSide.start, .end].compactMap { state.walkPoint($0)?.label?.nearest }
        let style = state.theme.classStyle(UInt8(clamping: label.nearest), .strong)
        let numbers = Span(
            "class " + (label.isPure ? state.className(label.nearest) : state.classNumbers(label)), style)
        guard ends.count == 2, ends[0] != ends[1] else { return [numbers] }
        return [numbers, Span("  from \(ends[0]) to \(ends[1])", state.theme.faint)]
    }

    static func wakeTime(_ state: State) -> Duration? {
        state.walkFrameCount > 1 ? state[Self.self].playback.nextFrame : nil
    }

    static func exhibit(_ state: State, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        state.walkExhibit(as: format)
    }
}
