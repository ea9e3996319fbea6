import Cells
import Latent

extension ModelFacts {
    /// Whether exact posteriors are for this model at all: they are sums over a plane.
    var takesPosteriors: Bool { latentCount == 2 && hasEncoder && hasLikelihood }

    /// Whether they would be, if it were known what its pixels are distributed as: the key says that then.
    var awaitsLikelihood: Bool { latentCount == 2 && hasEncoder && !hasLikelihood }
}

/// The exact posterior of what the Images view shows.
extension ImagesView {
    /// While one draws it is that of the drawing a moment ago; nil: it is not shown, or not there yet.
    func exactPosterior(_ shared: Shared) -> PlanePosterior? {
        guard posterior.isShown, let found = posterior.found, let subject = subject(shared) else { return nil }
        if isDrawing, case .picture = found.subject { return found.posterior }
        return found.subject == subject ? found.posterior : nil
    }

    mutating func togglePosterior(_ shared: inout Shared) -> [Effect] {
        guard !shared.model.awaitsLikelihood else {
            shared.note(ModelFacts.likelihoodNeeded)
            return []
        }
        posterior.isShown.toggle()
        shared.note(
            posterior.isShown
                ? "the exact posterior: enter goes to its mode, p ends it" : "the ellipse of the answer alone")
        return wantsPosterior ? [] : dropPosterior()
    }

    /// Nobody waits for it any more; what has come is kept.
    mutating func dropPosterior() -> [Effect] {
        guard posterior.asked != nil else { return [] }
        posterior.asked = nil
        posterior.share = nil
        return [.drop(.posterior)]
    }

    mutating func refreshPosterior(_ shared: inout Shared) -> [Effect] {
        guard wantsPosterior, shared.model.takesPosteriors, !posterior.isUnavailable else { return [] }
        let asked = posterior.asked
        guard let subject = subject(shared), asked?.subject != subject || asked?.inference != inference else {
            return []
        }
        // All of it is there since before another view was seen.
        if asked == nil, posterior.isFound(subject, against: inference) { return [] }
        let number = shared.nextNumber()
        posterior.asked = (number, subject, inference)
        return [.work(WorkRequest(number: number, slot: .posterior, work: .posterior(subject, against: inference)))]
    }

    mutating func refreshHeat(_ shared: Shared, in rect: Rect) {
        guard posterior.isShown, let found = posterior.found?.posterior else { return }
        posterior.map.refresh(
            shared, found, posterior.field, arrival: posterior.arrivals, grid: lensGrid(in: rect, shared))
    }

    /// What stands in the bottom line: how far the plane is decoded.
    func posteriorStatus(_ shared: Shared) -> String? {
        guard wantsPosterior else { return nil }
        if posterior.isUnavailable { return "no exact posterior for this model" }
        return posterior.share.map { "surveying the plane \(Int($0 * 100)) %" }
    }
}
