import Cells
import Testing

@testable import Explorer

@Suite("The figures of a walk")
struct WalkFiguresTests {
    @Test(
        "Lengths say what they are in, by the metric, at every size and beside all paths",
        arguments: [(60, 20), (80, 24), (120, 40)], [[], [Key.character("A")]])
    func units(size: (columns: Int, rows: Int), keys: [Key]) {
        var session = Session(
            columns: size.columns, rows: size.rows, options: Options(isAnimated: false, showsHints: false),
            cloud: .blobs)
        session.press(.character("3"))
        for key in keys { session.press(key) }
        #expect(session.text.contains("weighted px"))
        #expect(session.text.contains("geodesic   28.4"))
        session.press(.character("M"))
        #expect(session.text.contains("px-units") && !session.text.contains("weighted"))
        session.press(.character("M"))
        #expect(session.text.contains("sd-units"))
        // And what lies across the chart, unless that is as low as it can be.
        let chart = session.state[WalkView.self].layout(session.state.shared).chart
        #expect(session.text.contains("t 0  ") == ((chart?.rows ?? 0) > 3))
    }

    @Test(
        "From a point to itself there is nothing to measure, and that is said",
        arguments: [(60, 20), (80, 24), (120, 40)], [[], [Key.character("A")]])
    func onePoint(size: (columns: Int, rows: Int), keys: [Key]) {
        var session = Session(
            columns: size.columns, rows: size.rows, options: Options(isAnimated: false, showsHints: false),
            cloud: .blobs)
        session.press(.character("3"))
        for line in ["f.", "g."] {
            session.type(line)
            session.press(.enter)
        }
        for key in keys { session.press(key) }
        #expect(session.text.contains("same point") || session.text.contains("both ends are"))
        #expect(!session.text.contains("28.4") && !session.text.contains("t 0  "))
    }

    @Test(
        "Short lengths have two digits that count", arguments: [(0.034, "0.034"), (0.00021, "0.00021"), (1.26, "1.3")])
    func short(length: Double, words: String) throws {
        var session = Session(
            columns: 120, rows: 40, options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.answers = false
        let effects = session.press(.character("3"))
        let request = try #require(effects.works.first { $0.slot == .walk })
        guard case .walk(let order) = request.work else { return }
        for kind in WalkPathKind.allCases {
            var path = WalkPath.made(kind, for: order)
            path.length = length
            session.send(.worked(WorkAnswer(number: request.number, slot: .walk, result: .walk(.found(path)))))
        }
        #expect(session.text.contains("geodesic "))
        #expect(session.text.contains(" \(words) "))
    }

    private func session(columns: Int, rows: Int, profile: TerminalProfile = .colors256) -> Session {
        var session = Session(
            columns: columns, rows: rows, profile: profile, options: Options(isAnimated: false, showsHints: false),
            cloud: .blobs)
        session.press(.character("3"))
        return session
    }

    @Test("A kind of path has one color and one pattern, whichever path is seen")
    func looks() {
        for profile in [TerminalProfile.colors256, TerminalProfile(depth: .palette16, glyphs: .blocks)] {
            let theme = Theme(profile: profile, borders: .line)
            for isSeen in [false, true] {
                let styles = WalkPathKind.allCases.map { theme.path($0, isSeen: isSeen) }
                #expect(Set(styles.map(\.foreground)).count == 3)
                #expect(styles.allSatisfy { $0.attributes == (isSeen ? .bold : []) })
            }
        }
        #expect(Set(WalkPathKind.allCases.map(\.pattern)).count == 3)
    }

    @Test("Without colors the lines of the table are as they are on the plane and in the chart, and one is pointed at")
    func table() {
        var session = session(columns: 120, rows: 40, profile: .plain)
        func line(_ kind: WalkPathKind) -> String { session.lines.first { $0.contains("\(kind.rawValue)  ") } ?? "" }
        #expect(line(.straight).contains("⠤⠤ ⠠⠤⠄ ⠤⠤") && line(.geodesic).contains("⠤⠤⠤⠤⠤⠤⠤"))
        #expect(line(.spherical).contains("⠄⠠ ⠄⠠"))
        #expect(line(.geodesic).contains(">geodesic") && !line(.straight).contains(">straight"))
        session.press(.character("t"))
        #expect(line(.straight).contains(">straight") && !line(.geodesic).contains(">geodesic"))
    }

    @Test("Names stand at the curves' ends where there is room for them")
    func names() throws {
        for (columns, rows, isRoomy) in [(80, 24, false), (120, 40, true), (200, 60, true)] {
            let session = session(columns: columns, rows: rows)
            let chart = try #require(session.state[WalkView.self].layout(session.state.shared).chart)
            let lines = session.lines[chart.row..<chart.row + chart.rows].map {
                String($0.dropFirst(chart.column).prefix(chart.columns))
            }
            let named = lines.filter { $0.contains("spherical") }
            #expect(named.count == (isRoomy ? 1 : 0), "\(columns)×\(rows)")
        }
    }
}
