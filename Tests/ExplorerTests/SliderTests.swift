import Cells
import Latent
import Testing

@testable import Explorer

extension LatentCloud {
    /// Codes of eight latents, of which three say nothing.
    static let eight: LatentCloud = {
        var generator = SeededGenerator(seed: 5)
        let scales: [Float] = [0.9, 0, 1.1, 0.6, 0, 1.3, 0.7, 0]
        let labels = (0..<400).map { UInt8($0 % 4) }
        let means = labels.flatMap { label in
            scales.enumerated().map { $1 * (generator.nextNormal() + (Int(label) == $0 % 4 ? 1 : 0)) }
        }
        let deviations = labels.flatMap { _ in scales.map { $0 > 0 ? 0.2 / (1 + $0) : Float(1) } }
        return LatentCloud(name: "sample", dimension: 8, means: means, deviations: deviations, labels: labels)
    }()
}

extension ModelFacts {
    static let eight = ModelFacts(name: "mnist-8d", latentCount: 8, width: 28, height: 28)
}

@Suite("Sliders")
struct SliderTests {
    private func session(columns: Int = 120, rows: Int = 40, cloud: LatentCloud? = .eight) -> Session {
        Session(
            columns: columns, rows: rows, model: .eight, options: Options(isAnimated: false, showsHints: false),
            cloud: cloud)
    }

    private func sliders(_ session: Session) -> Sliders { session.state[ExploreView.self].sliders }

    @Test(
        "All latents stand in here, the most used first, where there is room",
        arguments: [(80, 24), (120, 40), (200, 60)])
    func screen(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        session.press(.character("}"), .character("]"), .character("]"))
        try expect(Screen.canvas(of: session.state), matches: "sliders-\(columns)x\(rows)")
        session.press(.character("z"))
        try expect(Screen.canvas(of: session.state), matches: "sliders-open-\(columns)x\(rows)")
    }

    @Test("Their order is that of the KL; those below 0.01 nats are unused")
    func order() {
        let sliders = sliders(session())
        let divergences = LatentCloud.eight.divergences ?? []
        #expect(zip(sliders.order, sliders.order.dropFirst()).allSatisfy { divergences[$0] >= divergences[$1] })
        #expect(Set(sliders.order.suffix(3)) == [1, 4, 7])
        #expect((0..<8).filter { !sliders.isUsed($0) } == [1, 4, 7])
    }

