import Latent
import Pictures

/// What the keys of the Walk view do.
extension Shared {
    /// The path whose frames are seen: the chosen one, or the straight one until that is found.
    var shownWalkPath: WalkPath? {
        let own = self[WalkView.self]
        return own.walk.flatMap { $0.paths[own.kind] ?? $0.paths[.straight] }
    }

    /// Frames that can be gone through.
    var walkFrameCount: Int { shownWalkPath?.pictures.count ?? 1 }

    /// The frame of a path at this moment: all paths run in the same time.
    func walkFrame(of path: WalkPath) -> Int { min(self[WalkView.self].playback.frame, path.pictures.count - 1) }

    var walkMetric: WalkMetric {
        let metric = self[WalkView.self].chosenMetric ?? .density
        return metric == .density && !offersDensity ? .plain : metric
    }

    /// Whether data say where lengths grow. Among many latents they lie so thinly that their density says nothing.
    private var offersDensity: Bool { (cloud?.count ?? 0) > 0 && model.latentCount <= Self.mostDenseLatents }
    /// As many as a geodesic may have.
    private static let mostDenseLatents = 32

    /// Why nothing is drawn by the metric, in a sentence; nil: it is.
    var missingWalk: String? { walkMetric == .fisher ? model.missingLikelihood : nil }

    private mutating func changePlayback(_ change: (inout WalkPlayback) -> Void) {
        owned.update(WalkView.self) { change(&$0.playback) }
    }

    mutating func togglePlaying() {
        let time = now
        changePlayback { if $0.isPlaying { $0.pause() } else { $0.play(at: time) } }
    }

    /// One frame on or back, standing still.
    mutating func stepWalk(by frames: Int) {
        let (count, time) = (walkFrameCount, now)
        changePlayback { playback in
            playback.pause()
            playback.show(playback.frame + frames, of: count, at: time)
        }
    }

    mutating func showWalkFrame(_ frame: Int) {
        let (count, time) = (walkFrameCount, now)
        changePlayback { playback in
            playback.pause()
            playback.show(frame, of: count, at: time)
        }
    }

    mutating func changeWalkSpeed(by places: Int) {
        let time = now
        var isPossible = true
        changePlayback { isPossible = $0.changeSpeed(by: places, at: time) }
        let speed = self[WalkView.self].playback.framesPerSecond
        note(isPossible ? "\(speed) frames a second" : places < 0 ? "this is the slowest" : "this is the fastest")
    }

    mutating func turnWalk() {
        changePlayback { $0.turn = WalkPlayback.Turn.allCases.next(after: $0.turn) }
        note(self[WalkView.self].playback.turn.rawValue)
    }

    mutating func nextWalkPath() {
        owned.update(WalkView.self) { $0.kind = WalkPathKind.allCases.next(after: $0.kind) }
        let own = self[WalkView.self]
        if own.kind == .geodesic, let reason = own.walk?.missingGeodesic { note(reason) }
    }

    mutating func toggleAllWalkPaths() { owned.update(WalkView.self) { $0.showsAll.toggle() } }

    mutating func nextWalkMetric() {
        let offered = WalkMetric.allCases.filter { $0 != .density || offersDensity }
        let metric = offered.next(after: walkMetric)
        owned.update(WalkView.self) { $0.chosenMetric = metric }
        if let missingWalk { return fail(missingWalk) }
        switch metric {
        case .plain: note("lengths: change of the pixels")
        case .fisher: note("lengths: change of the pixels by Fisher's information")
        case .density: note("lengths: change of the pixels, longer where the data are thin")
        }
    }

    mutating func askForWalkEnd(_ side: WalkSide) { prompt = Prompt(.walkEnd(side)) }

    mutating func askForWalkFile() {
        // A name that is typed and then refused would be lost.
        if case .failure(let sentence) = walkExhibit(as: .film) { return fail(sentence.text) }
        prompt = Prompt(.export)
        prompt?.replace(with: "walk.gif")
    }
}

extension Prompt.Purpose {
    /// Where a walk begins or ends.
    static func walkEnd(_ side: WalkSide) -> Self {
        Self(name: "walk's \(side)", sign: side == .start ? "from: " : "to: ") { shared in
            WalkPlace.example(
                latentCount: shared.model.latentCount,
                className: shared.cloud?.classes.lazy.compactMap { shared.name(ofClass: Int($0)) }.first.map(cellText))
        } enter: { line, shared in
            guard line.contains(where: { $0 != " " }) else { return [] }
            switch WalkPlace.parse(shared.numberingClasses(in: line), latentCount: shared.model.latentCount) {
            case .success(let place): shared.choose(side, place)
            case .failure(let sentence): shared.fail(sentence.text)
            }
            return []
        }
    }
}
