import Cells
import Latent
import Shading
import Testing

@testable import Explorer

@Suite("Keys and news of a training")
struct TrainKeysTests {
    private func requests(_ effects: [Effect]) -> [RunRequest] {
        effects.compactMap { if case .run(let request) = $0 { request } else { nil } }
    }

    @Test("The view opens with the run, and digits switch")
    func digits() {
        var session = Session()
        #expect(session.state.view.card.digit == 1)
        session.send(.run(.began(.digits)))
        #expect(session.state.view.card.digit == 5)
        session.press(.character("1"))
        #expect(session.state.view.card.digit == 1)
        session.press(.character("5"))
        #expect(session.state.view.card.digit == 5)
        session.press(.character("9"))
        #expect(session.state.view.card.digit == 5)
        #expect(session.lines.last?.contains("no such view: 1 Explore, 2 Manifold, 3 Walk, 4 Images, 5 Train") == true)
    }

    @Test("p pauses and goes on, by what the run says it does")
    func pause() {
        var session = Session.training(epochs: 1)
        #expect(requests(session.press(.character("p"))) == [.pause])
        session.send(.run(.phase(.paused)))
        #expect(session.text.contains("paused"))
        #expect(requests(session.press(.character("p"))) == [.proceed])
    }

    @Test("w asks for a checkpoint, + and − change the rate, D detaches")
    func requestKeys() {
        var session = Session.training(epochs: 1)
        #expect(requests(session.press(.character("w"))) == [.checkpoint])
        #expect(requests(session.press(.character("+"))) == [.scaleLearningRate(1.5)])
        #expect(requests(session.press(.character("-"))) == [.scaleLearningRate(1 / 1.5)])
        #expect(requests(session.press(.character("D"))) == [.detach])
    }

    @Test("q and Q ask once; another key takes the question back", arguments: [("q", true), ("Q", false)])
    func stop(key: String, saving: Bool) throws {
        let key = Key.character(try #require(key.unicodeScalars.first))
        var session = Session.training(epochs: 1)
        #expect(session.press(key).isEmpty)
        #expect(session.text.contains("any other key goes on"))
        session.press(.character("z"))
        #expect(!session.text.contains("any other key goes on"))
        #expect(requests(session.press(key)).isEmpty)
        #expect(requests(session.press(key)) == [.stop(saving: saving)])
        #expect(session.text.contains("stopping"))
        #expect(session.send(.run(.phase(.finished("stopped")))) == [.quit])
    }

    @Test("q and then Q are two questions")
    func differentQuestions() {
        var session = Session.training(epochs: 1)
        #expect(session.press(.character("q"), .character("Q")).isEmpty)
        #expect(requests(session.press(.character("Q"))) == [.stop(saving: false)])
    }

    @Test("A signal stops and saves without asking; a second one leaves at once")
    func signal() {
        var session = Session.training(epochs: 1)
        #expect(requests(session.send(.input(.terminated))) == [.stop(saving: true)])
        #expect(session.send(.input(.terminated)) == [.quit])
    }

    @Test("Where a signal asked for the end, the view is left when the run has ended, or at once where it has")
    func stopping() {
        var session = Session.training(epochs: 1)
        #expect(session.send(.run(.phase(.stopping))).isEmpty)
        #expect(session.text.contains("stopping"))
        #expect(session.send(.run(.phase(.finished("stopped and saved")))) == [.quit])
        session = Session.training(epochs: 1)
        #expect(session.send(.run(.phase(.finished("all epochs are done")))).isEmpty)
        #expect(session.send(.run(.phase(.stopping))) == [.quit])
    }

    @Test(
        "Each request is told at once, before the training has answered",
        arguments: [
            ("p", "pausing"), ("w", "writing a checkpoint"), ("+", "raising the learning rate"),
            ("-", "lowering the learning rate"), ("qq", "stopping and saving"), ("QQ", "stopping"),
        ])
    func acknowledged(keys: String, text: String) {
        var session = Session.training(epochs: 1)
        #expect(!session.text.contains(text))
        for key in keys.unicodeScalars { session.press(.character(key)) }
        #expect(session.text.contains(text))
    }

    @Test("q asks in Explore too, as long as the training goes on")
    func quitInExplore() {
        var session = Session.training(epochs: 1)
        session.press(.character("1"))
        #expect(session.press(.character("q")).isEmpty)
        #expect(requests(session.press(.character("q"))) == [.stop(saving: true)])
    }

    @Test("Through, the view stays; keys of its own work, any other leaves")
    func through() {
        var session = Session.training(epochs: 2)
        #expect(session.send(.run(.phase(.finished("all epochs are done")))).isEmpty)
        #expect(session.press(.character("f"), .character("z"), .character("S")).isEmpty)
        #expect(session.press(.enter).allSatisfy { $0 != .quit })
        #expect(session.state.view.card.digit == 1)
        session.press(.character("5"))
        #expect(session.press(.character("x")) == [.quit])
    }

    @Test("A watched run can be looked at, not controlled; q leaves")
    func watched() {
        let facts = RunDescription(name: "run", unit: .natsPerImage, isControlled: false)
        var session = Session.training(epochs: 1, facts: facts)
        for key in ["p", "w", "+", "D", "Q"] {
            #expect(requests(session.type(key)).isEmpty, "\(key)")
        }
        #expect(!session.text.contains("pause"))
        #expect(session.press(.character("q")) == [.quit])
    }

    @Test("Enter opens Explore on the live weights: each new ones decode the point again")
    func liveWeights() {
        var session = Session.training(epochs: 1)
        session.press(.enter, .right)
        let effects = session.send(.run(.renewed(moment: "epoch 2")))
        guard case .decode(let request)? = effects.first else {
            Issue.record("nothing is decoded")
            return
        }
        #expect(request.point == LatentPoint(0.15, 0))
        session.press(.character("5"))
        #expect(
            !session.send(.run(.renewed(moment: "epoch 3"))).contains { if case .decode = $0 { true } else { false } })
    }

