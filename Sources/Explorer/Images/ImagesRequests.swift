import Cells
import Latent
import Pictures

/// What the Images view wants of the engine, and what has come.
extension Shared {
    /// What is to be reconstructed: the drawing, or the current image; nil: there is neither.
    var imagesSubject: ReconstructionSubject? {
        let own = self[ImagesView.self]
        // A drawing has no class of its own: it is of the first one until somebody sets another.
        let drawn = model.classCount == nil ? nil : imagesClass ?? 0
        return own.isDrawing
            ? own.drawing?.shown.map { .picture($0, as: drawn) } : own.image.map { .image($0, as: imagesClass) }
    }

    /// What the model answered about it, by the answer that is wanted, while one draws about the drawing a moment ago; nil:
    /// not yet.
    var imagesReconstruction: Reconstruction? {
        let own = self[ImagesView.self]
        guard let shown = own.shown, !own.isShownStale, shown.reconstruction.inference == own.inference,
            let subject = imagesSubject
        else { return nil }
        if own.isDrawing, case .picture = shown.subject { return shown.reconstruction }
        return shown.subject == subject ? shown.reconstruction : nil
    }

    /// Where the answer puts it: the encoder's of an image the cloud knows at once, unless the weights have changed since.
    var imagesPosterior: (mean: LatentPoint, deviations: LatentPoint?)? {
        if let known = imagesReconstruction { return (known.mean, known.deviations) }
        let own = self[ImagesView.self]
        guard imagesInference == .encoder, let cloud, !own.areCodesStale, case .image(let image, _)? = imagesSubject,
            image < cloud.count
        else { return nil }
        return (code(ofImage: image, in: cloud), cloud.deviations(of: image))
    }

    var showsSamples: Bool { self[ImagesView.self].wantsSamples ?? (imagesLayout.lowerStrip != nil) }

    /// Where the images around the current one are shown; nil: they are not.
    var neighborStripRect: Rect? {
        let (own, layout) = (self[ImagesView.self], imagesLayout)
        return own.isDrawing || (showsSamples && layout.lowerStrip == nil) ? nil : layout.strip
    }

    /// Where posterior samples are shown: below the neighbors, or in their place, or where there is no room for a strip in
    /// that of the reconstruction; nil: they are not.
    var sampleStripRect: Rect? {
        let (own, layout) = (self[ImagesView.self], imagesLayout)
        guard showsSamples else { return nil }
        return (own.isDrawing ? nil : layout.lowerStrip) ?? layout.strip ?? layout.second
    }

    var neighborStrip: FilmStrip? {
        let own = self[ImagesView.self]
        return neighborStripRect.map { strip(of: own.list.images.count, in: $0, around: own.place) }
    }

    var sampleStrip: FilmStrip? {
        guard let rect = sampleStripRect else { return nil }
        guard rect == imagesLayout.second else { return strip(of: Self.sampleCount, in: rect, around: 0) }
        return FilmStrip(
            quarteringFor: (model.width, model.height), in: rect, cellRatio: theme.profile.cellRatio)
    }

    private func strip(of count: Int, in rect: Rect, around place: Int) -> FilmStrip {
        FilmStrip(
            count: count, of: (model.width, model.height), in: rect, choosing: .around(place),
            cellRatio: theme.profile.cellRatio)
    }

    private static let sampleCount = 16

    // MARK: Asking

    mutating func refreshImages() -> [Effect] {
        refreshImageList()
        var effects = refreshReconstruction()
        effects += refreshNeighbors()
        effects += refreshSamples()
        effects += refreshLosses()
        effects += refreshPosterior()
        if let rect = imagesLayout.plane, explore.plane != nil {
            var plane = self[ImagesView.self].plane
            plane.refresh(self, grid: planeGrid(in: rect))
            changeImages { $0.plane = plane }
        }
        return effects
    }

    /// Brings the list up to date; the current image stays where it is among the others.
    mutating func refreshImageList() {
        let own = self[ImagesView.self]
        let count = cloud?.count ?? 0
        let isMeasured = own.losses.isComplete(for: count)
        let key = ImageList.Key(count: count, filter: own.filter, order: isMeasured ? own.order : .data)
        guard key != own.list.key else { return }
        let list = ImageList(key, labels: cloud?.labels, losses: own.losses.values)
        let isSorted = own.awaitsOrder && key.order == own.order
        let place = isSorted ? 0 : own.image.flatMap { list.images.firstIndex(of: $0) } ?? 0
        changeImages { own in
            own.list = list
            own.place = place
            if isSorted { own.awaitsOrder = false }
        }
        if isSorted {
            note("\(own.order.name), by \(theme.typography.minus)ELBO at the mean of the encoder's posterior")
        }
    }

