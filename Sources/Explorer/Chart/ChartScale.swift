import Latent
import Platform

/// From values to heights, by a range with round ends.
struct ChartScale: Hashable, Sendable {
    private(set) var range: ClosedRange<Double>
    let isLogarithmic: Bool

    /// Least ratio of a logarithmic range's ends.
    private static let leastRatio = 1.01

    /// - Parameter range: a logarithmic one must lie above zero, else the scale is linear.
    init(_ range: ClosedRange<Double>, isLogarithmic: Bool = false) {
        self.range = range
        self.isLogarithmic = isLogarithmic && range.lowerBound > 0
    }

    /// The scale that shows some values, with round ends a little outside of them; nil where there are none.
    init?(showing values: some Sequence<Double>, isLogarithmic: Bool) {
        var (low, high) = (Double.infinity, -Double.infinity)
        for value in values where value.isFinite {
            low = min(low, value)
            high = max(high, value)
        }
        guard low <= high else { return nil }
        let isLogarithmic = isLogarithmic && low > 0
        self.init(Self.outward(low, high, isLogarithmic: isLogarithmic), isLogarithmic: isLogarithmic)
    }

    /// Grows, by round steps, until a value lies inside; never shrinks.
    ///
    /// - Returns: whether it had to grow.
    @discardableResult
    mutating func include(_ value: Double) -> Bool {
        guard value.isFinite, !range.contains(value), !isLogarithmic || value > 0 else { return false }
        let low = min(range.lowerBound, value)
        let high = max(range.upperBound, value)
        let grown = Self.outward(low, high, isLogarithmic: isLogarithmic)
        range = min(range.lowerBound, grown.lowerBound)...max(range.upperBound, grown.upperBound)
        return true
    }

    private static func outward(_ low: Double, _ high: Double, isLogarithmic: Bool) -> ClosedRange<Double> {
        let extent = max(high - low, max(abs(low), abs(high)) * 1e-3, 1e-6)
        // On a logarithmic axis the lower end needs finer steps than the upper one.
        let lowUnit =
            isLogarithmic ? roundStep(atLeast: Float(max(low, 1e-30) / 12)) : roundStep(atLeast: Float(extent / 8))
        let highUnit = roundStep(atLeast: Float(extent / 8))
        let bottom = (low / lowUnit).rounded(.down) * lowUnit
        let top = max((high / highUnit).rounded(.up) * highUnit, bottom * (isLogarithmic ? leastRatio : 1))
        return bottom < top ? bottom...top : bottom...bottom + highUnit
    }

    /// Height of a value: 0 at the lower end of the range, 1 at the upper; outside of it below 0 or above 1.
    func height(of value: Double) -> Double {
        guard isLogarithmic else { return (value - range.lowerBound) / (range.upperBound - range.lowerBound) }
        guard value > 0 else { return -1 }
        return logarithm(value / range.lowerBound) / logarithm(range.upperBound / range.lowerBound)
    }

    /// Round values for the marks of the axis, in order.
    ///
    /// - Parameter most: how many there may be.
    func ticks(most: Int) -> [Double] {
        guard most > 0 else { return [] }
        if isLogarithmic, range.upperBound / range.lowerBound >= 8 { return decadeTicks(most: most) }
        let low = Float(range.lowerBound)
        let high = Float(range.upperBound)
        guard low < high else { return [] }
        return roundTicks(in: low...high, apart: (high - low) / Float(most)).map(Double.init)
    }

    /// 1, 2 and 5 times the powers of ten, or the powers alone where those are too many.
    private func decadeTicks(most: Int) -> [Double] {
        for factors in [[1.0, 2, 5], [1, 3], [1]] {
            var power = 1.0
            while power > range.lowerBound { power /= 10 }
            while power * 10 <= range.lowerBound { power *= 10 }
            var ticks: [Double] = []
            while power <= range.upperBound {
                ticks += factors.map { $0 * power }.filter(range.contains)
                power *= 10
            }
            if ticks.count <= most { return ticks }
        }
        return [range.lowerBound, range.upperBound].filter { $0 > 0 }
    }
}

/// What is seen of a run: positions from the first to the last dot column.
struct ChartSpan: Hashable, Sendable {
    let range: ClosedRange<Double>
    /// Positions that make one unit of the axis: steps an epoch, or 1.
    let unit: Double
    /// The unit's name in the plural.
    let unitName: String

    /// How much of a run is seen.
    enum Zoom: Int, CaseIterable, Hashable, Sendable {
        case whole, quarter, sixteenth

        var share: Double {
            switch self {
            case .whole: 1
            case .quarter: 0.25
            case .sixteenth: 0.0625
            }
        }
    }

    /// The span of a run that has come to some position.
    ///
    /// It starts at an eighth of a unit and doubles when it is full: an axis that stands still between two doublings
    /// leaves what is drawn where it is. The last part, when zoomed, moves on by halves of itself for the same reason.
    ///
    /// - Parameters:
    ///   - end: the newest position.
    ///   - total: where the run ends, if that is known.
    init(to end: Double, total: Double? = nil, unit: Double, unitName: String, zoom: Zoom = .whole) {
        self.unit = max(unit, 1e-9)
        self.unitName = unitName
        var extent = self.unit / 8
        while extent < end, extent < 1e15 { extent *= 2 }
        if let total, total >= end { extent = min(extent, max(total, 1e-9)) }
        guard zoom != .whole else {
            range = 0...extent
            return
        }
        let part = extent * zoom.share
        let start = max(0, ((end / (part / 2)).rounded(.up) - 2) * part / 2)
        range = start...start + part
    }

    /// Place of a position: 0 at the left end, 1 at the right.
    func place(of position: Double) -> Double {
        (position - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// Round numbers of units with their positions.
    func ticks(most: Int) -> [(label: Double, position: Double)] {
        let (low, high) = (Float(range.lowerBound / unit), Float(range.upperBound / unit))
        guard most > 0, low < high else { return [] }
        return roundTicks(in: low...high, apart: (high - low) / Float(most)).map { (Double($0), Double($0) * unit) }
    }
}
