import Checkpoints
import Foundation
import Importing
import ModelFiles
import Neural
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
    private func stateDict(_ name: String) throws -> String {
        let shapes = [
            ("fc1", [6, 784]), ("fc21", [2, 6]), ("fc22", [2, 6]), ("fc3", [6, 2]), ("fc4", [784, 6]),
        ]
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
