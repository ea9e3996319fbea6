import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("Whose answer the Images view shows")
struct ImageAnswerTests {
    private func session(
        columns: Int = 120, rows: Int = 40, model: ModelFacts = .digits, inference: InferenceMethod = .encoder,
        cloud: LatentCloud? = .blobs
    ) -> Session {
        var session = Session(
            columns: columns, rows: rows, model: model,
            options: Options(isAnimated: false, showsHints: false, inference: inference), cloud: cloud)
        session.press(.character("4"))
        return session
    }

    private func works(_ effects: [Effect], _ slot: WorkSlot) -> [Work] {
        effects.works.filter { $0.slot == slot }.map(\.work)
    }

    @Test(
        "Titles and figures say whose they are, and the ellipse is its own",
        arguments: [(80, 24), (120, 40), (200, 60)],
        ["refined", "refined-posterior", "exact"])
    func screen(size: (columns: Int, rows: Int), what: String) throws {
        var session = session(columns: size.columns, rows: size.rows)
        session.press(.right, .character("P"))
        if what == "refined-posterior" { session.press(.character("p")) }
        if what == "exact" { session.press(.character("P")) }
        session.wait(.seconds(5))
        try expect(Screen.canvas(of: session.state), matches: "images-\(what)-\(size.columns)x\(size.rows)")
    }

    @Test("P goes from the encoder's to a refined and to the exact one and back, each with a word")
    func cycle() {
        var session = session()
        session.press(.right)
        #expect(works(session.press(.character("P")), .reconstruction) == [.reconstruct(.image(1), by: .refined)])
        #expect(session.text.contains("refined: three steps from the encoder's answer uphill"))
        #expect(session.text.contains(" reconstruction, refined ") && session.text.contains(" posterior, refined "))
        #expect(session.text.contains("−ELBO 136.2 refined, at μ"))
        let effects = session.press(.character("P"))
        #expect(works(effects, .reconstruction).isEmpty)
        #expect(works(effects, .posterior) == [.posterior(.image(1), against: .exact)])
        #expect(session.text.contains(" reconstruction, exact ") && session.text.contains("−log p 134.0 nats, exact"))
        #expect(session.press(.character("P")).contains(.drop(.posterior)))
        #expect(session.state.imagesInference == .encoder && session.text.contains("the encoder's answer"))
        #expect(session.text.contains("−ELBO 141.2 nats at μ") && !session.text.contains(", exact"))
    }

    @Test("As long as an answer is on its way, what is there says whose it is, and no figure is another's")
    func waiting() throws {
        var session = session()
        session.press(.right, .character("P"))
        session.answers = false
        let asked = session.press(.character("P")).works.filter { $0.slot == .posterior }
        #expect(session.text.contains(" reconstruction, refined "))
        #expect(session.text.contains("exact −log p …") && !session.text.contains("136.2"))
        session.press(.enter)
        #expect(session.text.contains("the answer is on its way"))
        let number = try #require(asked.first?.number)
        session.send(
            .worked(WorkAnswer(number: number, slot: .posterior, result: .posterior(.surveying(share: 0.43)))))
        #expect(session.text.contains("surveying the plane 43 %"))
        session.answer(asked)
        #expect(session.text.contains(" reconstruction, exact ") && session.text.contains("−log p 134.0"))
    }

    @Test("As long as an image is refined, it says so, also where nothing was measured before")
    func refining() {
        var session = session()
        session.answers = false
        session.press(.right, .character("P"))
        #expect(session.text.contains("refining …"))
    }

    @Test("Enter goes to where the answer puts the image")
    func enter() {
        let mean = LatentCloud.blobs.mean(of: 1)
        for (presses, expected) in [
            (1, LatentPoint(mean.coordinates.map { 0.8 * $0 })), (2, PlanePosterior.made(around: mean).mode),
        ] {
            var session = session()
            session.press(.right)
            for _ in 0..<presses { session.press(.character("P")) }
            session.press(.enter)
            #expect(session.state.explore.point.distance(to: expected) < 1e-5)
        }
    }

    @Test("What the exact posterior shows is what the shown answer loses, and the exact one loses nothing")
    func gap() {
        var session = session()
        session.press(.right, .character("p"))
        #expect(session.text.contains("6.9 the encoder's place"))
        #expect(works(session.press(.character("P")), .posterior) == [.posterior(.image(1), against: .refined)])
        #expect(session.text.contains("2.2 nats lost") && session.text.contains("1.9 the refined place"))
        session.press(.character("P"))
        #expect(!session.text.contains("lost") && session.text.contains("−log p 134.0 nats, exact"))
        // The map stays when the answer needs it, and goes with p.
        #expect(!session.press(.character("p")).contains(.drop(.posterior)))
        #expect(session.state.imagesExactPosterior == nil && session.state.imagesReconstruction?.inference == .exact)
    }

