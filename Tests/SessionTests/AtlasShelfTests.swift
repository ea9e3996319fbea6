import Dispatch
import Explorer
import Geometry
import Latent
import Pictures
import Testing
import VAE

@testable import Session

@Suite("Maps of the plane that walks are found by")
struct AtlasShelfTests {
    /// Quickly mapped: a map has as many cells along its longer side as any.
    private static let strip = PlaneWindow(-3...3, -0.5...0.8)
    private static let ends = (LatentPoint(-1.2, 0.4), LatentPoint(1.1, 0.6))

    private func map(_ metric: WalkMetric, over window: PlaneWindow = strip, at bench: Workbench) {
        let job = AtlasJob(metric, over: window)
        while !job.isDone { #expect(job.advance(at: bench, .milliseconds(3)).isEmpty) }
    }

    @Test("With a whole map a walk takes fewer decodes, and its geodesic is as short")
    func fewer() throws {
        let engine = try WalkJobTests.engine()
        let bench = WalkJobTests.bench(engine)
        let space = try #require(engine.space(of: nil))
        func walk() throws -> (length: Double, decodes: Int) {
            let before = space.decodes
            let job = WalkJob(WalkJobTests.order(Self.ends.0, Self.ends.1), latentCount: 2)
            let paths = WalkJobTests.paths(WalkJobTests.news(of: job, at: bench))
            return (try #require(paths.last?.length), space.decodes - before)
        }
        let without = try walk()
        map(.plain, at: bench)
        #expect(bench.atlases[.plain, nil]?.isComplete(under: .plain) == true)
        let with = try walk()
        #expect(with.decodes < without.decodes / 2)
        #expect(with.length < 1.005 * without.length)
    }

    @Test("The map serves the metric among the data too, and other data cost no decodes")
    func sharing() throws {
        let means = (0..<40).map { Float($0) / 20 - 1 }
        let engine = try WalkJobTests.engine()
        let space = try #require(engine.space(of: nil))
        let bench = WalkJobTests.bench(engine, cloud: LatentCloud(name: "near", dimension: 2, means: means))
        map(.plain, at: bench)
        let before = space.decodes
        map(.density, at: bench)
        let near = bench.atlases.metric(.density, cloud: bench.cloud)
        #expect(bench.atlases[near, nil]?.isComplete(under: near) == true)
        bench.atlases.forgetDensity()
        let other = LatentCloud(name: "far", dimension: 2, means: means.map { $0 + 2 })
        let far = bench.atlases.metric(.density, cloud: other)
        #expect(far != near && bench.atlases[far, nil]?.isUsable(under: far) == false)
        map(.density, at: bench)
        #expect(bench.atlases[far, nil]?.isComplete(under: far) == true && space.decodes == before)
    }

    @Test("Another window's map takes the place of the last, and other weightings have maps of their own")
    func windows() throws {
        let bench = WalkJobTests.bench(try WalkJobTests.engine())
        for metric in [WalkMetric.plain, .fisher] { _ = bench.atlases.advance(metric, over: Self.strip, at: bench) }
        _ = bench.atlases.advance(.plain, over: .prior, at: bench)
        #expect(bench.atlases[.plain, nil]?.window == .prior && bench.atlases[.fisher, nil]?.window == Self.strip)
    }

    @Test("Where it would take too long a map that nobody waits for is given up after some hundred decodes")
    func slow() throws {
        let engine = try WalkJobTests.engine()
        let space = try #require(engine.space(of: nil))
        let bench = WalkJobTests.bench(engine)
        let job = AtlasJob(.plain, over: .prior, within: .nanoseconds(1))
        while !job.isDone { _ = job.advance(at: bench, .milliseconds(3)) }
        #expect(bench.atlases[.plain, nil]?.isComplete(under: .plain) == false && space.decodes < 1000)
    }

    @Test("A model that is opened has no maps of the last")
    func weights() throws {
        let log = EngineLog()
        let bell = DispatchSemaphore(value: 0)
        let inner = try WalkJobTests.model()
        let model = OpenModel(facts: ModelFacts(name: "small", latentCount: 2, width: 4, height: 4)) {
            CountingEngine(ModelEngine(inner, threads: 2), log)
        }
        let thread = EngineThread(model) { bell.signal() }
        var number = 0
        func decodes() -> Int {
            number += 1
            let asked = number
            thread.order { $0.decode = DecodeRequest(number: asked, point: LatentPoint(0, 0)) }
            _ = thread.answers(bell) {
                if case .decoded(let answer) = $0 { answer.request.number == asked } else { false }
            }
            return log.all.last.flatMap(Int.init) ?? 0
        }
        func walk() -> Int {
            let before = decodes()
            let order = WalkJobTests.order(Self.ends.0, Self.ends.1)
            thread.order { $0.work[.walk] = .some(WorkRequest(number: 1, slot: .walk, work: .walk(order))) }
            _ = thread.answers(bell) { event in
                guard case .worked(let answer) = event, case .walk(.found(let path)) = answer.result else {
                    return false
                }
                return path.kind == .geodesic && path.length != nil
            }
            return decodes() - before
        }
        thread.order {
            $0.work[.atlas] = .some(WorkRequest(number: 1, slot: .atlas, work: .atlas(.plain, over: Self.strip)))
        }
        // Nobody says when a map is whole: then nothing more is decoded.
        var last = -1
        while true {
            let now = decodes()
            if now == last, now > 0 { break }
            last = now
            _ = bell.wait(timeout: .now() + .milliseconds(100))
        }
        let with = walk()
        thread.order { $0.open(model) }
        #expect(walk() > 2 * with)
        thread.close()
    }
}

/// Says at each picture how many points went through the decoder for its space.
private final class CountingEngine: LatentEngine {
    private let engine: ModelEngine
    private let log: EngineLog

    init(_ engine: ModelEngine, _ log: EngineLog) { (self.engine, self.log) = (engine, log) }

    var batch: Int { engine.batch }
    func space(of label: ClassMix?) -> DecodedSpace? { engine.space(of: label) }
    func encode(_ images: [Float], labels: [Int]?, count: Int) -> Posteriors? { nil }

    func decode(_ points: [LatentPoint]) -> [Picture] {
        log.note("\(engine.space(of: nil)?.decodes ?? 0)")
        return engine.decode(points)
    }
}
