import Inference
import Latent
import Testing
import VAE

@testable import latentwalk

@Suite("Whose answer the commands ask for")
struct InferenceOptionsTests {
    private let scratch: Scratch
    private let model: String
    private let images: String

    init() throws {
        scratch = try Scratch()
        model = try SmallModel.write(try SmallModel.conditional(), to: scratch.path)
        images = try SmallModel.writeImages(to: scratch.path)
    }

    /// Once, and it ends in the remedies that it names itself.
    private func isAboutClasses(_ error: any Error) -> Bool {
        (error as? any CommandError)?.exit == .usage && "\(error)" == InferenceError.conditional.description
    }

    @Test("Other answers than the encoder's are for one class at a time", arguments: [InferenceMethod.refined, .exact])
    func classes(method: InferenceMethod) throws {
        var model = try SmallModel.conditional()
        #expect(throws: InferenceOptionError.impossible(.conditional)) { try method.check(model) }
        try InferenceMethod.encoder.check(model)
        model.condition.label = 1
        try method.check(model)
        try method.check(try SmallModel.model())
        #expect(isAboutClasses(InferenceOptionError.impossible(.conditional)))
    }

    @Test("Every command says so in one sentence, before it looks for any data")
    func commands() throws {
        let options = ["--data", "/nowhere", "--inference", "refined"]
        #expect {
            try EncodeCommand.parse([model] + options).run()
        } throws: { isAboutClasses($0) }
        #expect {
            try EvaluateCommand.parse([model] + options).run()
        } throws: { isAboutClasses($0) }
        #expect {
            try RenderCommand.parse([model, "traverse"] + options).run()
        } throws: { isAboutClasses($0) }
        #expect {
            try ExploreCommand.parse([model] + options).run()
        } throws: { isAboutClasses($0) }
    }

    @Test("With a class named the images are encoded")
    func named() throws {
        let output = "\(scratch.path)/codes.npy"
        try EncodeCommand.parse([model, images, "--inference", "refined", "--class", "1", "--output", output]).run()
        #expect(try readNPY(output).shape == [5, 4])
    }
}
