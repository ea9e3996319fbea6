import Cells
import Latent
import Pictures
import Shading

/// The exact posterior in the Images view: whether it is wanted, and what has come.
struct PosteriorState: Sendable {
    var isShown = false
    /// What was asked for last.
    var asked: (number: Int, subject: ReconstructionSubject, inference: InferenceMethod)?
    /// What came last, and against whose answer.
    var found: (subject: ReconstructionSubject, inference: InferenceMethod, posterior: PlanePosterior)?
    /// Whether nothing more comes of it.
    private(set) var isWhole = false
    /// How much of the plane is decoded; nil: all, or the share is unknown.
    var share: Double?
    /// Whether this model has none that could be had.
    var isUnavailable = false
    /// Counts what has come.
    private(set) var arrivals = 0
    var map = PosteriorHeat()

    mutating func take(_ news: PosteriorNews, number: Int) {
        guard let asked, asked.number == number else { return }
        share = nil
        switch news {
        case .surveying(let share): self.share = share
        case .found(var posterior):
            // While one draws, figures stay until newer ones have come.
            isWhole = posterior.gap != nil || posterior.reconstruction != nil
            if case .picture = asked.subject, case .picture? = found?.subject, !isWhole {
                posterior.gap = found?.posterior.gap
            }
            found = (asked.subject, asked.inference, posterior)
            arrivals += 1
        case .unavailable: isUnavailable = true
        }
    }

    /// Other weights: the answers are no longer true.
    mutating func forgetAnswers() { (asked, found, share, isUnavailable) = (nil, nil, nil, false) }
}

extension Shared {
    /// Whether exact posteriors are for this model at all: they are sums over a plane.
    var takesPosteriors: Bool { model.latentCount == 2 && model.hasEncoder && model.hasLikelihood }

    /// The exact posterior of what the Images view shows, while one draws of the drawing a moment ago; nil: it is not shown, or not there yet.
    var imagesExactPosterior: PlanePosterior? {
        let own = self[ImagesView.self].posterior
        guard own.isShown, let found = own.found, let subject = imagesSubject else { return nil }
        if self[ImagesView.self].isDrawing, case .picture = found.subject { return found.posterior }
        return found.subject == subject ? found.posterior : nil
    }

    /// Whether they would be, if it were known what its pixels are distributed as: the key says that then.
    var awaitsLikelihood: Bool { model.latentCount == 2 && model.hasEncoder && !model.hasLikelihood }

    mutating func togglePosterior() -> [Effect] {
        guard !awaitsLikelihood else {
            note(ModelFacts.likelihoodNeeded)
            return []
        }
        let isShown = !self[ImagesView.self].posterior.isShown
        changeImages { $0.posterior.isShown = isShown }
        note(isShown ? "the exact posterior: enter goes to its mode, p ends it" : "the ellipse of the answer alone")
        return wantsPosterior ? [] : dropPosterior()
    }

    /// Nobody waits for it any more; what has come is kept.
    mutating func dropPosterior() -> [Effect] {
        guard self[ImagesView.self].posterior.asked != nil else { return [] }
        changeImages { own in
            own.posterior.asked = nil
            own.posterior.share = nil
        }
        return [.drop(.posterior)]
    }

    mutating func refreshPosterior() -> [Effect] {
        let (own, method) = (self[ImagesView.self].posterior, imagesInference)
        guard wantsPosterior, takesPosteriors, !own.isUnavailable else { return [] }
        if own.isShown, let rect = imagesLayout.plane { refreshHeat(in: rect) }
        guard let subject = imagesSubject, own.asked?.subject != subject || own.asked?.inference != method else {
            return []
        }
        // All of it is there since before another view was seen.
        if own.asked == nil, own.found?.subject == subject, own.found?.inference == method, own.isWhole { return [] }
        let number = nextNumber()
        changeImages { $0.posterior.asked = (number, subject, method) }
        return [.work(WorkRequest(number: number, slot: .posterior, work: .posterior(subject, against: method)))]
    }

    private mutating func refreshHeat(in rect: Rect) {
        let own = self[ImagesView.self].posterior
        guard let posterior = own.found?.posterior else { return }
        var map = own.map
        map.refresh(self, posterior, arrival: own.arrivals, grid: planeGrid(in: rect))
        changeImages { $0.posterior.map = map }
    }

    /// What stands in the bottom line: how far the plane is decoded.
    var posteriorStatus: String? {
        let own = self[ImagesView.self].posterior
        guard wantsPosterior else { return nil }
        if own.isUnavailable { return "no exact posterior for this model" }
        return own.share.map { "surveying the plane \(Int($0 * 100)) %" }
    }
}
