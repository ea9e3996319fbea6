import Latent
import Testing

@Suite("Latent spread")
struct LatentSpreadTests {
    /// Three latents: one that the codes use, one that the encoder leaves to the prior, one that is always the same.
    private static let cloud = LatentCloud(
        name: "", dimension: 3, means: (0..<4_000).flatMap { [Float($0) / 2_000 - 1, 0, 0.5] },
        deviations: (0..<4_000).flatMap { _ in [0.001, 1, 0] as [Float] })

    @Test("A latent left to the prior spreads as the prior does")
    func prior() {
        let spread = Self.cloud.spreads[1]
        #expect(abs(spread.deviation - 1) < 0.05)
        #expect(abs(spread.range.upperBound - 2.576) < 0.3 && abs(spread.range.lowerBound + 2.576) < 0.3)
    }

    @Test("A latent in use spreads as its means do")
    func used() {
        let spread = Self.cloud.spreads[0]
        #expect(abs(spread.deviation - 1 / Float(3).squareRoot()) < 0.01)
        #expect(abs(spread.range.upperBound - 0.99) < 0.01)
    }

    @Test("A latent that is always the same has a range all the same")
    func constant() {
        let spread = Self.cloud.spreads[2]
        #expect(spread.range.contains(0.5) && spread.range.upperBound > spread.range.lowerBound && spread.deviation > 0)
    }

    @Test("Two latents need none")
    func two() { #expect(LatentCloud(name: "", dimension: 2, means: [0, 1]).spreads.isEmpty) }
}
