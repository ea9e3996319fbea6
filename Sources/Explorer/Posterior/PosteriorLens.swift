import Cells
import Latent

/// The window through which the Images view looks at the plane: as wide as the posterior needs it, or wider, up to all of
/// the plane.
struct PosteriorLens: Hashable, Sendable {
    /// What it is fitted to.
    struct Home: Hashable, Sendable {
        /// On the plane.
        var center: LatentPoint
        /// The greater of the posterior's two standard deviations.
        var deviation: Float
        /// How far it must reach on each side of the center, so that all is seen.
        var reach: Float
    }

    /// Nil: no posterior has a width yet, so all of the plane is seen.
    var home: Home?
    /// Turns of the zoom from there, outward.
    private var turns = 0

    /// Deviations of a posterior that are seen on each side.
    static let deviations: Float = 6
    /// Closer than this many deviations nothing more is to be seen.
    private static let closest: Float = 0.75

    private static let mostTurns = 60
    /// Of the extent, for a turn.
    private static let factor = Float(2).squareRoot()

    /// Zooms by a turn.
    ///
    /// - Returns: whether there was room for it.
    mutating func turn(outward: Bool, whole: PlaneWindow) -> Bool {
        guard let home else { return false }
        let reach = reach(whole) ?? .infinity
        guard outward ? reach < .infinity : min(reach, Self.reach(whole)) > Self.closest * home.deviation else {
            return false
        }
        turns += outward ? 1 : -1
        // A wider posterior came meanwhile.
        while !outward, self.reach(whole) == nil, turns > -Self.mostTurns { turns -= 1 }
        return true
    }

    /// How far it reaches on each side; nil: it shows the whole plane.
    func reach(_ whole: PlaneWindow) -> Float? {
        guard let home else { return nil }
        let most = Self.reach(whole)
        let power = (0..<abs(turns)).reduce(Float(1)) { power, _ in power * Self.factor }
        let reach = min(home.reach, most) * (turns < 0 ? 1 / power : power)
        return reach < most * 0.999 ? reach : nil
    }

    /// What is seen; as it grows, its center goes over to the whole's.
    func window(_ whole: PlaneWindow) -> PlaneWindow {
        guard let home, let reach = reach(whole) else { return whole }
        let share = max(0, (reach - home.reach) / max(.leastNormalMagnitude, Self.reach(whole) - home.reach))
        return PlaneWindow(
            center: home.center.interpolated(to: whole.center, share: min(1, share)), span: (2 * reach, 2 * reach))
    }

    private static func reach(_ window: PlaneWindow) -> Float { max(window.span.0, window.span.1) / 2 }
}

extension ImagesView {
    /// Fits the lens to what is known of the posterior; while an answer is on its way, it stays where it is.
    mutating func refreshLens(_ shared: Shared) {
        guard subject(shared) != nil else {
            lens.home = nil
            return
        }
        if let home = lensHome(shared) { lens.home = home }
    }

    /// Around the answer, ±6 σ wide; where the exact posterior is seen, around both: as wide as that one needs it, and so
    /// wide that the answer's ellipse is seen too.
    private func lensHome(_ shared: Shared) -> PosteriorLens.Home? {
        guard let plane = shared.explore.plane, let answer = answer(shared), let deviations = answer.deviations else {
            return nil
        }
        let (center, spread) = (plane.coordinates(of: answer.mean), plane.deviations(deviations))
        var home = PosteriorLens.Home(center: center, deviation: max(spread.0, spread.1), reach: 0)
        home.reach = PosteriorLens.deviations * home.deviation
        if let exact = exactPosterior(shared), let field = posterior.field {
            let mode = plane.coordinates(of: exact.mode)
            let widest = max(home.deviation, field.deviation)
            home.center = center.interpolated(to: mode, share: 0.5)
            home.deviation = field.deviation
            home.reach = max(
                PosteriorLens.deviations * field.deviation, center.distance(to: mode) / 2 + 3 * widest)
        }
        guard home.deviation > 0, home.reach.isFinite else { return nil }
        return home
    }

    mutating func zoomLens(outward: Bool, _ shared: inout Shared) {
        guard !lens.turn(outward: outward, whole: shared.explore.wholeWindow) else { return }
        shared.note(outward ? "this is the whole plane" : "zoomed in as far as it goes")
    }

    /// The lens on the cells of the pane.
    ///
    /// - Parameter rect: the inside of its frame.
    func lensGrid(in rect: Rect, _ shared: Shared) -> PlaneGrid {
        PlaneGrid(
            lens.window(shared.explore.wholeWindow), columns: rect.columns, rows: rect.rows,
            cellRatio: shared.theme.profile.cellRatio)
    }

    /// "±6σ = 0.09": how far it reaches on each side at least.
    func lensScale(_ shared: Shared) -> String {
        guard let home = lens.home, let reach = lens.reach(shared.explore.wholeWindow) else { return "whole plane" }
        let type = shared.theme.typography
        let (times, digits) = (reach / home.deviation, Typography.digits(for: reach / 5))
        let isWhole = abs(times - times.rounded()) < 0.05
        let count = type.plain(times, digits: isWhole || times >= 10 ? 0 : 1)
        let length = type.plain(reach, digits: digits)
        return type.plusMinus + count + (type.glyphs == .ascii ? " " : "") + type.deviation + " = " + length
    }

    /// Where all of the plane is shown in small, inside a corner of the pane that the way from the answer to the exact mode
    /// does not lead to; nil: the pane shows it itself, or is too small.
    func insetRect(in rect: Rect, _ shared: Shared) -> Rect? {
        guard lens.reach(shared.explore.wholeWindow) != nil, rect.columns >= 16, rect.rows >= 9 else { return nil }
        let columns = max(7, rect.columns / 4)
        let rows = max(3, min(rect.rows / 4, columns / 2))
        var isLeft = false
        if let exact = exactPosterior(shared), let answer = answer(shared), let plane = shared.explore.plane {
            let (one, other) = (plane.coordinates(of: answer.mean), plane.coordinates(of: exact.mode))
            isLeft = (other[0] - one[0]) * (other[1] - one[1]) > 0
        }
        return Rect(
            column: isLeft ? rect.column : rect.column + rect.columns - columns, row: rect.row, columns: columns,
            rows: rows)
    }
}
