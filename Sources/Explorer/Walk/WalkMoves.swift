import Latent
import Pictures

/// What the keys of the Walk view do.
extension WalkView {
    /// The path whose frames are seen: the chosen one, or the straight one until that is found.
    var shownPath: WalkPath? { walk.flatMap { $0.paths[kind] ?? $0.paths[.straight] } }

    /// Frames that can be gone through.
    var frameCount: Int { shownPath?.pictures.count ?? 1 }

    /// The frame of a path at this moment: all paths run in the same time.
    func frame(of path: WalkPath) -> Int { min(playback.frame, path.pictures.count - 1) }

    func metric(_ shared: Shared) -> WalkMetric {
        let metric = chosenMetric ?? .density
        return metric == .density && !shared.offersDensity ? .plain : metric
    }

    /// Why nothing is drawn by the metric, in a sentence; nil: it is.
    func missingWalk(_ shared: Shared) -> String? {
        metric(shared) == .fisher ? shared.model.missingLikelihood : nil
    }

    mutating func togglePlaying(at time: Duration) {
        if playback.isPlaying { playback.pause() } else { playback.play(at: time) }
    }

    /// One frame on or back, standing still.
    mutating func step(by frames: Int, at time: Duration) { showFrame(playback.frame + frames, at: time) }

    mutating func showFrame(_ frame: Int, at time: Duration) {
        playback.pause()
        playback.show(frame, of: frameCount, at: time)
    }

    mutating func changeSpeed(by places: Int, _ shared: inout Shared) {
        let isPossible = playback.changeSpeed(by: places, at: shared.now)
        shared.note(
            isPossible
                ? "\(playback.framesPerSecond) frames a second"
                : places < 0 ? "this is the slowest" : "this is the fastest")
    }

    mutating func nextTurn(_ shared: inout Shared) {
        playback.turn = WalkPlayback.Turn.allCases.next(after: playback.turn)
        shared.note(playback.turn.rawValue)
    }

    mutating func nextPath(_ shared: inout Shared) {
        kind = WalkPathKind.allCases.next(after: kind)
        if kind == .geodesic, let reason = walk?.missingGeodesic { shared.note(reason) }
    }

    mutating func nextMetric(_ shared: inout Shared) {
        let offered = WalkMetric.allCases.filter { $0 != .density || shared.offersDensity }
        let metric = offered.next(after: metric(shared))
        chosenMetric = metric
        if let missing = missingWalk(shared) { return shared.fail(missing) }
        switch metric {
        case .plain: shared.note("lengths: change of the pixels")
        case .fisher: shared.note("lengths: change of the pixels by Fisher's information")
        case .density: shared.note("lengths: change of the pixels, longer where the data are thin")
        }
    }

    func askForFile(_ shared: inout Shared) {
        // A name that is typed and then refused would be lost.
        if case .failure(let sentence) = exhibit(shared, as: .film) { return shared.fail(sentence.text) }
        shared.prompt = Prompt(.export)
        shared.prompt?.replace(with: "walk.gif")
    }
}

extension Shared {
    /// Whether data say where lengths grow. Among many latents they lie so thinly that their density says nothing.
    fileprivate var offersDensity: Bool { (cloud?.count ?? 0) > 0 && model.latentCount <= Self.mostDenseLatents }
    /// As many as a geodesic may have.
    private static let mostDenseLatents = 32
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
