import Foundation
import Importing
import Neural
import Testing
import VAE

@testable import ONNXModels

/// A folder that goes with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("onnx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// A model of the fixture, with what it answers.
struct ModelCase: CustomTestStringConvertible, Sendable {
    let name: String
    let decoder: [UInt8]
    let encoder: [UInt8]
    let data: [UInt8]
    let points: [Float]
    let pictures: [Float]
    let images: [Float]
    let means: [Float]

    var testDescription: String { name }

    static let all: [ModelCase] = {
        guard let bytes = try? fixture("models.bin") else { return [] }
        var reader = RecordReader(bytes)
        var cases: [ModelCase] = []
        while !reader.isAtEnd {
            cases.append(
                ModelCase(
                    name: reader.text(), decoder: reader.bytes(), encoder: reader.bytes(), data: reader.bytes(),
                    points: reader.floats(), pictures: reader.floats(), images: reader.floats(), means: reader.floats())
            )
        }
        return cases
    }()

    static func named(_ name: String) throws -> ModelCase { try #require(all.first { $0.name == name }) }

    func read(in folder: TemporaryFolder, options: ImportOptions = ImportOptions()) throws -> ImportedModel {
        let file = try folder.write(decoder, "model.onnx")
        if !data.isEmpty { _ = try folder.write(data, "dynamo.onnx.data") }
        guard !encoder.isEmpty else { return try ONNXModel.read(file, options: options) }
        return try ONNXModel.read(decoder: file, encoder: folder.write(encoder, "encoder.onnx"), options: options)
    }
}

@Suite("Models in ONNX's format")
struct ModelTests {
    @Test("The fixture has its models")
    func fixtureIsThere() {
        #expect(ModelCase.all.count >= 18)
    }

    @Test("A model decodes and encodes as its own framework does", arguments: ModelCase.all)
    func computesTheSame(_ wanted: ModelCase) throws {
        let model = try wanted.read(in: TemporaryFolder()).model
        let architecture = model.architecture
        let count = wanted.points.count / architecture.latentSize
        var inputs = [wanted.points]
        for (role, shape) in zip(architecture.decoderRoles, architecture.decoder.inputs).dropFirst() {
            switch role {
            case .label(_, .index): inputs.append(Array(repeating: 2, count: count))
            case .label(let classes, .oneHot):
                inputs.append((0..<count * classes).map { $0 % classes == 2 ? 1 : 0 })
            default: inputs.append(Array(repeating: 0, count: count * shape.count))
            }
        }
        let pictures = compute(architecture.decoder, model.tensors, inputs, count: count)[0]
        #expect(difference(pictures, wanted.pictures) < 1e-4)
        guard !wanted.images.isEmpty else { return }
        let encoder = try #require(architecture.encoder)
        let posteriors = compute(encoder, model.tensors, [wanted.images], count: count)
        let width = encoder.outputShapes[0].count
        let means = (0..<count).flatMap { posteriors[0][$0 * width..<$0 * width + architecture.latentSize] }
        #expect(difference(means, wanted.means) < 1e-4)
    }

    @Test("A sampled autoencoder says what its second head is")
    func knowsSecondHead() throws {
        let model = try ModelCase.named("a whole autoencoder that samples, 1 outputs").read(in: TemporaryFolder()).model
        #expect(model.architecture.secondHead == .logVariance)
        #expect(model.architecture.encoder?.outputs.count == 2)
    }

    @Test("The range of the pixels is what the last layers leave")
    func knowsRange() throws {
        let ranges = [
            ("a dense decoder, operators of 13", PixelRange.unit),
            ("a convolutional decoder, operators of 18", .signed),
            ("bytes for a browser's canvas", .bounded(0, 255)),
        ]
        for (name, range) in ranges {
            let model = try ModelCase.named(name).read(in: TemporaryFolder()).model
            #expect(model.architecture.pixelRange == range, "\(name)")
        }
    }

    @Test("Labels are known by their names and by what reads them")
    func knowsLabels() throws {
        let oneHot = try ModelCase.named("a label as one-hot").read(in: TemporaryFolder()).model
        #expect(oneHot.architecture.decoderRoles == [.latent, .label(classes: 4, .oneHot)])
        let index = try ModelCase.named("a label as its number").read(in: TemporaryFolder()).model
        #expect(index.architecture.decoderRoles == [.latent, .label(classes: 4, .index)])
    }

    @Test("Transpositions that take each other back cost nothing")
    func dropsTranspositions() throws {
        let model = try ModelCase.named("a decoder with channels last").read(in: TemporaryFolder()).model
        let kinds = model.architecture.decoder.nodes.map { $0.operation.kind() }
        #expect(kinds.filter { $0 == "permute" }.count == 1)
        #expect(!kinds.contains("constant"))
    }
}
