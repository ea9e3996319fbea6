/// Takes numbers by name and step, from any number of files, and makes curves of those whose names say what they are.
struct CurveCollector {
    /// Where numbers come from.
    struct Origin: Hashable, Comparable {
        enum Form: Int, Comparable {
            // Event files last: they have single precision.
            case table, lines, events

            static func < (one: Form, other: Form) -> Bool { one.rawValue < other.rawValue }
        }

        var form: Form
        var path: String

        static func < (one: Origin, other: Origin) -> Bool { (one.form, one.path) < (other.form, other.path) }
    }

    /// Names that are told apart; more than any log of a model has, and few enough for memory.
    static let largestNameCount = 2000

    private struct Curve {
        var name: String
        var match: CurveNaming.Match
        var origin: Origin
        var lastStep = -Double.infinity
        var turnsSign: Bool?
    }

    private let naming: CurveNaming
    private var matches: [String: CurveNaming.Match?] = [:]
    private var curves: [CurveKind: Curve] = [:]
    /// Points of the present round.
    private var points: [CurveKind: [CurvePoint]] = [:]
    private var updates: [RunUpdate] = []

    init(naming: CurveNaming) { self.naming = naming }

    /// The names that were seen.
    var names: [String] { matches.keys.sorted() }

    /// The newest value of a curve.
    private(set) var latest: [CurveKind: Double] = [:]

    /// Names that were given and not seen yet.
    var missing: [String] { naming.given.values.filter { matches[$0] == nil }.sorted() }

    mutating func add(_ name: String, _ value: Double, step: Double, from origin: Origin) {
        guard let match = match(name), step.isFinite else { return }
        let kind = match.kind
        var curve = curves[kind] ?? begin(kind, name, match, origin)
        if curve.name != name || curve.origin != origin {
            guard isBetter(name, match, origin, than: curve) else { return }
            // A later event file of the same curve goes on where the earlier one was left; all else begins anew.
            if curve.name == name, curve.origin.form == .events, origin.form == .events {
                curve.origin = origin
            } else {
                curve = begin(kind, name, match, origin)
            }
        }
        if step <= curve.lastStep {
            flush()
            updates.append(.dropped(kind, from: step))
        }
        curve.lastStep = step
        var value = value
        if match.isELBO {
            // Whether somebody's ELBO is that, or its negative, its first value tells.
            if curve.turnsSign == nil, value != 0, value.isFinite { curve.turnsSign = value < 0 }
            if curve.turnsSign == true { value = -value }
        }
        curves[kind] = curve
        points[kind, default: []].append(CurvePoint(step: step, value: value))
        if value.isFinite { latest[kind] = value }
    }

    /// What came since the last call.
    mutating func take() -> [RunUpdate] {
        flush()
        defer { updates = [] }
        return updates
    }

    private mutating func match(_ name: String) -> CurveNaming.Match? {
        if let known = matches[name] { return known }
        guard matches.count < CurveCollector.largestNameCount else { return nil }
        let match = naming.match(name)
        matches[name] = match
        return match
    }

    private mutating func begin(
        _ kind: CurveKind, _ name: String, _ match: CurveNaming.Match, _ origin: Origin
    ) -> Curve {
        points[kind] = nil
        flush()
        updates.append(.curve(kind, name: name))
        return Curve(name: name, match: match, origin: origin)
    }

    /// Whether numbers of another name or origin take a curve's place.
    private func isBetter(
        _ name: String, _ match: CurveNaming.Match, _ origin: Origin, than curve: Curve
    ) -> Bool {
        guard match.score == curve.match.score else { return match.score > curve.match.score }
        guard origin.form == curve.origin.form else { return origin < curve.origin }
        // Of event files of one curve the later one is the run's continuation; of tables and of names the first stays.
        return name == curve.name && origin.form == .events && origin > curve.origin
    }

    private mutating func flush() {
        for kind in CurveKind.allCases {
            if let points = points.removeValue(forKey: kind), !points.isEmpty { updates.append(.points(kind, points)) }
        }
    }
}
