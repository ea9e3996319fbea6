import Datasets
import Dispatch
import Explorer
import Geometry
import Latent
import Neural
import Testing
import VAE

@testable import Session

@Suite("The stretch of a plane")
struct StretchJobTests {
    /// A decoder of two pixels that are linear in the two latents.
    private static func space(weights: [Float]) throws -> DecodedSpace {
        let shape = try Shape([1, 1, 2])
        let architecture = try Architecture(
            input: shape, latentSize: 2, likelihood: .gaussian(),
            encoder: [.flatten, .linear(inputs: 2, outputs: 4, bias: true)],
            decoder: [.linear(inputs: 2, outputs: 2, bias: false), .unflatten(shape)])
        let weight = Tensor(extents: [2, 2], values: weights)
        let model = try Model(
            architecture: architecture,
            tensors: architecture.initialTensors(seed: 1).merging(["decoder.0.weight": weight]) { $1 })
        return DecodedSpace(model, pool: WorkerPool(threads: 1))
    }

    private static func bench(weights: [Float]) throws -> Workbench {
        Workbench(
            engine: FakeEngine(log: EngineLog(), space: try space(weights: weights)),
            facts: ModelFacts(name: "made", latentCount: 2, width: 2, height: 1), dataset: nil, cloud: nil)
    }

    private func stretches(of job: StretchJob, at bench: Workbench) -> [PlaneStretch] {
        var all: [PlaneStretch] = []
        while !job.isDone {
            for case .stretches(let part, let first) in job.advance(at: bench, .milliseconds(3)) {
                #expect(first == all.count)
                all += part
            }
        }
        return all
    }

    @Test("It is exact: the singular values of the decoder's Jacobian, for every point in order")
    func exact() throws {
        let points = (0..<50).map { LatentPoint(Float($0) / 10, 1) }
        let job = StretchJob(points, on: LatentPlane(latents: 0, 1, dimension: 2), latentCount: 2)
        let all = stretches(of: job, at: try Self.bench(weights: [3, 0, 0, 1]))
        #expect(all.count == 50)
        for stretch in all {
            #expect(abs(stretch.along - 3) < 1e-5 && abs(stretch.across - 1) < 1e-5)
            #expect(abs(abs(stretch.direction.x) - 1) < 1e-5)
            #expect(abs(stretch.magnification - 3) < 1e-5)
        }
    }

    @Test("Directions are those of the plane")
    func turned() throws {
        let plane = try #require(
            LatentPlane((axis: .latent(1), direction: [0, 1]), (axis: .latent(0), direction: [1, 0])))
        let job = StretchJob([LatentPoint(0, 0)], on: plane, latentCount: 2)
        let all = stretches(of: job, at: try Self.bench(weights: [3, 0, 0, 1]))
        #expect(abs(abs(try #require(all.first).direction.y) - 1) < 1e-5)
    }

    @Test("A model of many latents has a stretch on a plane")
    func manyLatents() throws {
        let engine = try WalkJobTests.engine(latents: 40)
        let origin = LatentPoint(Array(repeating: 0, count: 40))
        let job = StretchJob([origin], on: LatentPlane(latents: 3, 35, dimension: 40), latentCount: 40)
        let all = stretches(of: job, at: WalkJobTests.bench(engine, latents: 40))
        #expect(all.count == 1 && all.allSatisfy { $0.along > 0.1 })
    }

    @Test("Where derivatives cannot be had the answer is none, once")
    func refused() {
        let bench = Workbench(
            engine: FakeEngine(log: EngineLog()), facts: ModelFacts(name: "made", latentCount: 2, width: 2, height: 1),
            dataset: nil, cloud: nil)
        let job = StretchJob(
            [LatentPoint(0, 0), LatentPoint(1, 0)], on: LatentPlane(latents: 0, 1, dimension: 2), latentCount: 2)
        let results = job.advance(at: bench, .milliseconds(3))
        guard case .stretches(let none, _)? = results.first else {
            Issue.record("no answer")
            return
        }
        #expect(none.isEmpty && job.isDone)
    }

    @Test("Data are encoded meanwhile: a map that takes long does not keep them away")
    func turns() {
        let bell = DispatchSemaphore(value: 0)
        let model = OpenModel(facts: ModelFacts(name: "made", latentCount: 2, width: 28, height: 28)) {
            FakeEngine(log: EngineLog(), space: try? Self.space(weights: [3, 0, 0, 1]))
        }
        let thread = EngineThread(model) { bell.signal() }
        let points = Array(repeating: LatentPoint(0, 0), count: 400_000)
        let work = Work.stretch(points, on: LatentPlane(latents: 0, 1, dimension: 2))
        thread.order { $0.work[.stretch] = .some(WorkRequest(number: 1, slot: .stretch, work: work)) }
        let data = Dataset(
            name: "made", split: .test, height: 28, width: 28, pixels: Array(repeating: 9, count: 300 * 784),
            labels: nil)
        thread.order { $0.data = .encode(data) }
        let all = thread.answers(bell) { if case .encoded(let cloud) = $0 { cloud?.count == 300 } else { false } }
        let known = all.reduce(0) { count, event in
            guard case .worked(let answer) = event, case .stretches(let part, _) = answer.result else { return count }
            return count + part.count
        }
        #expect(known < points.count)
        thread.close()
    }

    @Test("Points of a model that was open before are not measured")
    func stale() {
        let job = StretchJob([LatentPoint([0, 0, 0])], on: LatentPlane(latents: 0, 1, dimension: 3), latentCount: 2)
        #expect(job.isDone)
    }
}
