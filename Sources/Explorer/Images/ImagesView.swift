import Cells
import Latent
import Pictures

/// The data set, image by image, beside what the model makes of it; or a pad to draw on.
struct ImagesView: StaticView {
    static let card = ViewCard(digit: 4, title: "Images")
    static let bindings = ImagesKeys.browsing + DrawKeys.bindings + ImagesKeys.shared
    static let initial = ImagesState()

    static func draw(_ shared: Shared, into canvas: inout Canvas) {
        ImagesDrawing(shared: shared, layout: shared.imagesLayout).draw(into: &canvas)
    }

    static func take(_ event: Event, _ shared: inout Shared) -> [Effect] {
        switch event {
        case .worked(let answer): shared.takeForImages(answer)
        case .opened:
            let inference = shared.imagesInference
            shared[Self.self] = ImagesState()
            shared.takeInference(inference)
        case .encoded: shared.takeCodesForImages()
        case _ where event.renewsPictures:
            shared.changeImages { own in
                own.forgetAnswers()
                own.areCodesStale = true
            }
        default: break
        }
        return []
    }

    /// The image, or the drawing as the model sees it, beside its reconstruction.
    static func exhibit(_ shared: Shared, as format: ExportFormat) -> Result<Exhibit, Sentence> {
        let own = shared[Self.self]
        guard !own.isDrawing || own.drawing?.shown != nil else {
            return .failure(
                Sentence("Nothing is drawn yet: draw something first."))
        }
        let pictures = shared.imagesReconstruction.map { [$0.input, $0.decoded] } ?? []
        return shared.sheetExhibit(of: pictures, columns: 2, as: format)
    }

    static func mouse(_ action: MouseAction, at position: Position, _ shared: inout Shared) -> [Effect] {
        if shared[Self.self].isDrawing {
            shared.mouseOnPad(action, at: position)
        } else {
            shared.mouseInImages(action, at: position)
        }
        return []
    }

    static func refresh(_ shared: inout Shared) -> [Effect] { shared.refreshImages() }

    /// Other views may have replaced what was asked for.
    static func enter(_ shared: inout Shared) -> [Effect] {
        shared.changeImages { $0.neighbors.forgetAsked() }
        return []
    }

    static func leave(_ shared: inout Shared) -> [Effect] {
        shared.changeDrawing { $0.liftPen() }
        return shared.dropPosterior()
    }

    /// The exact posterior's mode where that is shown, else the answer's mean.
    static func pointUnderCursor(_ shared: Shared) -> LatentPoint? {
        shared.imagesExactPosterior?.mode ?? shared.imagesPosterior?.mean
    }

    /// Which images, in which order, and how far the order is known.
    static func status(_ shared: Shared) -> [Span] {
        let own = shared[Self.self]
        let posterior = shared.posteriorStatus
        if own.isDrawing {
            return DrawPanel.status(shared) + drawnClass(shared)
                + (posterior.map { [Span("  \($0)", shared.theme.strong)] } ?? [])
        }
        var words = [posterior].compactMap { $0 }
        if let filter = own.filter { words.append("class \(shared.shortName(ofClass: filter))") }
        if own.order != .data {
            let count = shared.cloud?.count ?? 0
            words.append(
                own.losses.isComplete(for: count)
                    ? own.order.name + (own.inference == .encoder ? "" : " by the encoder")
                    : "measuring \(Int(own.losses.share(of: count) * 100)) %")
        }
        let classes = shared.classStatus
        guard !words.isEmpty else { return classes }
        return (classes.isEmpty ? [] : classes + [Span("  ")]) + [
            Span(words.joined(separator: ", "), shared.theme.strong)
        ]
    }

    /// The class that a drawing is encoded as, and whether somebody set it.
    private static func drawnClass(_ shared: Shared) -> [Span] {
        guard shared.model.classCount != nil else { return [] }
        guard shared.imagesClass == nil else { return [Span("  ")] + shared.classStatus }
        return [Span("  as class \(shared.className(0)), as none is set", shared.theme.faint)]
    }
}
