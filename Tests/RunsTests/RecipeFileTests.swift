import Foundation
import Testing
import Training

@testable import Runs

@Suite("Recipe files")
struct RecipeFileTests {
    private let scratch = Scratch()

    private func read(_ text: String) throws -> Recipe {
        try Data(text.utf8).write(to: URL(fileURLWithPath: scratch / "recipe.json"))
        return try RecipeFile.read(scratch / "recipe.json")
    }

    @Test("Every built-in recipe is printed, and read back with its settings and its network")
    func roundTrip() throws {
        for recipe in Recipe.all {
            let architecture = try recipe.architecture()
            let text = RecipeFile.document(of: recipe, settings: recipe.settings, architecture: architecture)
            let back = try read(text)
            #expect(back.name == recipe.name && back.summary == recipe.summary)
            #expect(back.settings == recipe.settings)
            #expect(try back.architecture() == architecture)
            #expect(back.hasFixedNetwork)
        }
    }

    @Test("Name, number of epochs and network are enough; the rest is as usual")
    func short() throws {
        let network = try Tiny.architecture().json.compactText
        let recipe = try read("{\"version\":1,\"name\":\"a\",\"settings\":{\"epochs\":7},\"architecture\":\(network)}")
        #expect(recipe.settings == TrainingSettings(epochs: 7))
    }

    @Test(
        "Each field that is wrong is named",
        arguments: [
            ("{", "this is no JSON"), ("[]", "the document must be an object"), ("{}", "version is missing"),
            ("{\"version\":2}", "later latentwalk"), ("{\"version\":1}", "name is missing"),
            ("{\"version\":1,\"name\":\"\"}", "name must be a text of 1 to 60 letters"),
            ("{\"version\":1,\"name\":\"a\"}", "settings is missing"),
            ("{\"version\":1,\"name\":\"a\",\"settings\":{}}", "settings.epochs is missing"),
            (
                "{\"version\":1,\"name\":\"a\",\"settings\":{\"epochs\":1.5}}",
                "settings.epochs must be a whole number, and is 1.5"
            ),
            ("{\"version\":1,\"name\":\"a\",\"setings\":{\"epochs\":1}}", "setings is not known"),
            ("{\"version\":1,\"name\":\"a\",\"settings\":{\"epcohs\":1}}", "settings.epcohs is not known"),
            (
                "{\"version\":1,\"name\":\"a\",\"settings\":{\"epochs\":1,\"batchsize\":1}}",
                "settings.batchsize is not known"
            ),
            (
                "{\"version\":1,\"name\":\"a\",\"settings\":{\"epochs\":1,\"schedule\":\"step\"}}",
                "settings.schedule must be one of constant, cosine, one-cycle"
            ),
            (
                "{\"version\":1,\"name\":\"a\",\"settings\":{\"epochs\":1,\"weight-decay\":1}}",
                "settings.weight-decay must be 0 or missing for the optimizer adam"
            ),
            (
                "{\"version\":1,\"name\":\"a\",\"settings\":{\"epochs\":1,\"average\":2}}",
                "settings.average must be above 0"
            ),
            ("{\"version\":1,\"name\":\"a\",\"settings\":{\"epochs\":1}}", "architecture is missing"),
            (
                "{\"version\":1,\"name\":\"a\",\"settings\":{\"epochs\":1},\"architecture\":{\"version\":1}}",
                "architecture cannot be used"
            ),
        ])
    func refusals(text: String, sentence: String) throws {
        let error = #expect(throws: RunError.self) { try read(text) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("recipe.json: ") == true)
    }
}
