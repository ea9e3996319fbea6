import Cells
import Latent
import Testing

@testable import Explorer

@Suite("Moving")
struct MoveTests {
    @Test(
        "Arrows and hjkl move one step of the 41×41 grid, with Shift and in capitals five, and ask for the picture",
        arguments: [
            (Key.left, -1, 0), (.right, 1, 0), (.up, 0, 1), (.down, 0, -1),
            (.character("h"), -1, 0), (.character("l"), 1, 0), (.character("k"), 0, 1), (.character("j"), 0, -1),
            (.shiftLeft, -5, 0), (.shiftRight, 5, 0), (.shiftUp, 0, 5), (.shiftDown, 0, -5),
            (.character("H"), -5, 0), (.character("L"), 5, 0), (.character("K"), 0, 5), (.character("J"), 0, -5),
        ])
    func arrows(key: Key, columns: Int, rows: Int) {
        var session = Session()
        let target = LatentPoint(0.15 * Float(columns), 0.15 * Float(rows))
        let effects = session.press(key)
        #expect(session.state.explore.point.distance(to: target) < 1e-6)
        #expect(effects.decodes == [session.state.explore.point])
        #expect(session.state.picture?.request.point == session.state.explore.point)
    }

    @Test("Steps there and back end where they began, to the bit")
    func noDrift() {
        var session = Session()
        for _ in 0..<37 { session.press(.right, .up) }
        for _ in 0..<37 { session.press(.left, .down) }
        #expect(session.state.explore.point == LatentPoint(0, 0))
        for _ in 0..<20 { session.press(.right) }
        #expect(session.lines.contains { $0.contains("+3.00 +0.00") })
    }

    @Test("Comma and period halve and double the step")
    func steps() {
        var session = Session()
        session.press(.character(","), .right)
        #expect(session.state.explore.point == LatentPoint(0.075, 0))
        session.press(.character("."), .character("."), .right)
        #expect(abs(session.state.explore.point[0] - 0.375) < 1e-6)
        for _ in 0..<60 { session.press(.character(",")) }
        #expect(session.state.explore.step > 0)
        for _ in 0..<60 { session.press(.character(".")) }
        #expect(session.state.explore.step < 6)
    }

    @Test("An older answer never replaces a newer picture")
    func newestWins() {
        var session = Session()
        session.answers = false
        session.press(.right)
        session.press(.right)
        let requests = session.effects.compactMap { effect -> DecodeRequest? in
            if case .decode(let request) = effect { request } else { nil }
        }
        for request in [requests[2], requests[1]] {
            session.send(.decoded(DecodedPicture(request: request, picture: .ring(at: request.point), duration: .zero)))
        }
        #expect(session.state.picture?.request == requests[2])
    }

    @Test("What decoding told of the pixels' range stands beside the picture")
    func pixelRange() throws {
        var session = Session()
        session.answers = false
        for range in [nil, "logits?"] {
            session.press(.right)
            let requests = session.effects.compactMap { effect -> DecodeRequest? in
                if case .decode(let request) = effect { request } else { nil }
            }
            let request = try #require(requests.last)
            session.send(
                .decoded(
                    DecodedPicture(
                        request: request, picture: .ring(at: request.point), duration: .zero, pixelRange: range)))
            #expect(session.text.contains("pixels logits?") == (range != nil))
        }
    }

    @Test("A jump glides along a straight line for at most 150 ms, decoding on the way")
    func glide() {
        var session = Session()
        session.press(.character("g"))
        session.type("2 -1")
        session.press(.enter)
        #expect(session.state.wakeTime != nil)
        let before = session.effects.count
        session.wait(.milliseconds(70))
        let middle = session.state.explore.point
        #expect(middle[0] > 0.2 && middle[0] < 1.9)
        #expect(abs(middle[1] + middle[0] / 2) < 1e-5)
        session.wait(.milliseconds(80 + 16))
        #expect(session.state.explore.point == LatentPoint(2, -1))
        #expect(session.effects.count - before > 5)
        #expect(session.state.explore.glide == nil)
        #expect(session.state.wakeTime == nil)
    }

    @Test("A key during a glide starts from the glide's end")
    func keyEndsGlide() {
        var session = Session()
        session.press(.character("g"))
        session.type("1.5 0")
        session.press(.enter)
        session.wait(.milliseconds(40))
        session.press(.right)
        #expect(abs(session.state.explore.point[0] - 1.65) < 1e-6)
        session.wait(.seconds(1))
        #expect(abs(session.state.explore.point[0] - 1.65) < 1e-6)
    }

    @Test("A place farther away than one can go is said to be")
    func far() {
        var session = Session()
        session.type(":goto 1000 1")
        session.press(.enter)
        session.wait(.seconds(1))
        #expect(session.state.explore.point == LatentPoint(99, 1))
        #expect(session.state.message?.text == "as far as the explorer goes: −99…99")
        session.type(":goto 9 1")
        session.press(.enter)
        #expect(session.state.message == nil)
    }

