import Latent
import Testing

@Suite("Latent direction")
struct LatentDirectionTests {
    @Test("It has unit length, whatever it was made of")
    func unit() throws {
        let direction = try #require(LatentDirection(name: "slant", vector: [3, -4]))
        #expect(direction.vector == [0.6, -0.8])
        #expect(direction.point(5, from: LatentPoint(1, 1)) == LatentPoint(4, -3))
    }

    @Test(
        "Nothing, and what is no number, has no direction",
        arguments: [[0, 0], [.nan, 1], [.infinity, 0]] as [[Float]])
    func none(vector: [Float]) { #expect(LatentDirection(name: "", vector: vector) == nil) }

    @Test("A class's mean is that of its codes that are numbers")
    func classMean() {
        let cloud = LatentCloud(
            name: "", dimension: 2, means: [0, 0, 2, 4, .nan, 0, 9, 9], labels: [1, 1, 1, 2])
        #expect(cloud.mean(ofClass: 1) == LatentPoint(1, 2))
        #expect(cloud.mean(ofClass: 3) == nil)
    }
}