    @Test("Answers that a model has not are passed over with a word")
    func passed() {
        func facts(_ latents: Int) -> ModelFacts { ModelFacts(name: "m", latentCount: latents, width: 28, height: 28) }
        var three = session(model: facts(3), cloud: nil)
        three.press(.character("P"))
        #expect(three.state.imagesInference == .refined)
        three.press(.character("P"))
        #expect(three.state.imagesInference == .encoder)
        #expect(three.text.contains("the encoder's answer: exact posteriors are for two latents"))
        var many = session(model: facts(40), cloud: nil)
        many.press(.character("P"))
        #expect(many.state.imagesInference == .encoder)
        #expect(many.text.contains("the encoder's answer alone: others are for up to 32 latents"))
        let decoder = ModelFacts(name: "decoder", latentCount: 2, width: 28, height: 28, hasEncoder: false)
        #expect(!session(model: decoder, cloud: nil).state.binds(.character("P"), in: ImagesView.self))
    }

    @Test("Where nothing exact comes of a model, the encoder's answer is there again")
    func unavailable() throws {
        var session = session()
        session.answers = false
        session.press(.right, .character("P"))
        let request = try #require(session.press(.character("P")).works.first { $0.slot == .posterior })
        session.send(
            .worked(WorkAnswer(number: request.number, slot: .posterior, result: .posterior(.unavailable))))
        #expect(session.state.imagesInference == .encoder)
        #expect(session.text.contains("the encoder's answer: this model has no exact posterior"))
        session.press(.character("P"), .character("P"))
        #expect(session.state.imagesInference == .encoder)
    }

    @Test("The start may ask for one, and other data and models keep it where they can")
    func kept() {
        var session = session(inference: .exact)
        #expect(session.text.contains(" reconstruction, exact "))
        let blobs = LatentCloud.blobs
        session.send(
            .encoded(LatentCloud(name: "other", dimension: 2, means: blobs.means, deviations: blobs.deviations)))
        #expect(session.state.imagesInference == .exact)
        session.send(.opened(ModelFacts(name: "three", latentCount: 3, width: 28, height: 28)))
        #expect(session.state.imagesInference == .encoder)
        #expect(
            self.session(
                model: .init(name: "m", latentCount: 40, width: 28, height: 28), inference: .refined, cloud: nil
            )
            .state.imagesInference == .encoder)
    }

    @Test("The drawing is placed by it too")
    func drawing() {
        var session = session(inference: .refined)
        session.press(.character("d"), .character(" "), .right)
        #expect(session.state.imagesReconstruction?.inference == .refined)
        session.press(.character("P"))
        #expect(session.state.imagesReconstruction?.inference == .exact)
        #expect(session.text.contains(" reconstruction, exact "))
        session.press(.right)
        #expect(session.state.imagesReconstruction?.mean == PlanePosterior.made(around: Session.drawingMean).mode)
    }

    @Test("Samples are drawn anew from the answer; of the exact one where it has its mass")
    func samples() throws {
        var session = session(columns: 200, rows: 60)
        session.press(.right)
        let encoder = try #require(session.state[ImagesView.self].samples?.points)
        session.press(.character("P"), .character("P"))
        let exact = try #require(session.state[ImagesView.self].samples)
        #expect(exact.inference == .exact && exact.points != encoder && exact.points.count == encoder.count)
        let mode = PlanePosterior.made(around: LatentCloud.blobs.mean(of: 1)).mode
        for point in exact.points {
            let (x, y) = (point[0] - mode[0], point[1] - mode[1])
            #expect(abs(y - 0.6 * x - 0.5 * x * x) < 0.6 && abs(x) < 1.5)
        }
    }

    @Test("Samples of a drawing are drawn from its own posterior, not from that of a moment ago")
    func drawingSamples() {
        var session = session(columns: 200, rows: 60)
        session.press(.character("d"), .character(" "))
        session.answers = false
        let effects = session.press(.right)
        #expect(works(effects, .samples).isEmpty)
        let before = session.effects.count
        session.answer(effects.works.filter { $0.slot == .reconstruction })
        #expect(works(Array(session.effects[before...]), .samples).count == 1)
    }

    @Test("Images are ordered by the encoder's −ELBO, which is said where another answer is shown")
    func order() {
        var session = session(inference: .refined)
        session.press(.character("w"))
        session.wait(.seconds(5))
        #expect(session.text.contains("worst first by the encoder"))
    }

    @Test("In a narrow pane the lines say whose loss it is and fit")
    func narrow() {
        var gap = InferenceGap.made
        gap.inference = .refined
        let theme = Theme(profile: .plain, borders: .line)
        for columns in [26, 40, 80] {
            let lines = GapLines(gap: gap, theme: theme, columns: columns).lines
            #expect(lines.allSatisfy { $0.reduce(0) { $0 + $1.columns } <= columns })
            #expect(lines.contains { $0.map(\.text).joined().contains("refined") })
        }
    }
}
