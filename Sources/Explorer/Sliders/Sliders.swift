import Cells
import Latent

/// The latents of a model of more than two, as the data rank them, and the one that keys move.
struct Sliders: Sendable {
    /// The latents, those that say most about the images first.
    private(set) var order: [Int] = []
    /// KL of each latent in nats; nil: not known.
    private(set) var divergences: [Double]?
    /// Latent by latent.
    private(set) var spreads: [LatentSpread] = []
    /// The latent that keys move; nil: nobody chose one, and it is the first.
    var chosen: Int?
    /// Whether they are seen in place of the plane.
    var isOpen = false
    /// The latent that the mouse holds.
    var held: Int?

    /// Below this a latent says nothing.
    private static let leastDivergence = 0.01

    /// - Parameter cloud: nil: there are no data, and the prior stands for them.
    mutating func note(_ cloud: LatentCloud?, latentCount: Int) {
        let known = cloud?.divergences.flatMap { $0.count == latentCount ? $0 : nil }
        divergences = known
        order = Array(0..<latentCount)
        if let known { order.sort { (known[$1], $0) < (known[$0], $1) } }
        let spreads = cloud?.spreads ?? []
        self.spreads = spreads.count == latentCount ? spreads : Array(repeating: .prior, count: latentCount)
    }

    var current: Int? { chosen ?? order.first }

    func isUsed(_ latent: Int) -> Bool { (divergences?[latent]).map { $0 >= Self.leastDivergence } ?? true }

    /// How far a key moves a latent: a quarter of the codes' deviation.
    func step(of latent: Int) -> Float { spreads[latent].deviation / 4 }

    /// The latent that stands `count` places further; at the ends it stays.
    mutating func choose(by count: Int) {
        guard let current, let place = order.firstIndex(of: current) else { return }
        chosen = order[max(0, min(order.count - 1, place + count))]
    }
}

extension State {
    /// A plane shows all of two latents; more have sliders.
    var hasSliders: Bool { model.latentCount > 2 }

    /// The data are others, or more of them are there.
    mutating func refreshSliders() {
        let (cloud, count) = (cloud, model.latentCount)
        owned.update(ExploreView.self) { $0.sliders.note(count > 2 ? cloud : nil, latentCount: count > 2 ? count : 0) }
    }

    mutating func chooseSlider(by count: Int) {
        owned.update(ExploreView.self) { $0.sliders.choose(by: count) }
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