    @Test("A place as far as numbers go is as far as the view goes, and draws", arguments: ["1e30 1e30", "-3e38 0"])
    func farAway(place: String) {
        var session = Session(options: Options(isAnimated: false, showsHints: false))
        session.press(.character(":"))
        session.type("goto \(place)")
        session.press(.enter)
        #expect(session.state.explore.point.coordinates.allSatisfy { abs($0) < 1e6 })
        #expect(Screen.canvas(of: session.state).text.contains("latent plane"))
    }

    @Test("Without animation a jump is there at once")
    func noAnimation() {
        var session = Session(options: Options(isAnimated: false, showsHints: false))
        session.press(.character(":"))
        session.type("goto 0.4 -1.3")
        session.press(.enter)
        #expect(session.state.explore.point == LatentPoint(0.4, -1.3))
        #expect(session.state.wakeTime == nil)
    }

    @Test("r draws from the prior, and the seed decides what")
    func prior() {
        var points: [LatentPoint] = []
        for seed in [1, 1, 2] as [UInt64] {
            var session = Session(options: Options(isAnimated: false, showsHints: false, seed: seed))
            session.press(.character("r"))
            points.append(session.state.explore.point)
        }
        #expect(points[0] == points[1])
        #expect(points[0] != points[2])
        #expect(points[0] != LatentPoint(0, 0))
    }

    @Test("Space draws near an image; without data it says what is missing")
    func posterior() {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.press(.character(" "))
        let nearest = LatentCloud.blobs.tree.nearest(to: session.state.explore.point)
        #expect(session.state.explore.point != LatentPoint(0, 0))
        #expect(nearest.map { $0.distance < 0.3 } == true)
        #expect(session.lines.last?.contains("posterior of sample #") == true)
        var empty = Session()
        empty.press(.character(" "))
        #expect(empty.lines.suffix(2).joined().contains("no data for this model"))
    }

    @Test("u undoes jumps, one by one, but not steps")
    func undo() {
        var session = Session(options: Options(isAnimated: false, showsHints: false))
        session.press(.right, .character("r"), .up, .character("r"))
        session.press(.character("u"))
        session.press(.character("u"))
        #expect(session.state.explore.point == LatentPoint(0.15, 0))
        session.press(.character("u"))
        #expect(session.state.explore.point == LatentPoint(0.15, 0))
        #expect(session.lines.last?.contains("no jump to undo") == true)
    }

    @Test("m marks the point, g and its letter come back")
    func marks() {
        var session = Session(options: Options(isAnimated: false, showsHints: false))
        session.press(.right, .character("m"), .up, .up, .character("m"), .character("m"))
        #expect(session.state.explore.marks.map(\.letter) == ["A", "B"])
        session.press(.character("g"))
        session.type("a")
        session.press(.enter)
        #expect(session.state.explore.point == LatentPoint(0.15, 0))
        session.press(.character(":"))
        session.type("unmark A")
        session.press(.enter)
        #expect(session.state.explore.marks.map(\.letter) == ["B"])
    }

    @Test("g with a number goes to that image's code")
    func goToImage() {
        var session = Session(options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
        session.press(.character("g"))
        session.type("#140")
        session.press(.enter)
        #expect(session.state.explore.point == LatentCloud.blobs.mean(of: 140))
        session.press(.character("g"))
        session.type("5000")
        session.press(.enter)
        #expect(session.lines.last?.contains("#0 to #1999") == true)
    }

    @Test("The window follows a point that leaves it")
    func follow() throws {
        var session = Session()
        for _ in 0..<10 { session.press(.shiftRight, .shiftUp) }
        let grid = try #require(session.state.planeGrid)
        #expect(grid.horizontal.contains(session.state.explore.point[0]))
        #expect(grid.vertical.contains(session.state.explore.point[1]))
    }
}

@Suite("The plane")
struct PlaneStateTests {
    @Test("Plus and minus zoom around the point, and undo each other")
    func zoom() throws {
        var session = Session()
        session.press(.right)
        session.press(.character("+"), .character("+"))
        #expect(abs(session.state.explore.window.span.0 - 3) < 1e-5)
        session.press(.character("-"), .character("-"))
        #expect(abs(session.state.explore.window.span.0 - 6) < 1e-4)
        for _ in 0..<80 { session.press(.character("+")) }
        #expect(session.state.explore.window.span.0 > 0)
        for _ in 0..<80 { session.press(.character("-")) }
        #expect(session.state.explore.window.span.0 < 121)
    }

