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
    /// The same to be looked at closely; nil: it is not known so finely yet.
    private(set) var field: PosteriorField?
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
            field = PosteriorField(posterior)
            arrivals += 1
        case .unavailable: isUnavailable = true
        }
    }

    /// Whether all of it is there.
    func isFound(_ subject: ReconstructionSubject, against inference: InferenceMethod) -> Bool {
        isWhole && found?.subject == subject && found?.inference == inference
    }

    /// Other weights: the answers are no longer true.
    mutating func forgetAnswers() { (asked, found, field, share, isUnavailable) = (nil, nil, nil, nil, false) }
}
