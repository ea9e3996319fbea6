import Cells
import Latent
import Testing

@testable import Explorer

@Suite("The nearest data image")
struct NearestImageTests {
    private func session(columns: Int = 120, rows: Int = 40) -> Session {
        Session(
            columns: columns, rows: rows, options: Options(isAnimated: false, showsHints: false), cloud: .blobs)
    }

    private func images(_ effects: [Effect]) -> [[Int]] {
        effects.works.filter { $0.slot == .images }.compactMap {
            if case .images(let images) = $0.work { images } else { nil }
        }
    }

    @Test(
        "Its picture stands beside what is known of the point where there is room", arguments: [(120, 40), (200, 60)])
    func shown(columns: Int, rows: Int) throws {
        let session = session(columns: columns, rows: rows)
        let nearest = try #require(session.state.reading.nearest)
        #expect(images(session.effects).last == [nearest.image])
        let code = try #require(session.state.cloud).mean(of: nearest.image)
        #expect(session.state[ExploreView.self].images.shown == .ring(at: code))
        #expect(session.text.contains(" nearest ┤"))
    }

    @Test("Where there is none, nobody asks for it")
    func small() {
        let session = session(columns: 80, rows: 24)
        #expect(images(session.effects).isEmpty)
        #expect(session.text.contains("│ nearest"))
    }

    @Test("Steps there and back ask for each image once")
    func cached() {
        var session = session()
        for _ in 0..<6 { session.press(.right) }
        let asked = images(session.effects)
        for _ in 0..<6 { session.press(.left) }
        #expect(images(session.effects) == asked)
        #expect(Set(asked.flatMap { $0 }).count == asked.count && asked.count > 1)
    }

    @Test("Until the newer one has come, the one before is seen; an older answer is nobody's")
    func stale() throws {
        var session = session()
        session.answers = false
        let before = session.state[ExploreView.self].images.shown
        session.press(.shiftRight, .shiftUp, .shiftRight)
        let requests = session.effects.works.filter { $0.slot == .images }
        #expect(session.state[ExploreView.self].images.shown == before)
        try #require(requests.count >= 3)
        let old = requests[requests.count - 2]
        session.send(
            .worked(
                WorkAnswer(
                    number: old.number, slot: .images, result: .pictures([.ring(at: LatentPoint(0, 0))], first: 0))))
        #expect(session.state[ExploreView.self].images.shown == before)
    }

    @Test("With other data other images have their numbers")
    func otherData() {
        var session = session()
        let count = images(session.effects).count
        let other = LatentCloud(
            name: "other", dimension: 2, means: LatentCloud.blobs.means, deviations: LatentCloud.blobs.deviations)
        session.send(.encoded(other))
        #expect(images(session.effects).count == count + 1)
        session.send(.encoded(nil))
        #expect(!session.text.contains(" nearest ┤"))
    }
}
