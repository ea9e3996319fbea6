import Cells
import Latent
import Pictures

/// The data set, image by image, beside what the model makes of it; or a pad to draw on.
struct ImagesView: View {
    static let card = ViewCard(digit: 4, title: "Images")
    static let bindings = ImagesKeys.browsing + DrawKeys.bindings + ImagesKeys.shared

    var list = ImageList()
    /// The current image's place in the list.
    var place = 0
    var filter: UInt8?
    var order = ImageOrder.data
    /// Goes to the first image as soon as the order is known.
    var awaitsOrder = false
    var losses = LossTable()

    /// Whose answer is shown.
    var inference = InferenceMethod.encoder
    /// What the model is asked to reconstruct, and by whose answer.
    var asked: (number: Int, subject: ReconstructionSubject, inference: InferenceMethod)?
    /// What it answered last.
    var shown: (subject: ReconstructionSubject, reconstruction: Reconstruction)?
    /// Whether other weights answered that: the pictures are seen until newer ones come, the figures are not.
    var isShownStale = false
    /// Whether the cloud's codes are those of other weights.
    var areCodesStale = false

    var neighbors = NeighborPictures()
    /// How draws from the posterior are shown; nil: as they are, where there is room for them beside the images around.
    var spread: SampleSpread?
    var samples: PosteriorSamples?
    /// The codes that the lens shows, and all of them in small.
    var plane = PlaneMap()
    var inset = PlaneMap()
    var lens = PosteriorLens()
    var posterior = PosteriorState()

    var isDrawing = false
    /// Nil: nothing was drawn yet.
    var drawing: Drawing?
    /// What the data say about where the drawing is put.
    var recognition = Reading()

    /// The class that images were of when it was last looked at.
    var classSeen: Int?
    /// The codes that all this is of: more of the same ones add to it, others end it.
    var codes: [Float] = []
    var data = ""

    /// The current image's index in the cloud.
    var image: Int? { list.images.indices.contains(place) ? list.images[place] : nil }

    /// Other weights: what the model answered is no longer true.
    mutating func forgetAnswers() {
        asked = nil
        isShownStale = true
        samples = nil
        losses = LossTable()
        posterior.forgetAnswers()
    }

    // MARK: What happens

    mutating func take(_ event: Event, _ shared: inout Shared) -> [Effect] {
        noteClass(shared)
        switch event {
        case .started: takeInference(shared.askedInference, shared)
        case .worked(let answer): take(answer, &shared)
        case .opened:
            let (inference, classSeen) = (inference, classSeen)
            self = ImagesView()
            self.classSeen = classSeen
            takeInference(inference, shared)
        case .encoded: takeCodes(shared)
        case _ where event.renewsPictures:
            forgetAnswers()
            areCodesStale = true
        default: break
        }
        return []
    }

    /// Images of other classes have other codes, and lose something else.
    private mutating func noteClass(_ shared: Shared) {
        guard shared.imagesClass != classSeen else { return }
        classSeen = shared.imagesClass
        losses = LossTable()
        areCodesStale = true
    }

    mutating func take(line: String, typedFor purpose: Prompt.Purpose, _ shared: inout Shared) -> [Effect] {
        switch purpose {
        case .imageNumber: goToImage(typed: line, &shared)
        case .imageClass: filter(typed: line, &shared)
        default: break
        }
        return []
    }

    mutating func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] {
        if isDrawing {
            mouseOnPad(action, at: position, &shared)
        } else {
            mouseOnImages(action, at: position, &shared)
        }
        return []
    }

    /// Other views may have replaced what was asked for.
    mutating func enter(_ shared: inout Shared) -> [Effect] {
        neighbors.forgetAsked()
        return []
    }

    mutating func leave(_ shared: inout Shared) -> [Effect] {
        changeDrawing(shared) { $0.liftPen() }
        return dropPosterior()
    }

    // MARK: What is seen

    func draw(_ shared: Shared, into canvas: inout Canvas) {
        ImagesDrawing(view: self, shared: shared, layout: ImagesLayout(shared)).draw(into: &canvas)
    }

    /// The exact posterior's mode where that is shown, else the answer's mean.
    func pointUnderCursor(_ shared: Shared) -> LatentPoint? {
        exactPosterior(shared)?.mode ?? answer(shared)?.mean
    }

    /// The image, or the drawing as the model sees it, beside its reconstruction.
    func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        guard !isDrawing || drawing?.shown != nil else {
            return .failure(
                Sentence("Nothing is drawn yet: draw something first."))
        }
        let pictures = reconstruction(shared).map { [$0.input, $0.decoded] } ?? []
        return shared.sheetExhibit(of: pictures, columns: 2, as: format)
    }

    /// Which images, in which order, and how far the order is known.
    func status(_ shared: Shared) -> [Span] {
        let posterior = posteriorStatus(shared)
        if isDrawing {
            return DrawPanel.status(drawing, shared) + drawnClass(shared)
                + (posterior.map { [Span("  \($0)", shared.theme.strong)] } ?? [])
        }
        var words = [posterior].compactMap { $0 }
        if let filter { words.append("class \(shared.shortName(ofClass: filter))") }
        if order != .data {
            let count = shared.cloud?.count ?? 0
            words.append(
                losses.isComplete(for: count)
                    ? order.name + (inference == .encoder ? "" : " by the encoder")
                    : "measuring \(Int(losses.share(of: count) * 100)) %")
        }
        let classes = shared.classStatus
        guard !words.isEmpty else { return classes }
        return (classes.isEmpty ? [] : classes + [Span("  ")]) + [
            Span(words.joined(separator: ", "), shared.theme.strong)
        ]
    }

    /// The class that a drawing is encoded as, and whether somebody set it.
    private func drawnClass(_ shared: Shared) -> [Span] {
        guard shared.model.classCount != nil else { return [] }
        guard shared.imagesClass == nil else { return [Span("  ")] + shared.classStatus }
        return [Span("  as class \(shared.className(0)), as none is set", shared.theme.faint)]
    }
}
