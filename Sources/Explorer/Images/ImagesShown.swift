import Cells
import Latent
import Pictures

/// What the Images view shows of all this.
extension ImagesView {
    /// What is to be reconstructed: the drawing, or the current image; nil: there is neither.
    func subject(_ shared: Shared) -> ReconstructionSubject? {
        // A drawing has no class of its own: it is of the first one until somebody sets another.
        let drawn = shared.model.classCount == nil ? nil : shared.imagesClass ?? 0
        return isDrawing
            ? drawing?.shown.map { .picture($0, as: drawn) } : image.map { .image($0, as: shared.imagesClass) }
    }

    /// What the model answered about it, by the answer that is wanted, while one draws about the drawing a moment ago; nil:
    /// not yet.
    func reconstruction(_ shared: Shared) -> Reconstruction? {
        guard let shown, !isShownStale, shown.reconstruction.inference == inference, let subject = subject(shared)
        else { return nil }
        if isDrawing, case .picture = shown.subject { return shown.reconstruction }
        return shown.subject == subject ? shown.reconstruction : nil
    }

    /// Where the answer puts it: the encoder's of an image the cloud knows at once, unless the weights have changed since.
    func answer(_ shared: Shared) -> (mean: LatentPoint, deviations: LatentPoint?)? {
        if let known = reconstruction(shared) { return (known.mean, known.deviations) }
        guard inference == .encoder, let cloud = shared.cloud, !areCodesStale,
            case .image(let image, _)? = subject(shared), image < cloud.count
        else { return nil }
        return (shared.code(ofImage: image, in: cloud), cloud.deviations(of: image))
    }

    // MARK: Rows of small pictures

    func sampleSpread(_ shared: Shared) -> SampleSpread {
        spread ?? (ImagesLayout(shared).lowerStrip == nil ? .off : .once)
    }

    func showsSamples(_ shared: Shared) -> Bool { sampleSpread(shared) != .off }

    /// Where the images around the current one are shown; nil: they are not.
    func neighborStripRect(_ shared: Shared) -> Rect? {
        let layout = ImagesLayout(shared)
        return isDrawing || (showsSamples(shared) && layout.lowerStrip == nil) ? nil : layout.strip
    }

    /// Where posterior samples are shown: below the neighbors, or in their place, or where there is no room for a strip in
    /// that of the reconstruction; nil: they are not.
    func sampleStripRect(_ shared: Shared) -> Rect? {
        let layout = ImagesLayout(shared)
        guard showsSamples(shared) else { return nil }
        return (isDrawing ? nil : layout.lowerStrip) ?? layout.strip ?? layout.second
    }

    func neighborStrip(_ shared: Shared) -> FilmStrip? {
        neighborStripRect(shared).map { strip(of: list.images.count, in: $0, around: place, shared) }
    }

    func sampleStrip(_ shared: Shared) -> FilmStrip? {
        guard let rect = sampleStripRect(shared) else { return nil }
        guard rect == ImagesLayout(shared).second else {
            return strip(of: PosteriorSamples.count, in: rect, around: 0, shared)
        }
        return FilmStrip(
            quarteringFor: (shared.model.width, shared.model.height), in: rect,
            cellRatio: shared.theme.profile.cellRatio)
    }

    private func strip(of count: Int, in rect: Rect, around place: Int, _ shared: Shared) -> FilmStrip {
        FilmStrip(
            count: count, of: (shared.model.width, shared.model.height), in: rect, choosing: .around(place),
            cellRatio: shared.theme.profile.cellRatio)
    }
}

extension LatentCloud {
    /// The standard deviations of one image's posterior, where the encoder gives them.
    func deviations(of image: Int) -> LatentPoint? {
        deviations.map { LatentPoint(Array($0[image * dimension..<(image + 1) * dimension])) }
    }
}