    @Test("Pages go through the kept checkpoints with the same points, End comes back to the present")
    func kept() {
        var session = Session.training(epochs: 5)
        let kept = [1, 2, 4].map { KeptCheckpoint(name: "epoch \($0)", path: "checkpoints/\($0)") }
        #expect(requests(session.press(.pageUp)).isEmpty)
        session.send(.run(.kept(kept)))
        let request = session.state[TrainView.self].request
        #expect(requests(session.press(.pageUp)) == [.show(kept[2])])
        #expect(requests(session.press(.pageUp)) == [.show(kept[1])])
        session.renew("epoch 2")
        #expect(session.text.contains("manifold, epoch 2"))
        #expect(session.state[TrainView.self].request == request)
        // One that is thinned out meanwhile does not change what is shown.
        session.send(.run(.kept([kept[1], kept[2]])))
        #expect(session.state[TrainView.self].shown == 0)
        #expect(requests(session.press(.pageUp)).isEmpty)
        #expect(requests(session.press(.end)) == [.show(nil)])
    }

    @Test("Another size asks for other pictures; older ones are not drawn")
    func resized() throws {
        var session = Session.training(epochs: 1)
        let before = try #require(session.state[TrainView.self].request)
        let effects = session.send(.input(.resized(Size(columns: 200, rows: 60))))
        guard case .picture(let after)? = requests(effects).first else {
            Issue.record("no pictures are asked for")
            return
        }
        #expect(after.points.count > before.points.count)
        let old = RunPictures(number: before.number, moment: "old", tiles: [], images: [], reconstructions: [])
        session.send(.run(.pictures(old)))
        #expect(session.text.contains("waiting for the first weights"))
    }

    @Test("Leaving the view asks for no pictures any more")
    func leaving() {
        var session = Session.training(epochs: 1)
        guard case .picture(let request)? = requests(session.press(.character("1"))).first else {
            Issue.record("the pictures are still made")
            return
        }
        #expect(request.points.isEmpty && request.images == 0 && request.wantsCodes)
    }

