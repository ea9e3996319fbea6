import HDF5Files
import Importing
import JSON
import Neural
import Testing
import VAE

@testable import KerasModels

@Suite("Keras models")
struct ModelTests {
    // The cases are a file beside the tests.
    @Test("A model in any of Keras's formats makes what Keras makes to 1e-5", arguments: try! ModelCase.all())
    func agreesWithKeras(_ given: ModelCase) throws {
        let model = try given.open()
        let architecture = model.model.architecture
        for (z, image) in zip(given.latents, given.images) {
            let inputs = try zip(architecture.decoderRoles, architecture.decoder.inputs).map { role, shape -> [Float] in
                return switch role {
                case .latent: channelsFirst(z, shape)
                case .label(_, .index): [Float(try #require(given.label))]
                case .label(let classes, .oneHot): (0..<classes).map { $0 == given.label ? 1 : 0 }
                default: []
                }
            }
            let made = evaluate(architecture.decoder, model.model.tensors, inputs)[0]
            #expect(largestDifference(made, channelsFirst(image, architecture.image)) < 1e-5)
        }
        guard let encoded = given.encoded else { return }
        let encoder = try #require(architecture.encoder)
        let heads = evaluate(encoder, model.model.tensors, [channelsFirst(encoded.image, architecture.image)])
        #expect(largestDifference(heads.flatMap(\.self), encoded.heads) < 1e-5)
        #expect(architecture.secondHead.rawValue == given.secondHead ?? "logvar")
    }

    @Test("An encoder alone is told from a decoder, and joined with one")
    func encoderAlone() throws {
        let path = try fixturePath("models/keras3-encoder.keras")
        #expect(throws: ImportProblem.self) { try KerasModel.read(path, executable: try hdf5Reader()) }
        do {
            _ = try KerasModel.read(path, executable: try hdf5Reader())
        } catch let problem as ImportProblem {
            #expect(problem.kind == .options)
            #expect(problem.reason.contains("it is an encoder"))
        }
        let decoder = try KerasModel.decoder(
            try fixturePath("models/keras3-separate.keras"), executable: try hdf5Reader())
        let encoder = try KerasModel.encoder(path, for: decoder, executable: try hdf5Reader())
        let model = try KerasModel.join(decoder: decoder, encoder: encoder)
        #expect(model.model.architecture.encoder?.outputNames == ["mean", "second"])
        #expect(model.model.architecture.secondHead == .logVariance)
    }

    @Test("The last function says in which range the pixels are")
    func pixelRange() throws {
        func range(_ name: String) throws -> PixelRange {
            try KerasModel.read(try fixturePath("models/\(name)"), executable: try hdf5Reader()).model.architecture
                .pixelRange
        }
        #expect(try range("keras3-decoder.keras") == .unit)
        #expect(try range("keras3-labels.h5") == .signed)
        #expect(try range("keras3-one-hot.keras") == .free)
    }

    @Test("Files are told by what is in them")
    func recognition() throws {
        #expect(KerasModel.recognizes(entries: ["metadata.json", "config.json", "model.weights.h5"]))
        #expect(!KerasModel.recognizes(entries: ["archive/data.pkl", "config.json"]))
        // Without its weights it is Keras's all the same.
        #expect(KerasModel.recognizes(entries: ["metadata.json", "config.json"]))
        #expect(KerasModel.recognizes(entries: ["config.json"]))
        let json = try JSONValue(parsing: fixture("models/tfjs/model.json"), limits: JSONLimits(depth: 64))
        #expect(KerasModel.recognizes(model: json))
        #expect(!KerasModel.recognizes(architecture: json))
        #expect(
            KerasModel.recognizes(architecture: try JSONValue(parsing: #"{"class_name": "Sequential", "config": {}}"#)))
    }

    /// Keras's [height, width, channels] as [channels, height, width]; anything else as it is.
    private func channelsFirst(_ values: [Float], _ shape: Shape) -> [Float] {
        guard let (channels, height, width) = shape.image, channels > 1 else { return values }
        return channelsFirstPlaces(height: height, width: width, channels: channels).map { values[$0] }
    }
}

/// A file, and what Keras makes with it.
struct ModelCase: Sendable, CustomTestStringConvertible {
    let name: String
    let config: JSONValue?
    let latents: [[Float]]
    let images: [[Float]]
    let label: Int?
    let secondHead: String?
    let encoded: (image: [Float], heads: [Float])?

    var testDescription: String { name }

    static func all() throws -> [ModelCase] {
        let json = try JSONValue(parsing: fixture("models.json"), limits: JSONLimits(depth: 64, values: 4_000_000))
        return (json.object?.members ?? []).filter { $0.value.object?["encoder_of"] == nil }.map {
            ModelCase($0.name, $0.value.object ?? [:])
        }
    }

    private init(_ name: String, _ json: JSONObject) {
        self.name = name
        config = json["config"]
        latents = json["z"]?.array?.map { floats($0) } ?? []
        images = json["images"]?.array?.map { floats($0) } ?? []
        label = json["label"]?.integer
        secondHead = json["second"]?.string
        encoded = json["encoded"]?.object.map { (floats($0["image"]), floats($0["heads"])) }
    }

    func open() throws -> ImportedModel {
        let (path, reader) = (try fixturePath("models/\(name)"), try hdf5Reader())
        guard let config else { return try KerasModel.read(path, executable: reader) }
        return try KerasModel.read(config: config, weights: path, executable: reader)
    }
}