    @Test("Without nats the widest codes come first; without data the latents that change the picture most")
    func otherOrders() throws {
        let means = (0..<1_600).map { Float($0 % 8 == 5 ? 3 : 1) * ($0 / 8 % 2 == 0 ? 1 : -1) }
        let autoencoder = session(cloud: LatentCloud(name: "sample", dimension: 8, means: means))
        #expect(sliders(autoencoder).order.first == 5 && sliders(autoencoder).divergences == nil)
        var decoder = session(cloud: nil)
        let request = try #require(
            decoder.effects.compactMap { effect -> WorkRequest? in
                if case .work(let request) = effect, request.work == .influences { request } else { nil }
            }.first)
        let values: [Float] = [1, 2, 0, 9, 3, 0.01, 4, 5]
        decoder.send(
            .worked(WorkAnswer(number: request.number, slot: request.slot, result: .influences(values))))
        #expect(sliders(decoder).order == [3, 7, 6, 4, 1, 0, 5, 2])
        #expect(decoder.state.axisNames == ["z₃", "z₇"])
        #expect((0..<8).filter { !sliders(decoder).isUsed($0) } == [2, 5])
        // They are asked for once, and anew when the decoder is another.
        let asked = decoder.effects.count
        decoder.press(.right)
        #expect(!decoder.effects.dropFirst(asked).contains { isInfluences($0) })
        decoder.send(.tried(.eight, sentence: "another", isOther: true))
        #expect(decoder.effects.dropFirst(asked).contains { isInfluences($0) })
    }

    private func isInfluences(_ effect: Effect) -> Bool {
        if case .work(let request) = effect { request.work == .influences } else { false }
    }

    @Test("Of four thousand latents a page goes by whole screens, :slider to any, and x offers a few dozen axes")
    func manyLatents() {
        var facts = ModelFacts.eight
        facts.latentCount = 4096
        var session = Session(
            columns: 80, rows: 24, model: facts, options: Options(isAnimated: false, showsHints: false))
        session.press(.character("z"), .pageDown)
        let page = sliders(session).current
        #expect((5...40).contains(page ?? 0))
        session.type(":slider 4095")
        session.press(.enter)
        #expect(sliders(session).current == 4095)
        #expect(Screen.canvas(of: session.state).text.contains("₄₀₉₅"))
        var seen: Set<String> = []
        for _ in 0..<60 {
            session.press(.character("x"))
            seen.insert(session.state.axisNames[0])
        }
        #expect(seen.contains("z₄₀₉₅") && seen.count < 30)
        session.type(":slider 4096")
        session.press(.enter)
        #expect(session.state.message?.text == "There is no latent 4096: they are 0 to 4095.")
    }

    @Test("Without data they stand in their own order, and the prior says how far they reach")
    func withoutData() {
        let session = session(cloud: nil)
        #expect(sliders(session).order == Array(0..<8))
        #expect(sliders(session).spreads == Array(repeating: .prior, count: 8))
    }

    @Test(
        "Brackets move the chosen latent by a quarter of the codes' deviation, and no other; there and back to the bit")
    func moves() {
        var session = session()
        session.press(.character("}"))
        let latent = sliders(session).order[1]
        let before = session.state.explore.point
        session.press(.character("]"), .character("]"))
        let step = LatentCloud.eight.spreads[latent].deviation / 4
        #expect(abs(session.state.explore.point[latent] - before[latent] - 2 * step) < 1e-5)
        #expect((0..<8).filter { session.state.explore.point[$0] != before[$0] } == [latent])
        #expect(session.state.picture?.request.point == session.state.explore.point)
        session.press(.character("["), .character("["))
        #expect(session.state.explore.point == before)
    }

    @Test("Braces choose, and stay at the ends")
    func chooses() {
        var session = session()
        session.press(.character("{"))
        #expect(sliders(session).current == sliders(session).order.first)
        for _ in 0..<20 { session.press(.character("}")) }
        #expect(sliders(session).current == sliders(session).order.last)
    }

    @Test("A click sets a latent to where it falls, a drag goes on within the range")
    func mouse() throws {
        var session = session()
        let place = try #require(session.state.hereSliderGrid?.places[2])
        let range = sliders(session).spreads[place.latent].range
        func press(_ action: MouseAction, _ column: Int, row: Int) {
            session.send(.input(.mouse(action, Position(column: column, row: row))))
        }
        press(.press, place.track.column, row: place.track.row)
        let width = (range.upperBound - range.lowerBound) / Float(place.track.columns)
        #expect(abs(session.state.explore.point[place.latent] - range.lowerBound - width / 2) < 1e-4)
        #expect(sliders(session).current == place.latent)
        // Dragged, it keeps its latent whatever row the mouse is in.
        press(.drag, place.track.column + place.track.columns + 9, row: place.track.row + 3)
        press(.drag, place.track.column + place.track.columns, row: place.track.row)
        #expect(abs(session.state.explore.point[place.latent] - range.upperBound) < 1e-4)
        press(.release, 3, row: 3)
        press(.drag, place.track.column, row: place.track.row)
        #expect(abs(session.state.explore.point[place.latent] - range.upperBound) < 1e-4)
    }

    @Test("Over the plane they leave the mouse nothing of it, and z brings it back")
    func open() {
        var session = session(columns: 80, rows: 24)
        #expect(session.state.hereSliderGrid == nil)
        session.press(.character("z"))
        let before = session.state.explore.point
        session.send(.input(.mouse(.press, Position(column: 10, row: 20))))
        #expect(session.state.explore.point == before)
        #expect(session.text.contains("KL in nats") && !session.text.contains("latent plane"))
        session.press(.character("z"))
        #expect(session.text.contains("latent plane"))
    }

    @Test("More latents than rows: those around the chosen one are seen")
    func many() throws {
        let grid = SliderGrid(
            order: Array(0..<40), chosen: 30, in: Rect(column: 0, row: 0, columns: 40, rows: 10), columns: 1,
            before: 12,
            after: 2)
        #expect(grid.places.map(\.latent) == Array(25..<35))
        #expect(grid.place(at: Position(column: 4, row: 5))?.latent == 30)
    }

    @Test("Off the plane its small pictures are others: those before stay until the newer ones come")
    func pictures() throws {
        let options = Options(
            preferences: Preferences(plane: .pictures), isAnimated: false, showsHints: false)
        var session = Session(columns: 120, rows: 40, model: .eight, options: options, cloud: .eight)
        let before = session.state.background.canvas
        #expect(session.press(.right, .up).works.allSatisfy { $0.slot != .plane })
        session.answers = false
        session.press(.character("}"), .character("}"))
        let request = try #require(session.press(.character("]")).works.first { $0.slot == .plane })
        guard case .decode(let points) = request.work else { return }
        let moved = try #require(sliders(session).current)
        #expect(points.allSatisfy { $0[moved] == session.state.explore.point[moved] })
        #expect(session.state.background.canvas == before)
    }

    @Test("Two latents have none")
    func two() {
        var session = Session(columns: 120, rows: 40, cloud: .blobs)
        let before = session.state.explore.point
        session.press(.character("]"), .character("z"))
        #expect(session.state.explore.point == before)
        #expect(session.text.contains("latent plane"))
    }
}

