import Cells
import Latent
import Testing

@testable import Explorer

@Suite("What the pad says of a drawing")
struct RecognitionTests {
    private func session(columns: Int = 120, rows: Int = 40, cloud: LatentCloud? = .blobs) -> Session {
        var session = Session(
            columns: columns, rows: rows, options: Options(isAnimated: false, showsHints: false), cloud: cloud)
        session.press(.character("4"), .character("d"))
        return session
    }

    private func words(_ session: Session) -> String {
        session.lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    }

    @Test("It is taken for what the data are where the answer puts it, and the nearest image is named and shown")
    func recognized() throws {
        var session = session()
        #expect(!session.text.contains("looks like"))
        session.press(.character(" "), .right)
        let shares = LatentCloud.blobs.classShares(around: Session.drawingMean)
        let best = try #require(shares.parts.first)
        #expect(session.text.contains("looks like \(best.label), \(Int((best.share * 100).rounded())) %"))
        let nearest = try #require(LatentCloud.blobs.tree.nearest(to: Session.drawingMean))
        #expect(
            session.text.contains(
                "nearest #\(nearest.index) “\(try #require(LatentCloud.blobs.labels)[nearest.index])”"))
        let view = session.state[ImagesView.self]
        #expect(view.nearestRect(session.state.shared) != nil && view.neighbors[nearest.index] != nil)
        session.press(.character("x"))
        #expect(!session.text.contains("looks like"))
    }

    @Test("Where nothing is near, or there are no data, nothing is made up")
    func unknown() {
        let far = LatentCloud(
            name: "far", dimension: 2, means: (0..<400).map { 50 + Float($0 % 7) * 0.01 }, deviations: nil,
            labels: (0..<200).map { UInt8($0 % 10) })
        var session = session(cloud: far)
        session.press(.character(" "), .right)
        #expect(session.text.contains("no data near") && !session.text.contains("looks like"))
        var alone = self.session(cloud: nil)
        alone.press(.character(" "), .right)
        #expect(!alone.text.contains("looks like") && !alone.text.contains("nearest"))
    }

    @Test("An empty pad invites, to draw a digit only where the data are digits")
    func invites() {
        #expect(words(session()).contains("draw a digit with the"))
        let blobs = LatentCloud.blobs
        let named = LatentCloud(
            name: "sample", dimension: 2, means: blobs.means, deviations: blobs.deviations, labels: blobs.labels,
            classNames: ["T-shirt", "Trouser"])
        for cloud in [named, nil] { #expect(words(session(cloud: cloud)).contains("draw something with the")) }
        var session = session()
        session.press(.character(" "))
        #expect(!words(session).contains("draw a digit"))
    }
}
