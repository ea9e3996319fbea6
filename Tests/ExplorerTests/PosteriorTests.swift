import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("The exact posterior in the Images view")
struct PosteriorTests {
    private func session(
        columns: Int = 120, rows: Int = 40, model: ModelFacts = .digits, cloud: LatentCloud? = .blobs
    ) -> Session {
        var session = Session(
            columns: columns, rows: rows, model: model, options: Options(isAnimated: false, showsHints: false),
            cloud: cloud)
        session.press(.character("4"))
        return session
    }

    private func requests(_ effects: [Effect]) -> [WorkRequest] {
        effects.works.filter { $0.slot == .posterior }
    }

    private func mode(_ image: Int) -> LatentPoint {
        PlanePosterior.made(around: LatentCloud.blobs.mean(of: image)).mode
    }

    @Test(
        "It lies on the plane under the encoder's ellipse, with its mode, and says what the encoder loses",
        arguments: [(80, 24), (120, 40), (200, 60)])
    func screen(columns: Int, rows: Int) throws {
        var session = session(columns: columns, rows: rows)
        session.press(.right, .character("p"))
        session.wait(.seconds(5))
        try expect(Screen.canvas(of: session.state), matches: "images-posterior-\(columns)x\(rows)")
    }

    @Test("It is asked for with p, for each image once, and not after the second p")
    func asked() {
        var session = session()
        #expect(requests(session.press(.right)).isEmpty)
        #expect(requests(session.press(.character("p"))).map(\.work) == [.posterior(.image(1))])
        #expect(requests(session.send(.tick)).isEmpty)
        #expect(requests(session.press(.right)).map(\.work) == [.posterior(.image(2))])
        #expect(session.press(.character("p")).contains(.drop(.posterior)))
        #expect(requests(session.press(.right)).isEmpty)
        #expect(!session.text.contains("nats lost"))
    }

    @Test("An answer to an older image never shows as the newer one's")
    func stale() {
        var session = session()
        session.answers = false
        session.press(.right)
        let one = requests(session.press(.character("p")))
        let two = requests(session.press(.right))
        session.answer(one)
        #expect(session.state.imagesExactPosterior == nil)
        session.answer(two)
        #expect(session.state.imagesExactPosterior?.mode == mode(2))
        session.answer(one)
        #expect(session.state.imagesExactPosterior?.mode == mode(2))
    }

    @Test("The bottom line and the figures say how far the plane is decoded, until the posterior is there")
    func share() throws {
        var session = session()
        session.answers = false
        let request = try #require(requests(session.press(.character("p"))).first)
        func answer(_ news: PosteriorNews) {
            session.send(.worked(WorkAnswer(number: request.number, slot: .posterior, result: .posterior(news))))
        }
        answer(.surveying(share: 0.43))
        #expect(session.text.contains("│ surveying the plane 43 %"))
        session.wait(.seconds(5))
        #expect(session.lines.last { !$0.isEmpty }?.contains("surveying the plane 43 %") == true)
        answer(.found(.made(around: LatentPoint(0, 0), gap: nil)))
        #expect(!session.text.contains("surveying"))
        #expect(session.state.imagesExactPosterior != nil && !session.text.contains("lost"))
        #expect(session.text.contains("exact −log p …"))
        answer(.unavailable)
        #expect(session.text.contains("no exact posterior for this model"))
        #expect(requests(session.press(.right)).isEmpty)
    }

    @Test("Enter goes to the exact mode, and without p to where the encoder puts the image")
    func enter() {
        var session = session()
        session.press(.right, .enter)
        #expect(session.state.explore.point.distance(to: LatentCloud.blobs.mean(of: 1)) < 1e-5)
        session.press(.character("4"), .character("p"), .enter)
        #expect(session.state.explore.point.distance(to: mode(1)) < 1e-5)
    }

    @Test("The drawing has one too, with each change")
    func drawing() throws {
        var session = session()
        session.press(.character("d"), .character("p"))
        #expect(session.state.imagesExactPosterior == nil)
        let effects = session.press(.character(" "), .right)
        #expect(requests(effects).count == 2)
        #expect(session.state.imagesExactPosterior?.mode == PlanePosterior.made(around: Session.drawingMean).mode)
        #expect(session.text.contains("7.2 lost"))
        // The one of a moment ago stays, and its figures as long as there are no newer ones.
        session.answers = false
        let request = try #require(requests(session.press(.right)).first)
        #expect(session.text.contains("7.2 lost"))
        let first = PosteriorNews.found(.made(around: LatentPoint(0, 0), gap: nil))
        session.send(.worked(WorkAnswer(number: request.number, slot: .posterior, result: .posterior(first))))
        #expect(session.state.imagesExactPosterior?.mode == PlanePosterior.made(around: LatentPoint(0, 0)).mode)
        #expect(session.text.contains("7.2 lost"))
        session.press(.escape)
        #expect(!session.text.contains("lost"))
    }

