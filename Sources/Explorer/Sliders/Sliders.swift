import Cells
import Latent

/// The latents of a model of more than two, as the data rank them, and the one that keys move.
struct Sliders: Sendable {
    /// The latents, those that say most about the images first.
    private(set) var order: [Int] = []
    /// KL of each latent in nats; nil: not known.
    private(set) var divergences: [Double]?
    private(set) var ranking = Ranking.none
    /// How far each latent changes the picture, as far as it was asked.
    var influences = Influences()
    /// What the latents are ordered by, larger first.
    private var weights: [Double] = []
    /// Latent by latent.
    private(set) var spreads: [LatentSpread] = []
    /// The latent that keys move; nil: nobody chose one, and it is the first.
    var chosen: Int?
    /// Whether they are seen in place of the plane.
    var isOpen = false
    /// The latent that the mouse holds.
    var held: Int?

    /// What says which latents are used.
    enum Ranking: Sendable {
        /// Nothing does: they stand in their own order.
        case none
        /// KL of the posteriors.
        case divergence
        /// How far the codes of a plain autoencoder spread.
        case spread
        /// How far the decoder's picture changes.
        case influence
    }

    struct Influences: Sendable {
        var values: [Float]?
        /// The request that asks for them.
        var number: Int?
    }

    /// Below this a latent says nothing.
    private static let leastDivergence = 0.01
    /// The same where there are no nats: a share of the greatest weight.
    private static let leastShare = 0.01

    /// - Parameter cloud: nil: there are no data, and the prior stands for them.
    mutating func note(_ cloud: LatentCloud?, latentCount: Int) {
        let known = cloud?.divergences.flatMap { $0.count == latentCount ? $0 : nil }
        divergences = known
        let spreads = cloud?.spreads ?? []
        self.spreads = spreads.count == latentCount ? spreads : Array(repeating: .prior, count: latentCount)
        let influences = influences.values ?? []
        if let known {
            (ranking, weights) = (.divergence, known)
        } else if spreads.count == latentCount, latentCount > 0 {
            (ranking, weights) = (.spread, spreads.map { Double($0.deviation) })
        } else if influences.count == latentCount, latentCount > 0 {
            (ranking, weights) = (.influence, influences.map(Double.init))
        } else {
            (ranking, weights) = (.none, [])
        }
        order = Array(0..<latentCount)
        if isRanked { order.sort { [weights] in (weights[$1], $0) < (weights[$0], $1) } }
    }

    /// Whether something says which latents are used.
    var isRanked: Bool { ranking != .none }

    var current: Int? { chosen ?? order.first }

    func isUsed(_ latent: Int) -> Bool {
        switch ranking {
        case .none: true
        case .divergence: weights[latent] >= Self.leastDivergence
        case .spread, .influence: weights[latent] >= Self.leastShare * (order.first.map { weights[$0] } ?? 0)
        }
    }

    /// How far a key moves a latent: a quarter of the codes' deviation.
    func step(of latent: Int) -> Float { spreads[latent].deviation / 4 }

    /// The latent that stands `count` places further; at the ends it stays.
    mutating func choose(by count: Int) {
        guard let current, let place = order.firstIndex(of: current) else { return }
        chosen = order[max(0, min(order.count - 1, place + count))]
    }
}

extension Shared {
    /// A plane shows all of two latents; more have sliders.
    var hasSliders: Bool { model.latentCount > 2 }

    /// The data are others, or more of them are there.
    mutating func refreshSliders() {
        let (cloud, count) = (cloud, model.latentCount)
        owned.update(ExploreView.self) { $0.sliders.note(count > 2 ? cloud : nil, latentCount: count > 2 ? count : 0) }
    }

    // MARK: What the decoder says of them

    /// Asks how far each latent changes the picture, where no data say which are used.
    mutating func refreshInfluences() -> [Effect] {
        let influences = self[ExploreView.self].sliders.influences
        guard hasSliders, cloud == nil, progress == nil, influences.values == nil, influences.number == nil else {
            return []
        }
        let number = nextNumber()
        owned.update(ExploreView.self) { $0.sliders.influences.number = number }
        return [.work(WorkRequest(number: number, slot: .influences, work: .influences))]
    }

