import Latent
import Testing

@Suite("Latent cloud")
struct LatentCloudTests {
    /// Two classes, left and right of the origin.
    private func twoClasses() -> LatentCloud {
        let means: [Float] = (0..<100).flatMap { image -> [Float] in
            let side: Float = image < 50 ? -0.3 : 0.3
            return [side + 0.01 * Float(image % 10), 0.2 * Float(image % 7)]
        }
        return LatentCloud(
            name: "test", dimension: 2, means: means, deviations: Array(repeating: 0.25, count: 200),
            labels: (0..<100).map { $0 < 50 ? 3 : 8 }, firstIndex: 500)
    }

    @Test("The bandwidth is Scott's")
    func bandwidth() {
        // Variance 1 along both latents, four images: 4^(−1/6).
        let cloud = LatentCloud(name: "", dimension: 2, means: [-1, -1, -1, 1, 1, -1, 1, 1])
        #expect(abs(cloud.bandwidth - 0.793_700_5) < 1e-5)
    }

    @Test("The range is the middle 99 %: outliers do not stretch it")
    func range() {
        let means: [Float] = (0...1_000).flatMap { [Float($0) / 1_000, $0 == 0 ? 900 : 0.5] }
        let cloud = LatentCloud(name: "", dimension: 2, means: means)
        #expect(abs(cloud.ranges[0].lowerBound - 0.005) < 1e-5)
        #expect(abs(cloud.ranges[0].upperBound - 0.995) < 1e-5)
        #expect(cloud.ranges[1] == 0.5...0.5)
    }

    @Test("A draw comes from an image's posterior, and the seed decides it")
    func posteriorDraw() throws {
        let cloud = twoClasses()
        var first = SeededGenerator(seed: 5)
        var second = SeededGenerator(seed: 5)
        var sum: Float = 0
        for _ in 0..<400 {
            let draw = try #require(cloud.posteriorDraw(using: &first))
            let again = try #require(cloud.posteriorDraw(using: &second))
            #expect(draw == again)
            let offset = draw.point[0] - cloud.mean(of: draw.image)[0]
            sum += offset * offset
        }
        let deviation = (sum / 400).squareRoot()
        #expect(abs(deviation - 0.25) < 0.03)
    }
}
