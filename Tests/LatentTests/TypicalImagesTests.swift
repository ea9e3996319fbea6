import Testing

@testable import Latent

@Suite("Typical images")
struct TypicalImagesTests {
    /// Two heaps on a line, class 0 at 0 and class 1 at 4; every tenth image of a heap is of the other class.
    private let mixed: LatentCloud = {
        var generator = SeededGenerator(seed: 3)
        let heaps = (0..<600).map { $0 % 2 }
        let means = heaps.flatMap { heap in [Float(4 * heap) + 0.5 * generator.nextNormal(), generator.nextNormal()] }
        let labels = heaps.indices.map { UInt8($0 % 20 < 2 ? 1 - heaps[$0] : heaps[$0]) }
        return LatentCloud(name: "mixed", dimension: 2, means: means, labels: labels)
    }()

    @Test("Those that lie among their own class come first, those among another last")
    func order() throws {
        let images = mixed.typicalImages()
        #expect(zip(images, images.dropFirst()).allSatisfy { $0.agreement >= $1.agreement })
        for image in images.prefix(50) {
            #expect(image.label == UInt8(image.image % 2) && image.agreement >= 0.9)
        }
        #expect(try #require(images.last).agreement < 0.3)
        #expect(Set(images.map(\.image)).count == images.count && images.count == 200)
    }

    @Test("Without labels those come first whose neighbors are near")
    func unlabeled() {
        let images = LatentCloud(name: "plain", dimension: 2, means: mixed.means).typicalImages()
        #expect(images.allSatisfy { $0.label == nil && $0.agreement == 1 })
        #expect(zip(images, images.dropFirst()).allSatisfy { $0.distance <= $1.distance })
    }

    @Test("A code that is not finite is never typical, and no images are none")
    func degenerate() {
        let odd = LatentCloud(
            name: "odd", dimension: 2, means: [.nan, 0, 1, 1, .infinity, 2, 1, 2], labels: [0, 0, 1, 1])
        #expect(Set(odd.typicalImages().map(\.image)) == [1, 3])
        #expect(LatentCloud(name: "none", dimension: 2, means: []).typicalImages().isEmpty)
    }
}
