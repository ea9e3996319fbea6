import Cells
import Latent

/// What news of a run mean to the Train view, and what it wants to be drawn.
extension TrainView {
    static func take(_ event: Event, _ shared: inout Shared) -> [Effect] {
        guard case .run(let update) = event else { return [] }
        switch update {
        case .began(let facts):
            shared.owned.update(TrainView.self) { $0.begin(facts) }
            shared.view = TrainView.card
        case .described(let facts):
            shared.owned.update(TrainView.self) { run in
                run.facts = facts
                run.fitScales(force: true)
            }
        case .measured(let measurement): shared.owned.update(TrainView.self) { $0.take(measurement) }
        case .progressed(let progress): shared.owned.update(TrainView.self) { $0.progress = progress }
        case .assessed(let assessment):
            shared.owned.update(TrainView.self) { run in
                run.assessment = assessment
                run.divergences = assessment.divergences
            }
        case .phase(let phase): return shared.take(phase)
        case .warned(let sentence): shared.fail(sentence)
        case .kept(let kept): shared.take(kept)
        case .renewed(let moment): return shared.takeWeights(of: moment)
        case .pictures(let pictures): shared.take(pictures)
        }
        return []
    }

    /// Asks for other pictures where what is shown has changed.
    static func refresh(_ shared: inout Shared) -> [Effect] {
        guard shared[TrainView.self].facts != nil, shared.layout != nil else { return [] }
        let layout = shared.trainLayout
        let axes = shared.manifoldAxes
        let points = shared.manifoldPoints(axes: axes)
        let images = layout.strip.map { shared.stripPlaces($0).count } ?? 0
        let effects = shared.request(points: points, images: images, wantsCodes: true, axes: axes)
        shared.refreshDrawnPictures()
        return effects
    }

    /// The other views live on the codes alone.
    static func leave(_ shared: inout Shared) -> [Effect] {
        guard shared[TrainView.self].facts != nil else { return [] }
        return shared.request(points: [], images: 0, wantsCodes: true, axes: shared[TrainView.self].axes)
    }
}

extension Shared {
    fileprivate mutating func take(_ phase: RunPhase) -> [Effect] {
        if phase == .stopping {
            // Nobody is asked for a key any more where a signal has asked for the end.
            guard !self[TrainView.self].phase.isOver else { return [.quit] }
            owned.update(TrainView.self) { ($0.phase, $0.leavesAtEnd) = (.stopping, true) }
            return []
        }
        let wasStopping = self[TrainView.self].phase == .stopping
        // A run that is asked to stop may still tell of a pause.
        if wasStopping, !phase.isOver { return [] }
        owned.update(TrainView.self) { $0.phase = phase }
        guard phase.isOver else { return [] }
        return self[TrainView.self].leavesAtEnd ? [.quit] : []
    }

    fileprivate mutating func take(_ kept: [KeptCheckpoint]) {
        owned.update(TrainView.self) { run in
            // The one that is shown stays the same, whatever was kept or thinned out meanwhile.
            let name = run.shown.map { run.kept[$0] }
            run.kept = kept
            run.shown = name.flatMap { kept.firstIndex(of: $0) }
        }
    }

    fileprivate mutating func take(_ pictures: RunPictures) {
        owned.update(TrainView.self) { run in
            guard pictures.number == run.request?.number else { return }
            run.pictures = pictures
            run.picturesCount += 1
        }
    }

    /// The point that is shown is decoded by the new weights, and so is the background where it is made of pictures.
    fileprivate mutating func takeWeights(of moment: String) -> [Effect] {
        owned.update(TrainView.self) { $0.moment = moment }
        if preferences.plane == .pictures { background.forget() }
        return view.digit == TrainView.digit ? [] : [decodeRequest()]
    }

    fileprivate mutating func request(
        points: [LatentPoint], images: Int, wantsCodes: Bool, axes: [Int]
    ) -> [Effect] {
        let old = self[TrainView.self].request
        guard
            old?.points != points || old?.images != images || old?.wantsCodes != wantsCodes
                || old?.label != imagesClass
        else { return [] }
        let request = RunPictureRequest(
            number: nextNumber(), points: points, images: images, wantsCodes: wantsCodes, label: imagesClass)
        owned.update(TrainView.self) { run in
            run.request = request
            run.axes = axes
        }
        return [.run(.picture(request))]
    }

    /// The two latents that tell most of the images; the first two where that is not known.
    fileprivate var manifoldAxes: [Int] {
        let run = self[TrainView.self]
        guard model.latentCount > 2, run.divergences.count == model.latentCount else { return [0, 1] }
        // Others take their place only where they tell clearly more: the picture shall not jump about.
        let current = Set(run.axes)
        func weight(_ latent: Int) -> Double { run.divergences[latent] * (current.contains(latent) ? 1.5 : 1) }
        return Array(run.divergences.indices.sorted { weight($0) > weight($1) }.prefix(2)).sorted()
    }

    /// The prior's quantiles on a grid, so that each picture stands for the same share of what the model generates
    /// (Kingma & Welling 2014, figure 4); the other latents are zero.
    fileprivate func manifoldPoints(axes: [Int]) -> [LatentPoint] {
        let tiles = tileGrid
        func quantiles(_ count: Int) -> [Float] {
            (0..<count).map { Float(normalQuantile((Double($0) + 0.5) / Double(count))) }
        }
        let label = explore.point.label
        var origin = LatentPoint(Array(repeating: 0, count: model.latentCount), label: label)
        guard model.latentCount > 1 else {
            return quantiles(tiles.across * tiles.down).map { LatentPoint([$0], label: label) }
        }
        let (across, down) = (quantiles(tiles.across), quantiles(tiles.down))
        return down.reversed().flatMap { vertical in
            across.map { horizontal in
                origin[axes[0]] = horizontal
                origin[axes[1]] = vertical
                return origin
            }
        }
    }
}

extension Shared {
    static let weightsAwaited = "waiting for the first weights"

    /// What is said in the place of pictures while a run has no weights; nil where there are some, or no run.
    var awaited: [String]? {
        let run = self[TrainView.self]
        guard model.isAwaited, run.moment == nil, run.pictures == nil else { return nil }
        // Our own trainer hands its weights over by itself.
        return run.facts?.isControlled == false
            ? ["no model has been written yet", Self.weightsAwaited] : [Self.weightsAwaited]
    }
}
