import Datasets
import Neural
import Testing
import VAE

@testable import Training

@Suite("What is said before a run")
struct ForesightTests {
    /// Images in which `directions` pixels vary by themselves with a standard deviation of a fifth.
    private func images(_ directions: Int, count: Int = 300) -> Dataset {
        var generator = CounterGenerator(seed: 5, purpose: .exploration)
        let normals = generator.normals(16 * count)
        let pixels = normals.indices.map { index in
            index % 16 < directions ? UInt8(max(0, min(255, 128 + 51 * normals[index]))) : 128
        }
        return Dataset(name: "spots", split: .train, height: 4, width: 4, pixels: pixels)
    }

    @Test("As many latents are supported as principal components vary by more than β times the decoder's variance")
    func support() throws {
        // The components' variances are about 0.04.
        let support = try #require(LatentSupport(images(5), variance: 0.01, beta: 1))
        #expect(support.components == 5 && !support.isCut)
        #expect(LatentSupport(images(5), variance: 0.01, beta: 10)?.components == 0)
        #expect(LatentSupport(images(5), variance: 0.01, beta: 0) == nil)
        #expect(LatentSupport(images(5, count: 1), variance: 0.01, beta: 1) == nil)
    }

    @Test(
        "The count is that of the whole covariance of the pixels",
        arguments: [0.001, 0.02, 0.03, 0.035, 0.038, 0.042, 0.1])
    func wholeCovariance(threshold: Double) throws {
        let data = images(9)
        var means = [Double](repeating: 0, count: 16)
        for index in 0..<data.count {
            for (pixel, value) in data.image(index).enumerated() { means[pixel] += Double(value) / Double(data.count) }
        }
        var covariance = [Double](repeating: 0, count: 256)
        for index in 0..<data.count {
            let image = data.image(index).map(Double.init)
            for one in 0..<16 {
                for other in 0..<16 {
                    let product = (image[one] - means[one]) * (image[other] - means[other])
                    covariance[one * 16 + other] += product / Double(data.count)
                }
            }
        }
        let whole = eigenvalues(of: covariance, size: 16, above: threshold)
        #expect(try #require(LatentSupport(data, variance: threshold, beta: 1)).components == whole)
    }

    @Test("Images that follow each other in turns are all seen")
    func turns() throws {
        // Each second image is gray.
        var pixels = [UInt8](repeating: 128, count: 1024 * 16)
        for image in stride(from: 1, to: 1024, by: 2) { pixels[image * 16 + image / 2 % 3] = 255 }
        let data = Dataset(name: "turns", split: .train, height: 4, width: 4, pixels: pixels)
        #expect(try #require(LatentSupport(data, variance: 0.001, beta: 1)).components == 3)
    }

    @Test("Eigenvalues above a threshold are counted, those upon it are not")
    func inertia() {
        // Eigenvalues 1, 2 and 4 of a matrix that is not diagonal.
        let matrix = [1.5, 0, 0, 0.5, 1.5, 0, 0, 0, 4]
        for (threshold, count) in [(0.5, 3), (1.5, 2), (3.0, 1), (4.0, 0), (5.0, 0)] {
            #expect(eigenvalues(of: matrix, size: 3, above: threshold) == count, "above \(threshold)")
        }
        #expect(eigenvalues(of: [1, 0, 0, 2], size: 2, above: 1) == 1)
    }

    private func foresight(
        _ likelihood: Likelihood, latents: Int, _ change: (inout TrainingSettings) -> Void = { _ in }
    ) throws -> [String] {
        let architecture = try Architecture(
            input: Shape([1, 4, 4]), latentSize: latents, likelihood: likelihood,
            encoder: [.flatten, .linear(inputs: 16, outputs: 2 * latents)],
            decoder: [.linear(inputs: latents, outputs: 16), .activation(.sigmoid), .unflatten(Shape([1, 4, 4]))])
        var settings = TrainingSettings.short(epochs: 10)
        change(&settings)
        return Trainer(
            recipe: "test", architecture: architecture, settings: settings, pool: WorkerPool(threads: 1), now: { 0 }
        ).foresight(on: images(5))
    }

    @Test("A Gaussian decoder with more latents than the data support is told of, a Bernoulli one is not")
    func sentence() throws {
        let sentence = try #require(try foresight(.gaussian(.fixed(0.01)), latents: 8).first)
        #expect(sentence.contains("about 5 latents") && sentence.contains("3 of 8 are likely to collapse"))
        #expect(try foresight(.gaussian(.fixed(1)), latents: 8).first?.contains("all are likely to collapse") == true)
        #expect(try foresight(.gaussian(.fixed(0.01)), latents: 5).first?.contains("collapse") == false)
        #expect(try foresight(.bernoulli, latents: 8).isEmpty)
    }

    @Test("A warm-up that is longer than the run is told of, with the weight that the run ends with")
    func warmup() throws {
        let sentences = try foresight(.bernoulli, latents: 2) { settings in
            settings.klWarmup = .linear(epochs: 40)
            settings.beta = 2
        }
        #expect(sentences.count == 1)
        #expect(sentences.first?.contains("ends at 0.5, not at 2") == true)
        #expect(try foresight(.bernoulli, latents: 2) { $0.klWarmup = .linear(epochs: 10) }.isEmpty)
    }
}