    @Test("The vertical axis stands still between two doublings of the horizontal one, and fits anew with them")
    func axes() {
        var session = Session.training(epochs: 0.26)
        let early = session.state[TrainView.self].scales
        session.train(to: 0.49, from: 0.26)
        #expect(session.state[TrainView.self].scales.loss?.range.upperBound == early.loss?.range.upperBound)
        session.train(to: 4, from: 0.49)
        let late = session.state[TrainView.self].scales
        #expect((late.loss?.range.upperBound ?? 0) < (early.loss?.range.upperBound ?? 0))
    }

    @Test("Before a validation nothing is said of active latents; afterwards what it found")
    func health() {
        var session = Session.training(epochs: 0.1)
        let type = Typography(glyphs: .blocks, borders: .line)
        // The codes of weights that are an epoch old tell nothing of these.
        session.send(.encoded(LatentCloud(name: "codes", dimension: 2, means: [0, 0, 0, 0])))
        #expect(RunHealth(session.state[TrainView.self], typography: type).active == nil)
        #expect(!session.text.contains("active"))
        session.assess([2.0, 0.001])
        #expect(session.text.contains("1 of 2 latents has collapsed") && session.text.contains("1/2 active"))
        session.assess([2.0, 1.5])
        #expect(session.text.contains("nothing wrong") && session.text.contains("2/2 active"))
    }

    @Test("The KL of each latent is that of the newest assessment, where the log has none")
    func divergences() {
        var session = Session()
        session.send(.run(.began(RunDescription(name: "run", unit: .unknown, isControlled: false))))
        session.assess([0.5, 0.25])
        #expect(session.state[TrainView.self].divergences == [0.5, 0.25])
    }

    @Test("The shading of pictures leaves the curves as they are")
    func shading() {
        var session = Session.training(epochs: 2)
        func curves() -> [Cell] {
            let pane = session.state.trainLayout.loss
            let canvas = Screen.canvas(of: session.state)
            return (pane.row..<pane.row + pane.rows).flatMap { row in
                (pane.column..<pane.column + pane.columns).map { canvas[$0, row] }
            }
        }
        let before = curves()
        var shadings = Set<ShadingMode?>()
        for _ in 0...ShadingMode.allCases.count {
            session.press(.character("s"))
            shadings.insert(session.state.preferences.shading)
            #expect(curves() == before)
        }
        #expect(shadings.count > 2)
    }

    @Test("A failure is the sentence of the health, whole")
    func failure() {
        var session = Session.training(epochs: 1)
        let sentence = "the KL term is not finite at batch 12 of epoch 2, step 442 of the run: try a smaller rate"
        session.send(.run(.phase(.failed(sentence))))
        #expect(session.text.contains("the KL term is not finite at batch 12"))
        #expect(session.text.contains("smaller rate"))
    }

    @Test("Numbers of the progress")
    func numbers() {
        let type = Typography(glyphs: .blocks, borders: .line)
        #expect([0.00081, 1e-3, 9.99e-4, 2, 0].map(type.scientific) == ["8.1e-4", "1.0e-3", "1.0e-3", "2.0e0", "0"])
        #expect([0, 59, 600, 3723].map { type.clock(.seconds($0)) } == ["0:00", "0:59", "10:00", "1:02:03"])
    }

    @Test("Without a run Enter offers to train on the sample, where that can be done from here")
    func sample() {
        var options = Options(showsHints: false)
        var session = Session(columns: 120, rows: 40, options: options, cloud: .blobs)
        session.press(.character("5"))
        #expect(session.press(.enter).isEmpty && !session.text.contains("enter trains"))
        options.offersTraining = true
        session = Session(columns: 120, rows: 40, options: options, cloud: .blobs)
        session.press(.character("5"))
        #expect(session.text.contains("enter trains a small model"))
        #expect(session.press(.enter) == [.trainOnSample])
    }
}
