import Datasets
import Explorer
import Latent
import Pictures
import Testing
import VAE

@testable import Session

/// A decoder of five latents whose picture has one pixel, which the fourth latent changes most.
private final class WeighingEngine: LatentEngine {
    let batch = 3
    func encode(_ images: [Float], labels: [Int]?, count: Int) -> Posteriors? { nil }

    func decode(_ points: [LatentPoint]) -> [Picture] {
        points.map { point in
            let weights: [Float] = [0.1, 0, 0.02, 0.3, -0.2]
            let value = zip(weights, point.coordinates).reduce(Float(0.5)) { $0 + $1.0 * $1.1 }
            return Picture(width: 1, height: 1, values: [value])
        }
    }
}

@Suite("How far each latent changes the picture")
struct InfluenceJobTests {
    @Test("All latents are asked in pieces, and one answer has them in their order")
    func whole() {
        let facts = ModelFacts(name: "made", latentCount: 5, width: 1, height: 1, hasEncoder: false)
        let bench = Workbench(engine: WeighingEngine(), facts: facts, dataset: nil, cloud: nil)
        let job = InfluenceJob(latentCount: 5)
        var answers: [[Float]] = []
        for _ in 0..<100 where !job.isDone {
            for case .influences(let values) in job.advance(at: bench, .milliseconds(3)) { answers.append(values) }
        }
        #expect(answers.count == 1)
        #expect(zip(answers.first ?? [], [0.15, 0, 0.03, 0.45, 0.3]).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(answers.first?.count == 5)
    }

    @Test("Of many latents as many images are encoded as their codes have room for")
    func part() {
        let data = Dataset(
            name: "made", split: .test, height: 1, width: 1, pixels: [UInt8](repeating: 0, count: 10_000))
        #expect(Encoding.part(of: data, latentCount: 2).count == 10_000)
        #expect(Encoding.part(of: data, latentCount: 4096).count == 2048)
    }
}