    mutating func takeInfluences(_ answer: WorkAnswer) -> [Effect] {
        guard case .influences(let values) = answer.result,
            self[ExploreView.self].sliders.influences.number == answer.number
        else { return [] }
        owned.update(ExploreView.self) { $0.sliders.influences.values = values }
        refreshSliders()
        // Who has moved already has seen the plane.
        guard cloud == nil, explore.trail.isEmpty, let plane = suitedPlane else { return [] }
        return see(plane)
    }

    /// The decoder is another now.
    mutating func forgetInfluences() {
        owned.update(ExploreView.self) { $0.sliders.influences = Sliders.Influences() }
    }

    // MARK: Choosing and moving

    mutating func chooseSlider(by count: Int) {
        owned.update(ExploreView.self) { $0.sliders.choose(by: count) }
    }

    /// A screen of sliders on or back.
    mutating func pageSliders(by pages: Int) {
        chooseSlider(by: pages * max(1, sliderGrids.map(\.places.count).max() ?? 1))
    }

    /// Chooses a latent by its number.
    mutating func chooseSlider(latent: Int) {
        guard hasSliders else { return note("the plane shows all of this model's latents: sliders are for more") }
        guard (0..<model.latentCount).contains(latent) else {
            return fail("There is no latent \(latent): they are 0 to \(model.latentCount - 1).")
        }
        owned.update(ExploreView.self) { $0.sliders.chosen = latent }
        note("\(theme.typography.latent(latent)): [ ] slide it, x and y offer it for the plane")
    }

    mutating func toggleSliders() { owned.update(ExploreView.self) { $0.sliders.isOpen.toggle() } }

    /// Moves the chosen latent by steps of its own; those on multiples of the step stay on them, whatever rounding does.
    mutating func moveSlider(by count: Int) -> [Effect] {
        let sliders = self[ExploreView.self].sliders
        guard let latent = sliders.current else { return [] }
        let value = ExploreState.stepped(explore.point[latent], by: count, step: sliders.step(of: latent))
        return setLatent(latent, to: value)
    }

    private mutating func setLatent(_ latent: Int, to value: Float) -> [Effect] {
        var effects = finishGlide()
        var target = explore.point
        target[latent] = value
        effects += visit(target)
        return effects
    }

    // MARK: The mouse

    /// - Returns: nil where the mouse means something else.
    mutating func mouseOnSliders(_ action: MouseAction, at position: Position) -> [Effect]? {
        let grids = sliderGrids
        switch action {
        case .press:
            guard let place = grids.lazy.compactMap({ $0.place(at: position) }).first else { return nil }
            owned.update(ExploreView.self) { own in
                own.sliders.chosen = place.latent
                own.sliders.held = place.latent
            }
            return drag(place, to: position)
        case .drag:
            guard let held = self[ExploreView.self].sliders.held else { return nil }
            // Of the same latent's two sliders the one in whose columns the mouse is.
            let places = grids.flatMap(\.places).filter { $0.latent == held }
            let place = places.first {
                position.column >= $0.row.column && position.column < $0.row.column + $0.row.columns
            }
            return place.map { drag($0, to: position) } ?? []
        case .release:
            guard self[ExploreView.self].sliders.held != nil else { return nil }
            owned.update(ExploreView.self) { $0.sliders.held = nil }
            return []
        case .wheelUp, .wheelDown:
            guard let place = grids.lazy.compactMap({ $0.place(at: position) }).first else { return nil }
            owned.update(ExploreView.self) { $0.sliders.chosen = place.latent }
            return moveSlider(by: action == .wheelUp ? 1 : -1)
        }
    }

    private mutating func drag(_ place: SliderGrid.Place, to position: Position) -> [Effect] {
        let range = self[ExploreView.self].sliders.spreads[place.latent].range
        let share = (Float(position.column - place.track.column) + 0.5) / Float(max(1, place.track.columns))
        let extent = range.upperBound - range.lowerBound
        return setLatent(place.latent, to: range.lowerBound + max(0, min(1, share)) * extent)
    }
}
