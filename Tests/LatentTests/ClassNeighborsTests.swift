import Testing

@testable import Latent

@Suite("Classes of the neighbors")
struct ClassNeighborsTests {
    /// Classes of 100 images each at corners of a square, normal around them.
    private func heaps(_ deviation: Float, classes: Int = 4, dimension: Int = 2, seed: UInt64 = 1) -> LatentCloud {
        var generator = SeededGenerator(seed: seed)
        var means: [Float] = []
        for image in 0..<100 * classes {
            for axis in 0..<dimension {
                let corner = corner(of: image % classes, axis)
                means.append(corner + deviation * generator.nextNormal())
            }
        }
        return LatentCloud(
            name: "", dimension: dimension, means: means, labels: (0..<100 * classes).map { UInt8($0 % classes) })
    }

    private func corner(of label: Int, _ axis: Int) -> Float { axis < 2 ? Float((label >> axis) & 1) : 0 }

    @Test("A heap's middle is of its class; shares add up to one, the greatest first", arguments: [2, 6])
    func middle(dimension: Int) throws {
        let cloud = heaps(0.3, dimension: dimension)
        for label in 0..<4 {
            let place = LatentPoint((0..<dimension).map { corner(of: label, $0) })
            let found = cloud.classShares(around: place)
            #expect(found.parts.first?.label == UInt8(label))
            #expect(found.support == .full)
            #expect(abs(found.parts.reduce(0) { $0 + $1.share } - 1) < 1e-5)
            #expect(zip(found.parts, found.parts.dropFirst()).allSatisfy { $0.share >= $1.share })
        }
    }

    private func striped() -> LatentCloud {
        let means = (0..<2_000).flatMap { (image: Int) -> [Float] in
            [Float(image % 100) / 100, Float(image / 100) / 20]
        }
        let labels = (0..<2_000).map { (image: Int) in UInt8(image % 100 / 5 % 2) }
        return LatentCloud(name: "", dimension: 2, means: means, labels: labels)
    }

    @Test("Stripes much narrower than the whole are told apart, where a kernel as wide as Scott's sees one heap")
    func stripes() {
        let cloud = striped()
        #expect(cloud.bandwidth > 0.05)
        let right = (0..<2_000).filter { image in
            let found = cloud.classShares(around: cloud.mean(of: image), leavingOut: image).parts.first
            return found?.label == cloud.labels?[image]
        }
        #expect(right.count > 1_700)
    }

    @Test("Many neighbors are asked where classes overlap, and few where they are narrow")
    func choosesCount() throws {
        let (apart, mixed) = (try #require(striped().neighbors), try #require(heaps(3).neighbors))
        #expect(apart.count < mixed.count)
    }

    @Test("Shares are as often right as they say")
    func calibrated() {
        let (cloud, others) = (heaps(0.6, seed: 1), heaps(0.6, seed: 2))
        var (said, right): (Float, Float) = (0, 0)
        for image in 0..<others.count {
            guard let first = cloud.classShares(around: others.mean(of: image)).parts.first else { continue }
            said += first.share
            right += first.label == others.labels?[image] ? 1 : 0
        }
        #expect(abs(said - right) < 0.08 * Float(others.count))
    }

    @Test("A little outside of the data the classes are a guess, and far away nothing is said")
    func support() {
        let cloud = heaps(0.1)
        let reach = cloud.neighbors?.reach ?? 0
        #expect(cloud.classShares(around: LatentPoint(0, 0)).support == .full)
        // The heap around the origin reaches to about −0.3.
        #expect(cloud.classShares(around: LatentPoint(-0.2 - 1.5 * reach, 0)).support == .weak)
        let far = cloud.classShares(around: LatentPoint(9, 9))
        #expect(far.support == .none && far.parts.isEmpty)
    }

    @Test("An image that is left out does not tell its own class")
    func leavesOut() {
        var means = (0..<40).flatMap { (image: Int) -> [Float] in [Float(image % 10) / 10, Float(image / 10) / 10] }
        means += [0.45, 0.15]
        let cloud = LatentCloud(
            name: "", dimension: 2, means: means, labels: Array(repeating: 1, count: 40) + [7])
        let place = LatentPoint(0.45, 0.15)
        #expect(cloud.classShares(around: place)[7] > 0)
        #expect(cloud.classShares(around: place, leavingOut: 40)[7] == 0)
    }

    @Test("Halfway between two mirrored classes both have a half")
    func halfway() {
        let cloud = LatentCloud(
            name: "", dimension: 2, means: [-0.1, 0, 0.1, 0, -0.1, 0, 0.1, 0], labels: [1, 2, 1, 2])
        let found = cloud.classShares(around: LatentPoint(0, 0))
        #expect(found[1] > 0 && found[2] > 0)
    }

    @Test("Without labels, of one image, of images at one place and of codes that are no numbers nothing goes wrong")
    func degenerate() {
        #expect(LatentCloud(name: "", dimension: 2, means: [0, 0]).classShares(around: LatentPoint(0, 0)) == .none)
        let none = LatentCloud(name: "", dimension: 2, means: [], labels: [])
        #expect(none.classShares(around: LatentPoint(0, 0)) == .none)
        let one = LatentCloud(name: "", dimension: 2, means: [0, 0], labels: [4])
        #expect(one.classShares(around: LatentPoint(0, 0))[4] == 1)
        let heap = LatentCloud(
            name: "", dimension: 2, means: Array(repeating: 0.5, count: 80), labels: (0..<40).map { UInt8($0 % 2) })
        #expect(heap.classShares(around: LatentPoint(0.5, 0.5)).support == .full)
        #expect(heap.classShares(around: LatentPoint(0.6, 0.5)) == .none)
        let broken = LatentCloud(
            name: "", dimension: 2, means: [.nan, .nan, 0, 0, 0.1, 0], labels: [1, 2, 2])
        #expect(broken.classShares(around: LatentPoint(0, 0))[2] == 1)
    }
}