    private mutating func refreshReconstruction() -> [Effect] {
        let (own, method) = (self[ImagesView.self], imagesInference)
        // The exact answer comes with the posterior.
        guard method != .exact else {
            changeImages { $0.asked = nil }
            return []
        }
        guard let subject = imagesSubject, own.asked?.subject != subject || own.asked?.inference != method else {
            return []
        }
        let number = nextNumber()
        changeImages { $0.asked = (number, subject, method) }
        return [.work(WorkRequest(number: number, slot: .reconstruction, work: .reconstruct(subject, by: method)))]
    }

    private mutating func refreshNeighbors() -> [Effect] {
        guard let strip = neighborStrip else { return [] }
        let own = self[ImagesView.self]
        let missing = own.neighbors.missing(of: strip.places.map { own.list.images[$0.index] })
        guard !missing.isEmpty else { return [] }
        let number = nextNumber()
        changeImages { $0.neighbors.ask(number, for: missing) }
        return [.work(WorkRequest(number: number, slot: .images, work: .images(missing)))]
    }

    private mutating func refreshSamples() -> [Effect] {
        let (samples, method) = (self[ImagesView.self].samples, imagesInference)
        guard sampleStrip != nil, let subject = imagesSubject, let posterior = imagesPosterior,
            samples?.subject != subject || samples?.inference != method
        else { return [] }
        // While one draws, what is known may be of the drawing a moment ago.
        if case .picture = subject, self[ImagesView.self].shown?.subject != subject { return [] }
        let points = draws(from: posterior)
        let number = nextNumber()
        changeImages {
            $0.samples = PosteriorSamples(subject: subject, inference: method, number: number, points: points)
        }
        return [.work(WorkRequest(number: number, slot: .samples, work: .decode(points)))]
    }

    /// Draws from the Gaussian of an answer; the exact posterior is none.
    private mutating func draws(from posterior: (mean: LatentPoint, deviations: LatentPoint?)) -> [LatentPoint] {
        if imagesInference == .exact, let exact = self[ImagesView.self].posterior.found?.posterior {
            return exact.draws(Self.sampleCount, using: &generator).map { $0.labelled(posterior.mean.label) }
        }
        return (0..<Self.sampleCount).map { _ in
            LatentPoint(
                posterior.mean.coordinates.indices.map { latent in
                    posterior.mean[latent] + (posterior.deviations?[latent] ?? 0) * generator.nextNormal()
                }, label: posterior.mean.label)
        }
    }

    private mutating func refreshLosses() -> [Effect] {
        let own = self[ImagesView.self]
        guard own.order != .data, let count = cloud?.count, let missing = own.losses.missing(of: count) else {
            return []
        }
        let number = nextNumber()
        changeImages { $0.losses.ask(number, count: count) }
        return [.work(WorkRequest(number: number, slot: .losses, work: .losses(missing, as: imagesClass)))]
    }

    // MARK: What has come

    mutating func takeForImages(_ answer: WorkAnswer) {
        changeImages { own in
            switch answer.result {
            case .reconstruction(let reconstruction):
                guard let asked = own.asked, asked.number == answer.number else { return }
                own.shown = (asked.subject, reconstruction)
                own.isShownStale = false
            case .losses(let losses, let first):
                own.losses.take(losses, first: first, number: answer.number)
            case .pictures(let pictures, let first) where answer.slot == .samples:
                guard let samples = own.samples, samples.number == answer.number, first == samples.pictures.count
                else { return }
                own.samples?.pictures += pictures
            case .pictures(let pictures, let first):
                own.neighbors.take(pictures, first: first, number: answer.number)
            case .posterior(let news):
                own.posterior.take(news, number: answer.number)
                guard let asked = own.posterior.asked, asked.number == answer.number,
                    case .found(let posterior) = news, let reconstruction = posterior.reconstruction
                else { return }
                own.shown = (asked.subject, reconstruction)
            case .stretches, .walk, .influences: break
            }
        }
        leaveExactAnswer()
    }

    /// Other codes: of the same data, more of them, or another model's or data set's.
    mutating func takeCodesForImages() {
        let cloud = cloud
        // The same images by another answer: what is known of them stays true.
        guard cloud?.inference != .refined || cloud?.name != self[ImagesView.self].data else {
            return changeImages { $0.areCodesStale = false }
        }
        changeImages { own in
            let (codes, data) = (cloud?.means ?? [], cloud?.name ?? "")
            if data != own.data {
                let (drawing, isDrawing, isShown) = (own.drawing, own.isDrawing, own.posterior.isShown)
                let inference = own.inference
                own = ImagesState()
                (own.drawing, own.isDrawing, own.posterior.isShown) = (drawing, isDrawing, isShown)
                own.inference = inference
            } else if !codes.starts(with: own.codes) {
                own.forgetAnswers()
            }
            (own.codes, own.data, own.areCodesStale) = (codes, data, false)
        }
    }
}

extension LatentCloud {
    /// The standard deviations of one image's posterior, where the encoder gives them.
    func deviations(of image: Int) -> LatentPoint? {
        deviations.map { LatentPoint(Array($0[image * dimension..<(image + 1) * dimension])) }
    }
}
