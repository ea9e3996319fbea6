import Foundation
import Neural
import Testing
import Training
import VAE

@testable import Runs

@Suite("Documentation/recipes")
struct ExampleRecipeTests {
    @Test("The example is a recipe of residual blocks that can be trained, and is written as it was read")
    func residual() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let recipe = try RecipeFile.read(root.appending(path: "Documentation/recipes/residual.json").path)
        let architecture = try recipe.architecture()
        #expect(architecture.isTrainable)
        #expect(architecture.decoder.nodes.contains { $0.operation.kind() == "GroupNorm" })
        let text = RecipeFile.document(of: recipe, settings: recipe.settings, architecture: architecture)
        let url = FileManager.default.temporaryDirectory.appending(path: "recipe-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: url) }
        try text.write(to: url, atomically: true, encoding: .utf8)
        #expect(try RecipeFile.read(url.path).architecture() == architecture)
    }

    @Test("A network that cannot be trained is refused with its reason")
    func untrainable() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appending(path: "Documentation/recipes/residual.json"), encoding: .utf8)
        let url = FileManager.default.temporaryDirectory.appending(path: "recipe-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: url) }
        try text.replacing("\"bernoulli\",", with: "\"bernoulli\", \"second_head\": \"sigma\",")
            .write(to: url, atomically: true, encoding: .utf8)
        let error = #expect(throws: RunError.self) { try RecipeFile.read(url.path) }
        #expect(error?.description.contains("cannot be trained: the encoder must end in one vector") == true)
    }
}
