import Checkpoints
import Foundation
import Importing
import ModelFiles
import Neural
import Testing
import VAE

@Suite("An architecture in a file of its own")
struct ArchitectureFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("given-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func write(_ text: String, _ name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// Names and tensors of a small autoencoder, without an architecture.
    private func stateDict(_ name: String) throws -> String {
        let shapes = [
            ("encoder.0", [6, 64]), ("mu", [2, 6]), ("logvar", [2, 6]), ("decoder.0", [6, 2]), ("decoder.2", [64, 6]),
        ]
        let tensors = shapes.enumerated().flatMap { place, item -> [(name: String, tensor: Tensor)] in
            let (layer, extents) = item
            let count = extents.reduce(1, *)
            let weight = (0..<count).map { Float(($0 + 7 * place) * 37 % 101) / 101 - 0.5 }
            return [
                ("model.\(layer).weight", Tensor(extents: extents, values: weight)),
                ("model.\(layer).bias", Tensor(extents: [extents[0]], values: Array(weight.prefix(extents[0])))),
            ]
        }
        try SafetensorsWriter.write(tensors, metadata: [], to: path(name))
        return path(name)
    }

    private func isSame(_ left: Model, _ right: Model) -> Bool {
        left.architecture.json == right.architecture.json && left.tensors == right.tensors
    }

    @Test("What was found, written and given back, is the same model and no guess any more")
    func roundTrip() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in [try stateDict("vae.safetensors"), FolderTests.fixture("kl"), FolderTests.fixture("pythae")] {
            let contents = try ModelFile.contents(of: file)
            let document = path("found.json")
            try ModelFile.writeArchitecture(of: contents, at: file, ModelRequest(), to: document)
            let given = try ModelFile.contents(of: file, ModelRequest(architecture: document))
            let same = isSame(contents.model, given.model)
            #expect(same, "\(file)")
            #expect(given.guessed == nil && given.findings.allSatisfy { $0.certainty == .known })
        }
    }

    @Test("A correction by hand is used")
    func corrected() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict("vae.safetensors")
        let document = path("found.json")
        try ModelFile.writeArchitecture(of: ModelFile.contents(of: file), at: file, ModelRequest(), to: document)
        let text = try String(contentsOfFile: document, encoding: .utf8)
        #expect(text.contains(#""type": "ReLU""#))
        _ = try write(text.replacingOccurrences(of: #""type": "ReLU""#, with: #""type": "Softplus""#), "found.json")
        let model = try ModelFile.read(file, ModelRequest(architecture: document))
        #expect(model.architecture.decoder.nodes.contains { $0.operation == .activation(.softplus) })
        #expect(!model.architecture.decoder.nodes.contains { $0.operation == .activation(.relu) })
    }

    @Test("NAME.json beside the model is taken by itself, if it is ours; any other is ignored, with a word")
    func beside() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict("vae.safetensors")
        _ = try write(#"{"latentwalk": 1, "options": {"activation": "leaky_relu:0.3"}}"#, "vae.json")
        let given = try ModelFile.contents(of: file)
        #expect(given.model.architecture.decoder.nodes.contains { $0.operation == .activation(.leakyReLU(slope: 0.3)) })
        #expect(given.findings.contains { $0.subject == "activation" && $0.certainty == .known })
        _ = try write(#"{"epochs": 3, "options": {"seed": 1}}"#, "vae.json")
        let ignored = try ModelFile.contents(of: file)
        #expect(ignored.model.architecture.decoder.nodes.contains { $0.operation == .activation(.relu) })
        #expect(ignored.remarks.contains { $0.contains("vae.json") && $0.contains("ignored") })
    }

    @Test("Options by their names stand in the file as on the command line, which goes before")
    func options() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict("vae.safetensors")
        let document = try write(
            #"{"options": {"activation": "tanh", "image-shape": [4, 16], "output_activation": "none"}}"#, "options.json"
        )
        var options = ImportOptions()
        options.imageShape = [16, 4]
        let model = try ModelFile.read(file, ModelRequest(options: options, architecture: document))
        #expect(model.architecture.image.extents == [1, 16, 4])
        #expect(model.architecture.decoder.nodes.contains { $0.operation == .activation(.tanh) })
        #expect(!model.architecture.decoder.nodes.contains { $0.operation == .activation(.sigmoid) })
    }

    @Test(
        "What is wrong in the file is said with its place",
        arguments: [
            (#"{"options": {"activation": "reluu"}}"#, "activation of options: There is no activation reluu"),
            (#"{"options": {"stride": {}}}"#, "stride of options"),
            (
                #"{"architecture": {"version": 2, "image": [1, 8, 8], "latent": 2, "decoder": [{"type": "Lienar"}]}}"#,
                "layer decoder.0 is of the unknown type Lienar"
            ),
            (
                #"{"architecture": {"version": 2, "image": [1, 8, 8], "latent": 2, "decoder": [{"type": "Linear", "in_features": 2, "out_features": 64}, {"type": "Unflatten", "dim": 1, "unflattened_size": [1, 8, 8]}]}, "tensors": {"decoder.0.weight": "fc9.weight"}}"#,
                "fc9.weight, which the model's file does not have"
            ),
            (#"{"nothing": 1}"#, "neither an architecture nor options"), ("{", "cannot be read as JSON"),
        ])
    func wrong(text: String, sentence: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict("vae.safetensors")
        let document = try write(text, "wrong.json")
        let error = #expect(throws: CheckpointError.self) {
            try ModelFile.read(file, ModelRequest(architecture: document))
        }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("wrong.json") == true)
    }

    @Test("An architecture says all: options beside it are refused")
    func both() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict("vae.safetensors")
        let document = path("found.json")
        try ModelFile.writeArchitecture(of: ModelFile.contents(of: file), at: file, ModelRequest(), to: document)
        var options = ImportOptions()
        options.strides = [2]
        #expect(throws: CheckpointError.self) {
            try ModelFile.read(file, ModelRequest(options: options, architecture: document))
        }
    }
}
