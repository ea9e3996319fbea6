import Checkpoints
import Deduction
import Foundation
import Importing
import ModelFiles
import Neural
import Synchronization
import Testing
import VAE

@Suite("The door for models")
struct ModelFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "door-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func text(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        return path(name)
    }

    /// Names and tensors of a usual small autoencoder, without an architecture.
    ///
    /// - Parameter layers: the encoder's, the two heads and the decoder's, by names.
    private func stateDict(
        _ name: String, layers: [String] = ["fc1", "fc21", "fc22", "fc3", "fc4"]
    ) throws -> String {
        let shapes = Array(zip(layers, [[6, 784], [2, 6], [2, 6], [6, 2], [784, 6]]))
        let tensors = shapes.flatMap { layer, extents -> [(name: String, tensor: Tensor)] in
            let count = extents.reduce(1, *)
            let weight = (0..<count).map { Float($0 * 37 % 101) / 101 - 0.5 }
            return [
                ("model.\(layer).weight", Tensor(extents: extents, values: weight)),
                ("model.\(layer).bias", Tensor(extents: [extents[0]], values: Array(weight.prefix(extents[0])))),
            ]
        }
        try SafetensorsWriter.write(tensors, metadata: [], to: path(name))
        return path(name)
    }

    @Test("A safetensors file without an architecture opens by its names, which lose what they share")
    func tensorsAlone() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict("vae.safetensors")
        #expect(ModelFile.recognizes(file))
        let contents = try ModelFile.contents(of: file)
        #expect(contents.format == "safetensors without an architecture")
        #expect(contents.model.architecture.image == (try Shape([1, 28, 28])))
        #expect(contents.model.architecture.latentSize == 2 && contents.model.architecture.encoder != nil)
        #expect(contents.model.architecture.likelihood == nil)
        #expect(!contents.findings.isEmpty)
    }

    @Test(
        "A file that is named as another framework's and does not begin as one is said to be damaged",
        arguments: [
            ("decoder.onnx", "it is named as an ONNX model"), ("vae.pth", "it is named as a PyTorch file"),
            ("vae.keras", "it is named as a Keras model"), ("vae.safetensors", "safetensors"),
        ])
    func damagedBeginning(name: String, words: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for bytes in [Data([8, 8]), Data([8] + Array(repeating: 255, count: 20))] {
            try bytes.write(to: URL(filePath: path(name)))
            #expect {
                try ModelFile.contents(of: path(name))
            } throws: {
                "\($0)".contains(words)
            }
        }
    }

    @Test("Guesses are tried at once, or later where somebody waits for a picture, with the same answer")
    func deferredTrial() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict(
            "vae.safetensors", layers: ["encoder.0", "mu", "logvar", "decoder.0", "decoder.2"])
        let asked = Mutex(0)
        var request = ModelRequest(pictures: {
            asked.withLock { $0 += 1 }
            return TrialPictures(shape: [1, 28, 28], values: (0..<1568).map { Float($0 * 29 % 97) / 97 })
        })
        let atOnce = try ModelFile.contents(of: file, request)
        #expect(atOnce.trial == nil)
        #expect(asked.withLock { $0 } == 1)
        request.defersTrial = true
        let guess = try ModelFile.contents(of: file, request)
        #expect(guess.guessed != nil)
        #expect(asked.withLock { $0 } == 1, "nothing was tried before the model was handed over")
        let tried = guess.trial? { false }
        #expect(asked.withLock { $0 } == 2)
        #expect((tried ?? guess).findings.map(\.value) == atOnce.findings.map(\.value))
    }

    @Test("A decoder alone has nothing to try its guesses with")
    func decoderAlone() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let tensors = [("decoder.0", [6, 2]), ("decoder.2", [784, 6])].flatMap { layer, extents in
            let count = extents.reduce(1, *)
            return [
                (
                    name: "\(layer).weight",
                    tensor: Tensor(extents: extents, values: Array(repeating: 0.1, count: count))
                ),
                (
                    name: "\(layer).bias",
                    tensor: Tensor(extents: [extents[0]], values: Array(repeating: 0, count: extents[0]))
                ),
            ]
        }
        try SafetensorsWriter.write(tensors, metadata: [], to: path("decoder.safetensors"))
        let contents = try ModelFile.contents(
            of: path("decoder.safetensors"), ModelRequest(pictures: { nil }, defersTrial: true))
        #expect(contents.guessed != nil && contents.trial == nil)
    }

    @Test("What a user says is known, and no guess any more")
    func options() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict("vae.safetensors")
        var options = ImportOptions()
        options.outputActivation = ImportOptions.Choice(nil)
        let contents = try ModelFile.contents(of: file, ModelRequest(options: options))
        let last = contents.model.architecture.decoder.nodes.last?.operation
        #expect(last != .activation(.sigmoid))
        #expect(contents.findings.contains { $0.certainty == .known })
    }

    @Test("A native file says all: options are refused, as a wrong use")
    func nativeWithOptions() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let architecture = try Architecture(
            input: Shape([1, 1, 2]), latentSize: 1, likelihood: .gaussian(),
            encoder: [.flatten, .linear(inputs: 2, outputs: 2)],
            decoder: [.linear(inputs: 1, outputs: 2), .unflatten(Shape([1, 1, 2]))])
        let tensors = Dictionary(
            uniqueKeysWithValues: architecture.parameters.map {
                ($0.name, Tensor(extents: $0.extents, values: [Float](repeating: 1, count: $0.count)))
            })
        let file = path("own.safetensors")
        try Checkpoint.write(Model(architecture: architecture, tensors: tensors), to: file)
        #expect(try ModelFile.contents(of: file).format == nil)
        var options = ImportOptions()
        options.strides = [2]
        let error = #expect(throws: CheckpointError.self) {
            try ModelFile.read(file, ModelRequest(options: options))
        }
        guard case .invalid(_, .foreign(let problem)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problem.kind == .options)
    }

    @Test(
        "What is no model is told by its first bytes",
        arguments: [
            ("words", "hello, this is a text", "text file"),
            ("pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
            ("empty", "", "empty"),
        ])
    func noModel(name: String, content: String, word: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try text(name, content)
        #expect(!ModelFile.recognizes(file))
        let error = #expect(throws: CheckpointError.self) { try ModelFile.read(file) }
        #expect(error?.description.contains(word) == true)
    }

    @Test("Titles lose what models' names end in, of all frameworks")
    func titles() {
        for name in ["vae.pth", "vae.h5", "vae.keras", "vae.onnx", "vae.ckpt", "vae.safetensors", "vae"] {
            #expect(ModelFile.title(of: name) == "vae")
        }
        #expect(ModelFile.title(of: ".pt") == ".pt")
    }
}