    @Test("Only models of two latents with an encoder have the key")
    func applies() {
        for model in [
            ModelFacts(name: "three", latentCount: 3, width: 28, height: 28),
            ModelFacts(name: "one", latentCount: 1, width: 28, height: 28),
            ModelFacts(name: "decoder", latentCount: 2, width: 28, height: 28, hasEncoder: false),
        ] {
            var session = session(model: model, cloud: nil)
            #expect(!session.state.binds(.character("p"), in: ImagesView.self))
            #expect(requests(session.press(.character("p"))).isEmpty)
        }
        #expect(session().state.binds(.character("p"), in: ImagesView.self))
    }

    @Test("Without a likelihood every key that needs one says so, in the same sentence")
    func withoutLikelihood() {
        var model = ModelFacts.digits
        model.missingLikelihood = "its pixels are of no known kind: name it with --likelihood"
        for key: Unicode.Scalar in ["p", "P", "w", "b"] {
            var session = session(model: model)
            #expect(requests(session.press(.character(key))).isEmpty)
            #expect(session.state.message?.text == "nats need a likelihood: start with --likelihood")
            #expect(!session.state[ImagesView.self].posterior.isShown)
        }
        #expect(!session(model: model).state.told(in: ImagesView.self).contains { $0.help == "the exact posterior" })
        #expect(session().state.told(in: ImagesView.self).contains { $0.help == "the exact posterior" })
    }

    @Test("Other weights ask anew, and what another view saw of it is asked again when one comes back")
    func renewed() {
        var session = session()
        session.press(.right, .character("p"))
        let effects = session.send(.run(.renewed(moment: "epoch 2")))
        #expect(requests(effects).map(\.work) == [.posterior(.image(1))])
        #expect(session.press(.character("1")).contains(.drop(.posterior)))
        // It is known already.
        #expect(requests(session.press(.character("4"))).isEmpty)
        #expect(requests(session.press(.right)).map(\.work) == [.posterior(.image(2))])
    }

    @Test("Tones are one for the densest place, nothing below e^−10 of it, and each cell has its own squares")
    func tones() {
        var masses = [Float](repeating: -.infinity, count: 16)
        // z₀ −1.5, z₁ 0.5; five nats below it one to the right, and far below one above.
        (masses[2 * 4], masses[2 * 4 + 1], masses[3 * 4]) = (-1, -6, -12)
        let posterior = PlanePosterior(
            side: 4, halfExtent: 2, logMasses: masses, mode: LatentPoint(-1.5, 0.5), gap: nil)
        let window = PlaneWindow(-2...2, -2...2)
        let tones = PosteriorHeat.tones(of: posterior, on: PlaneGrid(window, columns: 4, rows: 2, cellRatio: 2))
        #expect(tones == [0, 0, 0, 0, 1, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        let wide = PlaneGrid(PlaneWindow(-4...4, -4...4), columns: 2, rows: 1, cellRatio: 2)
        #expect(PosteriorHeat.tones(of: posterior, on: wide) == [1, 0, 0, 0])
        let close = PlaneGrid(PlaneWindow(-2...0, 0...2), columns: 8, rows: 4, cellRatio: 2)
        #expect(PosteriorHeat.tones(of: posterior, on: close).filter { $0 == 1 }.count == 16)
    }

    @Test("Where part of it lies far out, that is said in place of the parts")
    func cut() {
        var gap = InferenceGap.made
        gap.isCut = true
        let theme = Theme(profile: .plain, borders: .line)
        for columns in [26, 60] {
            let lines = GapLines(gap: gap, theme: theme, columns: columns).lines
            #expect(lines.map { $0.map(\.text).joined() }[1] == "part of it lies far out")
            let whole = GapLines(gap: .made, theme: theme, columns: columns).lines
            #expect(whole.allSatisfy { $0.reduce(0) { $0 + $1.columns } <= columns })
        }
    }
}