    @Test("A press in the plane goes there, dragging moves on, outside too; u goes back")
    func mouse() throws {
        var session = Session(options: Options(isAnimated: false, showsHints: false))
        let plane = try #require(session.state.layout).plane
        let grid = try #require(session.state.planeGrid)
        session.send(.input(.mouse(.press, Position(column: plane.column + 5, row: plane.row + 3))))
        #expect(session.state.explore.point == grid.point(column: 5, row: 3))
        session.send(.input(.mouse(.drag, Position(column: plane.column + 9, row: plane.row + 4))))
        #expect(session.state.explore.point == grid.point(column: 9, row: 4))
        session.send(.input(.mouse(.drag, Position(column: 79, row: 0))))
        #expect(session.state.explore.point == grid.point(column: 47, row: 0))
        session.send(.input(.mouse(.release, Position(column: 79, row: 0))))
        session.send(.input(.mouse(.drag, Position(column: plane.column + 9, row: plane.row + 4))))
        #expect(session.state.explore.point == grid.point(column: 47, row: 0))
        session.press(.character("u"))
        #expect(session.state.explore.point == LatentPoint(0, 0))
    }

    @Test("A press beside the plane does nothing")
    func mouseOutside() {
        var session = Session()
        session.send(.input(.mouse(.press, Position(column: 60, row: 5))))
        session.send(.input(.mouse(.drag, Position(column: 10, row: 5))))
        #expect(session.state.explore.point == LatentPoint(0, 0))
    }

    @Test("The wheel zooms around the mouse")
    func wheel() throws {
        var session = Session()
        let plane = try #require(session.state.layout).plane
        let fixed = try #require(session.state.planeGrid).point(column: 30, row: 6)
        session.send(.input(.mouse(.wheelUp, Position(column: plane.column + 30, row: plane.row + 6))))
        let grid = try #require(session.state.planeGrid)
        #expect(grid.columnExtent < 0.15)
        #expect(grid.column(of: fixed[0]) == 30)
        #expect(grid.row(of: fixed[1]) == 6)
    }

    @Test("The plane fits the data's middle 99 % where the prior's ±3 does not, and the step with it")
    func fit() {
        let wide = LatentCloud(
            name: "wide", dimension: 2, means: (0..<400).map { Float($0 % 41) - 20 })
        let session = Session(cloud: wide)
        #expect(session.state.explore.window.horizontal == -20...20)
        #expect(session.state.explore.step == 1)
        #expect(Session(cloud: .blobs).state.explore.window == .prior)
        let asked = Session(options: Options(latentRange: -2...2), cloud: wide)
        #expect(asked.state.explore.window.horizontal == -2...2)
    }

    @Test("Codes far from the origin move the point to where there is something to see")
    func fitMovesPoint() {
        let far = LatentCloud(name: "far", dimension: 2, means: (0..<400).map { 10 + Float($0 % 41) / 10 })
        let session = Session(cloud: far)
        #expect(session.state.explore.window.horizontal.contains(session.state.explore.point[0]))
        #expect(session.state.picture?.request.point == session.state.explore.point)
    }

    @Test("b goes round the backgrounds, asks for tiles where it shows them, and calls them off when it goes on")
    func backgrounds() throws {
        var session = Session(cloud: .blobs)
        session.answers = false
        session.press(.character("b"))
        #expect(session.state.preferences.plane == .density)
        let effects = session.press(.character("b"))
        let request = try #require(effects.works.first { $0.slot == .plane })
        guard case .decode(let points) = request.work else { return }
        #expect(points.count == 30)
        #expect(session.press(.character("b")).contains(.drop(.plane)))
        #expect(session.state.preferences.plane == .stretch)
        session.press(.character("b"))
        #expect(session.state.preferences.plane == .ellipses)
        #expect(session.press(.character("b")).contains(.drop(.stretch)))
        session.press(.character("b"))
        #expect(session.state.preferences.plane == .data)
    }

    @Test("However far one zooms in, the density fills the plane")
    func deepDensity() {
        let options = Options(preferences: Preferences(plane: .density), showsHints: false)
        var session = Session(profile: .colors256, options: options, cloud: .blobs)
        session.press(.character("g"))
        session.type("#140")
        session.press(.enter)
        session.wait(.seconds(1))
        for _ in 0..<14 { session.press(.character("+")) }
        #expect(!session.state.background.isBlank)
        #expect(session.state.background.canvas.size == Size(columns: 48, rows: 20))
    }

    @Test("Tiles of another request are not drawn")
    func staleTiles() {
        let options = Options(preferences: Preferences(plane: .pictures), showsHints: false)
        var session = Session(options: options)
        let before = Screen.canvas(of: session.state)
        for (number, first) in [(999, 0), (2, -4)] {
            let result = WorkResult.pictures([.ring(at: LatentPoint(3, 3))], first: first)
            session.send(.worked(WorkAnswer(number: number, slot: .plane, result: result)))
        }
        #expect(Screen.canvas(of: session.state) == before)
    }
}
