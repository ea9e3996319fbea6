import Checkpoints
import Foundation
import Importing
import ModelFiles
import Neural
import Testing

@Suite("Options that a file has no use for")
struct OptionTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "options-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// A decoder in TensorFlow.js's format: 2 latents, 8×8 pixels.
    private func layersModel() throws -> String {
        let manifest = """
            {"modelTopology": {"class_name": "Sequential", "config": {"name": "m", "layers": [
              {"class_name": "Dense", "config": {"name": "d", "units": 64, "batch_input_shape": [null, 2]}}]}},
             "weightsManifest": [{"paths": ["s1"], "weights": [
              {"name": "d/kernel", "shape": [2, 64], "dtype": "float32"}, {"name": "d/bias", "shape": [64], "dtype": "float32"}]}]}
            """
        try Data(manifest.utf8).write(to: folder.appending(path: "model.json"))
        try Data(count: 4 * 192).write(to: folder.appending(path: "s1"))
        return folder.appending(path: "model.json").path
    }

    /// A decoder's names and tensors.
    private func stateDict() throws -> String {
        let tensors = [[6, 2], [64, 6]].enumerated().flatMap { place, extents in
            let values = (0..<extents[0] * extents[1]).map { Float($0 * 37 % 101) / 101 - 0.5 }
            return [
                ("decoder.\(2 * place).weight", Tensor(extents: extents, values: values)),
                ("decoder.\(2 * place).bias", Tensor(extents: [extents[0]], values: Array(values.prefix(extents[0])))),
            ]
        }
        try SafetensorsWriter.write(tensors, metadata: [], to: folder.appending(path: "vae.safetensors").path)
        return folder.appending(path: "vae.safetensors").path
    }

    private func said(_ file: String, _ options: [(String, String)]) throws -> String {
        var given = ImportOptions()
        for (name, text) in options { try given.set(name, to: text) }
        do {
            _ = try ModelFile.read(file, ModelRequest(options: given))
            return "it opened"
        } catch {
            return "\(error)"
        }
    }

    @Test("A file that says its layers refuses what would say them")
    func graphs() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try layersModel()
        #expect(try said(file, []) == "it opened")
        #expect(try said(file, [("pixel-range", "-1,1"), ("image-shape", "8,8")]) == "it opened")
        for (name, text) in [
            ("activation", "tanh"), ("output-activation", "tanh"), ("stride", "2"), ("padding", "1"),
            ("output-padding", "1"), ("padding-mode", "reflect"), ("upsample", "nearest"), ("fit", "crop"),
        ] {
            #expect(try said(file, [(name, text)]).contains("the file says itself what --\(name) could: leave it out"))
        }
        #expect(
            try said(file, [("stride", "2"), ("upsample", "nearest")]).contains(
                "--stride and --upsample could: leave them"))
        #expect(try said(file, [("second-head", "sigma")]).contains("--second-head is about an encoder"))
        #expect(try said(file, [("latent-shape", "1,1,2")]).contains("not what --latent-shape says"))
        for name in ["latent", "label", "image"] {
            #expect(try said(file, [(name, "nope")]).contains("called nope"))
        }
    }

    @Test("Names and tensors have no ends that could be named")
    func tensors() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict()
        #expect(try said(file, [("activation", "tanh")]) == "it opened")
        for name in ["latent", "label", "image"] {
            #expect(try said(file, [(name, "z")]).contains("leaves nothing open that --\(name) could say"))
        }
        #expect(try said(file, [("swap-heads", "true")]).contains("--swap-heads is about an encoder"))
        #expect(try said(file, [("latent-shape", "1,1,2")]).contains("not what --latent-shape says"))
    }

    @Test("Every option is known by its name, and says when it was given")
    func names() throws {
        let texts: [ImportOptions.Name: String] = [
            .activation: "relu", .outputActivation: "none", .stride: "2", .padding: "1", .outputPadding: "0",
            .paddingMode: "zeros", .upsample: "nearest", .imageShape: "8,8", .latentShape: "1,2,2", .fit: "crop",
            .layout: "nhwc", .pixelRange: "0,1", .secondHead: "sigma", .swapHeads: "true", .latent: "z", .label: "y",
            .image: "x",
        ]
        for name in ImportOptions.Name.allCases {
            var options = ImportOptions()
            try options.set(name.rawValue, to: try #require(texts[name]))
            #expect(options.given == [name])
        }
    }

    @Test("Numbers beyond what layers take are refused with the bound")
    func bounds() {
        func said(_ name: String, _ text: String) -> String {
            var options = ImportOptions()
            do {
                try options.set(name, to: text)
                return "taken"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            said("padding", "99999999999") == "99999999999 is not a list of whole numbers from 0 to 64: write 2,2,1.")
        #expect(said("stride", "0").contains("from 1 to 64"))
        #expect(said("stride", "2,2,1") == "taken")
    }

    @Test(
        "A document's options have the types that they are said with",
        arguments: [
            (#"{"options": {"stride": [[1]]}}"#, "stride of options cannot be [[1]]"),
            (#"{"options": {"stride": "2"}}"#, #"stride of options cannot be "2""#),
            (#"{"options": {"activation": 2}}"#, "activation of options cannot be 2"),
            (#"{"latentwalk": 2, "options": {}}"#, "is of version 2, and this latentwalk reads version 1"),
            (#"{"latentwalk": -1, "options": {}}"#, "is of version -1"),
        ])
    func documents(text: String, sentence: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try stateDict()
        let document = folder.appending(path: "given.json").path
        try Data(text.utf8).write(to: URL(filePath: document))
        let error = #expect(throws: CheckpointError.self) {
            try ModelFile.read(file, ModelRequest(architecture: document))
        }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}
