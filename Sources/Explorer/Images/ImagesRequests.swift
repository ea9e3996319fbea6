import Cells
import Latent
import Pictures

/// What the Images view wants of the engine, and what has come.
extension ImagesView {
    mutating func refresh(_ shared: inout Shared) -> [Effect] {
        refreshList(&shared)
        refreshRecognition(shared)
        var effects = refreshReconstruction(&shared)
        effects += refreshNeighbors(&shared)
        effects += refreshSamples(&shared)
        effects += refreshLosses(&shared)
        effects += refreshPosterior(&shared)
        refreshPane(shared)
        return effects
    }

    /// Brings the list up to date; the current image stays where it is among the others.
    mutating func refreshList(_ shared: inout Shared) {
        let count = shared.cloud?.count ?? 0
        let isMeasured = losses.isComplete(for: count)
        let key = ImageList.Key(count: count, filter: filter, order: isMeasured ? order : .data)
        guard key != list.key else { return }
        let new = ImageList(key, labels: shared.cloud?.labels, losses: losses.values)
        let isSorted = awaitsOrder && key.order == order
        place = isSorted ? 0 : image.flatMap { new.images.firstIndex(of: $0) } ?? 0
        list = new
        guard isSorted else { return }
        awaitsOrder = false
        shared.note(
            "\(order.name), by \(shared.theme.typography.minus)ELBO at the mean of the encoder's posterior")
    }

    private mutating func refreshPane(_ shared: Shared) {
        refreshLens(shared)
        guard let rect = ImagesLayout(shared).plane, shared.explore.plane != nil else { return }
        plane.refresh(shared, grid: lensGrid(in: rect, shared))
        refreshHeat(shared, in: rect)
        if let rect = insetRect(in: rect, shared) { inset.refresh(shared, grid: shared.planeGrid(in: rect)) }
    }

    // MARK: Asking

    private mutating func refreshReconstruction(_ shared: inout Shared) -> [Effect] {
        // The exact answer comes with the posterior.
        guard inference != .exact else {
            asked = nil
            return []
        }
        guard let subject = subject(shared), asked?.subject != subject || asked?.inference != inference else {
            return []
        }
        let number = shared.nextNumber()
        asked = (number, subject, inference)
        return [.work(WorkRequest(number: number, slot: .reconstruction, work: .reconstruct(subject, by: inference)))]
    }

    private mutating func refreshNeighbors(_ shared: inout Shared) -> [Effect] {
        let around = neighborStrip(shared)?.places.map { list.images[$0.index] }
        let nearest = nearestRect(shared) == nil ? nil : recognition.nearest?.image
        let missing = neighbors.missing(of: around ?? [nearest].compactMap { $0 })
        guard !missing.isEmpty else { return [] }
        let number = shared.nextNumber()
        neighbors.ask(number, for: missing)
        return [.work(WorkRequest(number: number, slot: .images, work: .images(missing)))]
    }

    private mutating func refreshSamples(_ shared: inout Shared) -> [Effect] {
        guard sampleStrip(shared) != nil, let subject = subject(shared), let answer = answer(shared),
            samples?.subject != subject || samples?.inference != inference || samples?.spread != sampleSpread(shared)
        else { return [] }
        // While one draws, what is known may be of the drawing a moment ago.
        if case .picture = subject, shown?.subject != subject { return [] }
        let spread = sampleSpread(shared)
        let points = draws(from: answer, using: &shared.generator).map { spread.stretch($0, from: answer.mean) }
        let number = shared.nextNumber()
        samples = PosteriorSamples(
            subject: subject, inference: inference, spread: spread, number: number, points: points)
        return [.work(WorkRequest(number: number, slot: .samples, work: .decode(points)))]
    }

    /// Draws from the Gaussian of an answer; the exact posterior is none.
    private func draws(
        from answer: (mean: LatentPoint, deviations: LatentPoint?), using generator: inout SeededGenerator
    ) -> [LatentPoint] {
        if inference == .exact, let exact = posterior.found?.posterior {
            return exact.draws(PosteriorSamples.count, using: &generator).map { $0.labelled(answer.mean.label) }
        }
        return (0..<PosteriorSamples.count).map { _ in
            LatentPoint(
                answer.mean.coordinates.indices.map { latent in
                    answer.mean[latent] + (answer.deviations?[latent] ?? 0) * generator.nextNormal()
                }, label: answer.mean.label)
        }
    }

    private mutating func refreshLosses(_ shared: inout Shared) -> [Effect] {
        guard order != .data, let count = shared.cloud?.count, let missing = losses.missing(of: count) else {
            return []
        }
        let number = shared.nextNumber()
        losses.ask(number, count: count)
        return [.work(WorkRequest(number: number, slot: .losses, work: .losses(missing, as: shared.imagesClass)))]
    }

    // MARK: What has come

    mutating func take(_ answer: WorkAnswer, _ shared: inout Shared) {
        take(answer)
        leaveExactAnswer(&shared)
    }

    private mutating func take(_ answer: WorkAnswer) {
        switch answer.result {
        case .reconstruction(let reconstruction):
            guard let asked, asked.number == answer.number else { return }
            shown = (asked.subject, reconstruction)
            isShownStale = false
        case .losses(let some, let first): losses.take(some, first: first, number: answer.number)
        case .pictures(let pictures, let first) where answer.slot == .samples:
            guard let samples, samples.number == answer.number, first == samples.pictures.count else { return }
            self.samples?.pictures += pictures
        case .pictures(let pictures, let first): neighbors.take(pictures, first: first, number: answer.number)
        case .posterior(let news):
            posterior.take(news, number: answer.number)
            guard let asked = posterior.asked, asked.number == answer.number, case .found(let posterior) = news,
                let reconstruction = posterior.reconstruction
            else { return }
            shown = (asked.subject, reconstruction)
        case .stretches, .walk, .influences: break
        }
    }

    /// Other codes: of the same data, more of them, or another model's or data set's.
    mutating func takeCodes(_ shared: Shared) {
        let cloud = shared.cloud
        defer { (areCodesStale, recognition) = (false, Reading()) }
        // The same images by another answer: what is known of them stays true.
        guard cloud?.inference != .refined || cloud?.name != data else { return }
        let (codes, data) = (cloud?.means ?? [], cloud?.name ?? "")
        if data != self.data {
            beginAnew()
        } else if !codes.starts(with: self.codes) {
            forgetAnswers()
        }
        (self.codes, self.data) = (codes, data)
    }

    /// Other data: what was chosen of these is of no use; what was drawn stays, and how things are looked at.
    private mutating func beginAnew() {
        let before = self
        self = ImagesView()
        (drawing, isDrawing, posterior.isShown) = (before.drawing, before.isDrawing, before.posterior.isShown)
        (inference, classSeen, spread) = (before.inference, before.classSeen, before.spread)
    }
}
