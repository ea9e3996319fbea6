import Explorer
import Latent
import Neural
import Pictures
import Testing
import VAE

@testable import Session

@Suite("Finding walks")
struct WalkJobTests {
    /// A decoder of two latents whose images bend, so that paths differ.
    static func engine(latents: Int = 2) throws -> ModelEngine {
        ModelEngine(try model(latents: latents), threads: 2)
    }

    static func model(latents: Int = 2) throws -> Model {
        let architecture = try Architecture(
            input: Shape([1, 4, 4]), latentSize: latents, likelihood: .gaussian(),
            encoder: [.flatten, .linear(inputs: 16, outputs: 2 * latents, bias: true)],
            decoder: [
                .linear(inputs: latents, outputs: 24, bias: true), .activation(.tanh),
                .linear(inputs: 24, outputs: 16, bias: true), .unflatten(Shape([1, 4, 4])),
            ])
        let weights: [Float] = (0..<24 * latents).map { index in Float(index * 37 % 23) / 8 - 1.4 }
        let second: [Float] = (0..<384).map { index in Float(index * 53 % 31) / 40 - 0.35 }
        let tensors = architecture.initialTensors(seed: 3).merging([
            "decoder.0.weight": Tensor(extents: [24, latents], values: weights),
            "decoder.2.weight": Tensor(extents: [16, 24], values: second),
            "decoder.2.bias": Tensor(extents: [16], values: Array(repeating: 0.5, count: 16)),
        ]) { $1 }
        return try Model(architecture: architecture, tensors: tensors)
    }

    static func bench(_ engine: any LatentEngine, latents: Int = 2, cloud: LatentCloud? = nil) -> Workbench {
        Workbench(
            engine: engine, facts: ModelFacts(name: "small", latentCount: latents, width: 4, height: 4), dataset: nil,
            cloud: cloud)
    }

    static func order(
        _ start: LatentPoint, _ end: LatentPoint, _ metric: WalkMetric = .plain, frames: Int = 24
    ) -> WalkOrder {
        WalkOrder(start: start, end: end, metric: metric, frames: frames)
    }

    static func news(of job: WalkJob, at bench: Workbench) -> [WalkNews] {
        var news: [WalkNews] = []
        var pieces = 0
        while !job.isDone, pieces < 100_000 {
            for result in job.advance(at: bench, .milliseconds(3)) {
                if case .walk(let word) = result { news.append(word) }
            }
            pieces += 1
        }
        return news
    }

    static func paths(_ news: [WalkNews]) -> [WalkPath] {
        news.compactMap { if case .found(let path) = $0 { path } else { nil } }
    }

    @Test("Straight and spherical come before the geodesic, each from one end to the other with all its pictures")
    func order() throws {
        let bench = Self.bench(try Self.engine())
        let (start, end) = (LatentPoint(-1.2, 0.4), LatentPoint(1.1, 0.6))
        let paths = Self.paths(
            Self.news(of: WalkJob(Self.order(start, end), latentCount: 2), at: bench))
        #expect(paths.map(\.kind) == [.straight, .straight, .spherical, .spherical, .geodesic, .geodesic])
        for path in paths {
            #expect(path.points.count == 24 && path.pictures.count == 24 && path.steps.count == 23)
            #expect(path.points.first == start && path.points.last == end)
        }
        // Each is shown before it is measured.
        #expect(paths.map { $0.length == nil } == [true, false, true, false, true, false])
    }

    @Test("The geodesic is no longer than the others, and its pictures change evenly within 5 %", arguments: [2, 3])
    func geodesic(latents: Int) throws {
        let bench = Self.bench(try Self.engine(latents: latents), latents: latents)
        let start = LatentPoint((0..<latents).map { $0 == 0 ? -1.2 : 0.4 })
        let end = LatentPoint((0..<latents).map { $0 == 0 ? 1.1 : 0.6 })
        let paths = Self.paths(
            Self.news(of: WalkJob(Self.order(start, end), latentCount: latents), at: bench))
        let lengths = Dictionary(paths.compactMap { path in path.length.map { (path.kind, $0) } }) { $1 }
        let geodesic = try #require(lengths[.geodesic])
        #expect(geodesic <= (try #require(lengths[.straight])) * 1.001)
        #expect(geodesic <= (try #require(lengths[.spherical])) * 1.001)
        let steps = try #require(paths.last).steps
        let mean = steps.reduce(0, +) / Double(steps.count)
        #expect(steps.allSatisfy { abs($0 - mean) < 0.05 * mean })
        // The straight one's are not, else this would say nothing.
        let straight = try #require(paths.first).steps
        let straightMean = straight.reduce(0, +) / Double(straight.count)
        #expect(straight.contains { abs($0 - straightMean) > 0.05 * straightMean })
    }

