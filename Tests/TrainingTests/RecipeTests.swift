import Inference
import Neural
import Testing
import Training
import VAE

@Suite("Recipes")
struct RecipeTests {
    @Test("Every recipe has a name of its own, settings that can be, and a network")
    func all() throws {
        #expect(Set(Recipe.all.map(\.name)).count == Recipe.all.count)
        for recipe in Recipe.all {
            #expect(Recipe.named(recipe.name)?.summary == recipe.summary)
            try recipe.settings.check()
            #expect(try recipe.architecture().image == Shape([1, 28, 28]))
        }
        #expect(Recipe.named("none") == nil)
    }

    @Test("Keras' example has the parameters that its summaries show, by layer")
    func keras() throws {
        let architecture = try Recipe.kerasExample.architecture()
        #expect(architecture.encoder?.learnedCount == 69_076 && architecture.decoder.learnedCount == 65_089)
        #expect(architecture.latentSize == 2)
        let settings = Recipe.kerasExample.settings
        #expect(settings.epochs == 30 && settings.batchSize == 128 && settings.learningRate == 1e-3)
        #expect(settings.optimizer == .adam && settings.schedule == .constant)
    }

    @Test("PyTorch's example is 784–400–20")
    func pytorch() throws {
        let architecture = try Recipe.pytorchExample.architecture()
        #expect(architecture.latentSize == 20 && architecture.parameterCount == 652_824)
        let settings = Recipe.pytorchExample.settings
        #expect(settings.epochs == 10 && settings.batchSize == 128 && settings.learningRate == 1e-3)
    }

    @Test("The small one has fewer than 100,000 parameters")
    func small() throws {
        #expect(try Recipe.smallConvolutional.architecture().parameterCount < 100_000)
    }

    @Test("Networks adapt to images, latents and likelihoods, up to 32 latents and beyond", arguments: Recipe.all)
    func adapts(recipe: Recipe) throws {
        for latents in [1, 2, 32, 64] {
            let request = NetworkRequest(
                channels: 3, height: 32, width: 20, latentSize: latents, likelihood: .gaussian(.learned))
            let architecture = try recipe.architecture(request)
            #expect(try architecture.image == Shape([3, 32, 20]))
            #expect(architecture.latentSize == latents && architecture.likelihood == .gaussian(.learned))
        }
    }

    @Test("The default computes its encoder for a plane, and learns one for more latents")
    func standard() throws {
        let plane = try Recipe.standard.architecture()
        #expect(LatticeEncoder(plane) != nil && plane.parameterCount * 4 <= 5_000_000)
        #expect(Recipe.standard.settings(for: plane).derivingEncoderAfter == 1)
        #expect(Recipe.learnedEncoder.settings.derivingEncoderAfter == nil)
        let eight = try Recipe.standard.architecture(NetworkRequest(latentSize: 8))
        #expect(LatticeEncoder(eight) == nil)
        #expect(Recipe.standard.settings(for: eight) == Recipe.learnedEncoder.settings)
        // Large images have fewer points: their templates lie in memory together.
        let large = try Recipe.standard.architecture(NetworkRequest(channels: 3, height: 128, width: 128))
        let points = try #require(LatticeEncoder(large)).lattice.count
        #expect(points * 3 * 128 * 128 <= 1 << 25)
    }

    @Test("Sizes that a network cannot halve are refused with a sentence")
    func oddSizes() {
        let error = #expect(throws: ArchitectureError.self) {
            try Recipe.standard.architecture(NetworkRequest(height: 30))
        }
        #expect(error?.description.contains("multiple of 4") == true)
    }

    @Test("A recipe with one network gives that, and no other")
    func fixed() throws {
        let architecture = try Architecture.small()
        let recipe = Recipe(name: "mine", summary: "", settings: .short(), architecture: architecture)
        #expect(recipe.hasFixedNetwork && !Recipe.standard.hasFixedNetwork)
        #expect(try recipe.architecture() == architecture)
        var request = recipe.networkRequest
        request.latentSize = 3
        #expect(throws: ArchitectureError.self) { try recipe.architecture(request) }
    }

    @Test("Every recipe's network learns", arguments: Recipe.all)
    func learns(recipe: Recipe) throws {
        var settings = TrainingSettings.short(epochs: 4)
        settings.learningRate = 2e-3
        let told = try run(settings, images: squares(72, side: 28), architecture: recipe.architecture())
        let losses = told.epochs.map(\.training.negativeELBO)
        #expect(try #require(losses.last) < 0.9 * losses[0])
    }
}

extension Network {
    fileprivate var learnedCount: Int {
        parameters.filter { $0.role != .statistic }.reduce(0) { $0 + $1.count }
    }
}
