import Latent

/// Which plane of the latent space is seen: for more than two latents it is chosen.
extension Shared {
    enum PlaneSide { case horizontal, vertical }

    /// The names of the plane's directions: z₀, z₁; p₁ the principal direction with most variance.
    var axisNames: [String] {
        guard let plane = explore.plane else { return [theme.typography.latent(0), ""] }
        return [plane.horizontal, plane.vertical].map(name)
    }

    private func name(_ axis: LatentPlane.Axis) -> String {
        switch axis {
        case .latent(let number): theme.typography.latent(number)
        case .principal(let number): theme.typography.numbered("p", number + 1)
        case .named(let name): cellText(name)
        }
    }

    /// All that an axis can be: the latents that say something, most first, of many the first and the one that was chosen; then
    /// the principal directions of the data that carry something, the way between the two likeliest classes here, and the
    /// directions with names; then the latents that say nothing.
    private var axes: [(axis: LatentPlane.Axis, direction: [Float])] {
        let count = model.latentCount
        let sliders = self[ExploreView.self].sliders
        // Of many latents, offer those that matter and those in use.
        let wanted = Set(sliders.order.prefix(Self.latentAxes) + [sliders.current].compactMap { $0 } + planeLatents)
        func axes(of latents: [Int]) -> [(axis: LatentPlane.Axis, direction: [Float])] {
            latents.filter(wanted.contains).map { latent in
                var direction = [Float](repeating: 0, count: count)
                direction[latent] = 1
                return (axis: .latent(latent), direction: direction)
            }
        }
        let principal = (cloud?.principal ?? []).prefix(Self.principalCount).enumerated().map {
            (axis: LatentPlane.Axis.principal($0.offset), direction: $0.element)
        }
        var named: [LatentDirection] = []
        for direction in [classDirection].compactMap({ $0 }) + knownDirections
        where !named.contains(where: { $0.name == direction.name }) {
            named.append(direction)
        }
        return axes(of: sliders.used) + principal + named.map { (axis: .named($0.name), direction: $0.vector) }
            + axes(of: sliders.unused)
    }

    private static let principalCount = 6
    private static let latentAxes = 12

    /// The latents that the plane spans at the moment.
    private var planeLatents: [Int] {
        [explore.plane?.horizontal, explore.plane?.vertical].compactMap { axis in
            if case .latent(let latent)? = axis { latent } else { nil }
        }
    }

    /// The next direction for one side of the plane that is another than the other side's.
    mutating func nextAxis(_ side: PlaneSide) -> [Effect] {
        guard let plane = explore.plane, model.latentCount > 2 else { return [] }
        let axes = axes
        let (own, kept) = side == .horizontal ? (plane.horizontal, plane.vertical) : (plane.vertical, plane.horizontal)
        let present = axes.firstIndex { $0.axis == own } ?? axes.count - 1
        // The way between classes that lies along the other axis may be another one at this point.
        let other =
            axes.first { $0.axis == kept } ?? (axis: kept, direction: side == .horizontal ? plane.up : plane.across)
        for step in 1..<axes.count {
            let next = axes[(present + step) % axes.count]
            let turned = side == .horizontal ? LatentPlane(next, other) : LatentPlane(other, next)
            guard next.axis != other.axis, let turned else { continue }
            explore.isPlaneChosen = true
            note("the plane spans \(name(turned.horizontal)) and \(name(turned.vertical))\(remark(on: next.axis))")
            return see(turned)
        }
        return []
    }

    /// A word about a latent that does nothing.
    private func remark(on axis: LatentPlane.Axis) -> String {
        let sliders = self[ExploreView.self].sliders
        guard case .latent(let latent) = axis, !sliders.isUsed(latent) else { return "" }
        return ": \(theme.typography.latent(latent)) is dead, the decoder hardly looks at it"
    }

    /// Sees another plane through the same point.
    mutating func see(_ plane: LatentPlane) -> [Effect] {
        explore.plane = plane
        explore.isWindowChosen = askedRange != nil
        project()
        explore.showAll(asked: askedRange, codes: codes)
        followPoint(explore.point)
        return [decodeRequest()]
    }

    /// The plane of the two latents that say most about the images, as long as the person has not chosen; nil: the
    /// present one is as good.
    var suitedPlane: LatentPlane? {
        let sliders = self[ExploreView.self].sliders
        guard model.latentCount > 2, !explore.isPlaneChosen, sliders.isRanked, sliders.order.count == model.latentCount
        else { return nil }
        let most = sliders.order.prefix(2).sorted()
        let plane = LatentPlane(latents: most[0], most[1], dimension: model.latentCount)
        return plane == explore.plane ? nil : plane
    }
}