    @Test("By the density lengths are others, where there are data")
    func density() throws {
        let engine = try Self.engine()
        let means = (0..<60).flatMap { index -> [Float] in
            let (across, up) = (Float(index % 10), Float(index / 10))
            return [across / 5 - 1, up / 5 + 0.8]
        }
        let cloud = LatentCloud(name: "above", dimension: 2, means: means)
        func straight(_ metric: WalkMetric, _ cloud: LatentCloud?) throws -> Double {
            let job = WalkJob(Self.order(LatentPoint(-1, 0), LatentPoint(1, 0), metric, frames: 3), latentCount: 2)
            let bench = Self.bench(engine, cloud: cloud)
            while !job.isDone {
                for case .walk(.found(let path)) in job.advance(at: bench, .milliseconds(3)) {
                    if let length = path.length { return length }
                }
            }
            return 0
        }
        let plain = try straight(.plain, cloud)
        #expect(try straight(.density, cloud) > 1.2 * plain)
        // Summed in other pieces: equal but for rounding.
        #expect(abs(try straight(.density, nil) - plain) < 1e-6 * plain)
    }

    @Test("An engine without a space gives the lines, and no geodesic")
    func withoutSpace() {
        let job = WalkJob(Self.order(LatentPoint(-1, 0), LatentPoint(1, 1), frames: 5), latentCount: 2)
        let bench = Workbench(
            engine: FakeEngine(log: EngineLog()),
            facts: ModelFacts(name: "fake", latentCount: 2, width: 28, height: 28),
            dataset: nil, cloud: nil)
        let news = Self.news(of: job, at: bench)
        #expect(Self.paths(news).map(\.kind) == [.straight, .spherical])
        #expect(Self.paths(news).allSatisfy { $0.length == nil && $0.pictures.count == 5 })
        guard case .noGeodesic = news.last else {
            Issue.record("nobody said that there is no geodesic")
            return
        }
    }

    @Test("A model of too many latents for a geodesic has the lines with their lengths, and says how many are possible")
    func manyLatents() throws {
        let ends = [Float(-0.5), 0.5].map { LatentPoint(Array(repeating: $0, count: 33)) }
        let job = WalkJob(Self.order(ends[0], ends[1], frames: 5), latentCount: 33)
        let news = Self.news(of: job, at: Self.bench(try Self.engine(latents: 33), latents: 33))
        #expect(Self.paths(news).compactMap(\.length).count == 2)
        guard case .noGeodesic(let reason) = news.last else {
            Issue.record("nobody said that there is no geodesic")
            return
        }
        #expect(reason.contains("up to 32 latents") && reason.contains("this one has 33"))
    }

    @Test("Both ends may be the same point; points of another model are nobody's")
    func corners() throws {
        let bench = Self.bench(try Self.engine())
        let point = LatentPoint(0.3, 0.2)
        let paths = Self.paths(Self.news(of: WalkJob(Self.order(point, point), latentCount: 2), at: bench))
        #expect(paths.last?.kind == .geodesic)
        // One point's pictures differ in their last bits by where in a batch they are decoded.
        #expect(try #require(paths.last?.length) < 1e-4)
        #expect(WalkJob(Self.order(point, LatentPoint([1])), latentCount: 2).isDone)
    }

    @Test("A piece ends soon: the engine's thread is free for a key in between")
    func pieces() throws {
        let bench = Self.bench(try Self.engine())
        let job = WalkJob(Self.order(LatentPoint(-1.2, 0.4), LatentPoint(1.1, 0.6)), latentCount: 2)
        var pieces = 0
        while !job.isDone {
            _ = job.advance(at: bench, .zero)
            pieces += 1
        }
        #expect(pieces > 20)
    }
}
