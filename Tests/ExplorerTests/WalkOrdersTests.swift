import Latent
import Testing

@testable import Explorer

@Suite("What the Walk view asks for")
struct WalkOrdersTests {
    @Test("Before the view is seen the plane's map is asked for, once a window and metric, where there are two latents")
    func firstAtlas() throws {
        func metrics(_ effects: [Effect]) -> [WalkMetric] {
            effects.compactMap(\.workRequest).compactMap { request in
                guard request.slot == .firstAtlas, case .atlas(let metric, _, _, ifQuick: true) = request.work else {
                    return nil
                }
                return metric
            }
        }
        var session = Session(cloud: .blobs)
        #expect(metrics(session.effects) == [.plain, .density])
        #expect(metrics(session.send(.tick)).isEmpty)
        session.press(.character("3"))
        #expect(metrics(session.effects).count == 2)
        #expect(metrics(session.send(.encoded(nil))) == [.plain])
        #expect(metrics(session.send(.opened(.digits))) == [.plain])
        let deep = ModelFacts(name: "deep", latentCount: 8, width: 28, height: 28)
        #expect(metrics(session.send(.opened(deep))).isEmpty)
    }
}
