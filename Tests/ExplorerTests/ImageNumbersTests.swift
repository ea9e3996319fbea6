import Cells
import Latent
import Pictures
import Testing

@testable import Explorer

@Suite("An image's figures")
struct ImageNumbersTests {
    private func session(columns: Int = 80, rows: Int = 24, profile: TerminalProfile = .plain) -> Session {
        var session = Session(
            columns: columns, rows: rows, profile: profile, options: Options(isAnimated: false, showsHints: false),
            cloud: .blobs)
        session.press(.character("4"))
        return session
    }

    private func own(_ session: Session) -> ImagesView { session.state[ImagesView.self] }

    private func requests(_ effects: [Effect], _ slot: WorkSlot) -> [WorkRequest] {
        effects.compactMap(\.workRequest).filter { $0.slot == slot }
    }

    @Test("Other weights reconstruct the same image anew, and no figure of the old ones is seen meanwhile")
    func renewed() {
        var session = session()
        session.press(.right)
        session.wait(.seconds(5))
        #expect(session.text.contains("ELBO 141.2"))
        let mean = session.state.theme.typography.signed(LatentCloud.blobs.mean(of: 1)[0], digits: 2)
        #expect(session.text.contains("μ " + mean))
        session.answers = false
        let effects = session.send(.run(.renewed(moment: "epoch 2")))
        let asked = requests(effects, .reconstruction)
        #expect(asked.map(\.work) == [.reconstruct(.image(1))])
        #expect(!session.text.contains("141.2") && session.text.contains("ELBO …"))
        // The codes are the old weights' too.
        #expect(session.state.imagesPosterior == nil && !session.text.contains("μ " + mean))
        session.answer(asked)
        #expect(session.text.contains("ELBO 141.2") && session.text.contains("μ " + mean))
        session.press(.right)
        #expect(session.state.imagesPosterior == nil)
        session.send(.encoded(.blobs))
        #expect(session.state.imagesPosterior != nil)
    }

    @Test("Another model shows nothing of the one before")
    func opened() {
        var session = session()
        session.answers = false
        let asked = requests(session.press(.right), .reconstruction)
        session.send(.opened(ModelFacts(name: "other", latentCount: 2, width: 28, height: 28)))
        session.send(.encoded(.blobs))
        session.answer(asked)
        #expect(session.state.imagesReconstruction == nil && own(session).shown == nil)
        #expect(!session.text.contains("ELBO"))
    }

    @Test("The sum of a drawing or an image is shown as a whole on the smallest screen")
    func sum() {
        var session = session(columns: 60, rows: 20)
        #expect(session.text.contains("= 134.0 pixels + 7.2 KL"))
        session.press(.character("d"), .character(" "))
        #expect(session.text.contains("−ELBO 141.2  = 134.0 pixels + 7.2 KL"))
    }

    @Test("Where there is ASCII alone, mean and deviation are named in words, one column below the other")
    func ascii() throws {
        let lines = session(profile: .ascii).lines
        let mean = try #require(lines.first { $0.contains("mu    ") })
        let deviation = try #require(lines.first { $0.contains("sigma ") })
        let columns = [mean, deviation].map { line in
            line.firstIndex(of: ".").map { line.distance(from: line.startIndex, to: $0) }
        }
        #expect(columns[0] != nil && columns[0] == columns[1])
    }
}
