import Foundation
import Importing
import ModelFiles
import Neural
import Testing
import VAE

@Suite("Folders with a configuration")
struct FolderTests {
    /// What `make_folders.py` wrote down of a model: raw values of PyTorch's.
    private struct Expected: Decodable {
        let z: [Float]
        let image: [Float]
        let picture: [Float]
        let mean: [Float]
        let latent: [Int]
        let shape: [Int]
    }

    static func fixture(_ name: String) -> String {
        (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appendingPathComponent("Fixtures/\(name)").path
    }

    /// The largest differences between what a model gives and what PyTorch gave.
    private func differences(_ model: Model, _ folder: String) throws -> (decoder: Float, encoder: Float) {
        let expected = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: URL(fileURLWithPath: Self.fixture("\(folder)/expected.json"))))
        #expect(model.architecture.latent.extents == expected.latent)
        #expect(model.architecture.image.extents == expected.shape)
        func difference(_ found: [Float], _ wanted: [Float]) -> Float {
            guard found.count == wanted.count else { return .infinity }
            return zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
        }
        let isSigned = model.architecture.pixelRange == .signed
        func unit(_ values: [Float]) -> [Float] { isSigned ? values.map { ($0 + 1) / 2 } : values }
        let pool = WorkerPool(threads: 1)
        let image = Decoder(model, pool: pool).decode(expected.z, count: 1)
        let means = try Encoder(model, pool: pool).encode(unit(expected.picture), count: 1).means
        return (difference(image, unit(expected.image)), difference(means, expected.mean))
    }

    @Test(
        "Folders that diffusers, pythae and Hugging Face's mixin wrote give what PyTorch gives, decoder and encoder",
        arguments: ["kl", "kl-old", "kl-bare", "kl-sharded", "tiny", "pythae"])
    func folders(name: String) throws {
        #expect(ModelFile.recognizes(Self.fixture(name)))
        let contents = try ModelFile.contents(of: Self.fixture(name))
        let (decoder, encoder) = try differences(contents.model, name)
        #expect(decoder < 1e-4 && encoder < 1e-4, "\(decoder) \(encoder)")
        #expect(contents.guessed?.contains("activation") != true)
    }

    @Test("Constructor's arguments beside the weights are hints: the activation is known, the picture's size too")
    func mixin() throws {
        let contents = try ModelFile.contents(of: Self.fixture("mixin"))
        let (decoder, encoder) = try differences(contents.model, "mixin")
        #expect(decoder < 1e-4 && encoder < 1e-4)
        #expect(contents.findings.contains { $0.subject == "activation" && $0.certainty == .known })
    }

    @Test(
        "The original code's names open out of a checkpoint of the whole diffusion model; what they leave open is a guess"
    )
    func originalNames() throws {
        let request = ModelRequest(
            options: {
                var options = ImportOptions()
                options.latentShape = [2, 4, 4]
                return options
            }())
        let contents = try ModelFile.contents(of: Self.fixture("ldm/ldm.ckpt"), request)
        let (decoder, encoder) = try differences(contents.model, "ldm")
        #expect(decoder < 1e-4 && encoder < 1e-4)
        #expect(contents.guessed?.contains("groups") == true)
    }

    @Test("A single file of diffusers decodes maps of another size, which an option names")
    func latentShape() throws {
        var options = ImportOptions()
        options.latentShape = [2, 3, 5]
        let path = Self.fixture("kl/diffusion_pytorch_model.safetensors")
        let model = try ModelFile.read(path, ModelRequest(options: options))
        #expect(model.architecture.image.extents == [3, 6, 10])
        options.latentShape = [4, 3, 5]
        #expect(throws: (any Error).self) { try ModelFile.read(path, ModelRequest(options: options)) }
    }

    @Test("pythae's loss says what pixels are distributed as")
    func likelihood() throws {
        #expect(try ModelFile.read(Self.fixture("pythae")).architecture.likelihood == .bernoulli)
    }

    @Test("Of a folder without weights it is said that it has none")
    func nothing() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("empty-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let error = #expect(throws: (any Error).self) { try ModelFile.read(folder.path) }
        #expect(error.map { "\($0)" }?.contains("has no file of weights") == true)
    }

    @Test("An index that names files elsewhere is refused")
    func outside() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("index-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let index = folder.appendingPathComponent("model.safetensors.index.json")
        try Data(#"{"weight_map": {"a": "../elsewhere.safetensors"}}"#.utf8).write(to: index)
        let error = #expect(throws: (any Error).self) { try ModelFile.read(folder.path) }
        #expect(error.map { "\($0)" }?.contains("outside of its folder") == true)
    }
}