@Suite("Traversals beside the sliders")
struct TraversalTests {
    private func session(columns: Int = 120, rows: Int = 40) -> Session {
        var session = Session(
            columns: columns, rows: rows, model: .eight, options: Options(isAnimated: false, showsHints: false),
            cloud: .eight)
        session.press(.character("z"))
        return session
    }

    private func requests(_ effects: [Effect]) -> [[LatentPoint]] {
        effects.works.compactMap { work in
            guard work.slot == .traversals, case .decode(let points) = work.work else { return nil }
            return points
        }
    }

    @Test(
        "Five pictures lead through each latent's codes, all other latents as they are",
        arguments: [(80, 24), (120, 40)])
    func points(columns: Int, rows: Int) throws {
        let session = session(columns: columns, rows: rows)
        let points = try #require(requests(session.effects).last)
        let sliders = session.state[ExploreView.self].sliders
        let grid = try #require(session.state.shared.openSliderGrid)
        #expect(points.count == 5 * grid.places.count)
        for (row, place) in grid.places.enumerated() {
            let own = points[5 * row..<5 * row + 5].map { $0[place.latent] }
            let range = sliders.spreads[place.latent].range
            #expect(own.first == range.lowerBound && abs((own.last ?? 0) - range.upperBound) < 1e-5)
            #expect(own == own.sorted())
            var others = points[5 * row]
            others[place.latent] = session.state.explore.point[place.latent]
            #expect(others == session.state.explore.point)
            #expect(sliders.traversals.pictures(of: place.latent).compactMap { $0 }.count == 5)
        }
    }

    @Test("Another point asks anew, the same one does not, and closing calls it off")
    func asks() {
        var session = session()
        #expect(requests(session.press(.character("]"))).count == 1)
        #expect(requests(session.press(.character("s"))).isEmpty)
        #expect(session.press(.character("z")).contains(.drop(.traversals)))
    }

    @Test("The codes' histogram is fullest where most codes are")
    func histogram() throws {
        let session = session()
        let sliders = session.state[ExploreView.self].sliders
        let used = try #require(sliders.used.first)
        let bars = sliders.traversals.histogram(of: used)
        #expect(bars.max() == 1 && bars.count > 10)
        let means = (0..<LatentCloud.eight.count).map { LatentCloud.eight.mean(of: $0)[used] }
        let range = sliders.spreads[used].range
        let middle = (range.lowerBound + range.upperBound) / 2
        let below = means.count { range.contains($0) && $0 < middle }
        let above = means.count { range.contains($0) && $0 >= middle }
        let half = bars.count / 2
        #expect((bars.prefix(half).reduce(0, +) > bars.suffix(half).reduce(0, +)) == (below > above))
    }

    @Test("x goes through the latents by their KL, and calls dead ones so, at the end")
    func axes() {
        var session = session()
        session.press(.character("z"))
        var words: [String] = []
        for _ in 0..<30 {
            session.press(.character("x"))
            words.append(session.state.message?.text ?? "")
        }
        let dead = words.filter { $0.contains("is dead") }
        #expect(!dead.isEmpty && dead.allSatisfy { $0.contains("z₁") || $0.contains("z₄") || $0.contains("z₇") })
        #expect(words.first?.contains("is dead") == false)
    }
}
