import Files
import Foundation
import JSON
import Neural
import Testing
import VAE

@testable import Checkpoints

@Suite("Native checkpoints")
struct CheckpointTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("A model that PyTorch saved has PyTorch's tensors, and the counters of batch normalization are passed over")
    func readsPyTorch() throws {
        let model = try NativeModel.read(Fixture.path("every-layer.safetensors"))
        let expected = try Fixture.json("every-layer.json")
        let tensors = try #require(expected["tensors"]?.object)
        #expect(Set(model.tensors.keys) == Set(tensors.members.map(\.name)))
        for member in tensors.members {
            let tensor = try #require(model.tensors[member.name])
            #expect(tensor.extents == member.value.object?["shape"]?.array?.compactMap(\.integer))
            #expect(tensor.values == member.value.object?["values"]?.array?.compactMap { $0.number.map { Float($0) } })
        }
        #expect(model.architecture.parameterCount == expected["parameters"]?.integer)
        #expect(model.architecture.latentSize == 3)
        #expect(model.architecture.likelihood == .bernoulli)
        #expect((model.architecture.encoder?.nodes ?? []).count == 11)
        #expect(
            model.provenance
                == Provenance(
                    dataset: "noise", recipe: "every-layer", settings: ["epochs": "3", "batch size": "16"],
                    evaluation: EvaluationFigures(data: "noise test", images: 16, reconstruction: 99.5, kl: 0.25)))
    }

    @Test("What is written reads back the same, and the same model gives the same bytes")
    func roundTrip() throws {
        let model = try NativeModel.read(Fixture.path("every-layer.safetensors"))
        try Checkpoint.write(model, to: folder.path("a"))
        let read = try NativeModel.read(folder.path("a"))
        #expect(read.architecture == model.architecture)
        #expect(read.tensors == model.tensors)
        #expect(read.provenance == model.provenance)
        try Checkpoint.write(read, to: folder.path("b"))
        #expect(FileManager.default.contentsEqual(atPath: folder.path("a"), andPath: folder.path("b")))
        #expect(try folder.names == ["a", "b"])
    }

    @Test("The file has PyTorch's names in the order of the layers, and its data begins at a multiple of eight")
    func layout() throws {
        try Checkpoint.write(Fixture.model(), to: folder.path("a"))
        let file = try SafetensorsFile(folder.path("a"))
        let entries = file.header.entries
        #expect(
            entries.map(\.name) == [
                "encoder.0.weight", "encoder.0.bias", "encoder.0.running_mean", "encoder.0.running_var",
                "encoder.2.weight", "encoder.2.bias", "decoder.0.weight",
            ])
        #expect(entries.allSatisfy { $0.type == .float32 })
        #expect((file.size - file.header.dataSize) % 8 == 0)
        #expect(Set(file.header.metadata.keys) == ["format", "latentwalk", "provenance"])
        #expect(file.header.metadata["format"] == "pt")
    }

    @Test("Numbers of other types become floats, exactly where a float can hold them")
    func types() throws {
        let model = try NativeModel.read(Fixture.path("types.safetensors"))
        let expected = try Fixture.json("types.json")
        for member in expected.members {
            let bits = model.tensors[member.name]?.values.map { Int(Int32(bitPattern: $0.bitPattern)) }
            #expect(bits == member.value.array?.compactMap(\.integer), "\(member.name)")
        }
    }

    @Test("A file that cannot be written leaves nothing behind")
    func unwritable() throws {
        let path = folder.path("none/model.safetensors")
        let model = try Fixture.model()
        let error = #expect(throws: CheckpointError.self) { try Checkpoint.write(model, to: path) }
        #expect(error?.description.contains("none/model.safetensors") == true)
        #expect(throws: CheckpointError.self) { try Checkpoint.write(model, to: folder.url.path) }
        #expect(try folder.names == [])
    }

    /// The example model's header with one thing changed, and zeros for data.
    private func changed(
        metadata: (inout [String: String]) -> Void = { _ in },
        tensors: (inout [(name: String, tensor: Tensor)]) -> Void = { _ in }
    ) throws -> String {
        let model = try Fixture.model()
        var texts = ["latentwalk": model.architecture.json.compactText]
        metadata(&texts)
        var list = model.architecture.parameters.map { (name: $0.name, tensor: model.tensors[$0.name]!) }
        tensors(&list)
        let path = folder.path("changed")
        try SafetensorsWriter.write(list, metadata: texts.map { (name: $0.key, text: $0.value) }, to: path)
        return path
    }

    private func problem(_ path: String) throws -> CheckpointProblem? {
        let error = #expect(throws: CheckpointError.self) { try NativeModel.read(path) }
        return error?.problem
    }

    @Test("Tensors must be the architecture's: none missing, none more, each of its shape")
    func tensors() throws {
        #expect(try NativeModel.read(changed()).architecture == Fixture.model().architecture)
        #expect(
            try problem(changed(tensors: { $0.removeAll { $0.name == "decoder.0.weight" } }))
                == .tensors(.missingTensor("decoder.0.weight")))
        let one = Tensor(extents: [1], values: [1])
        #expect(try problem(changed(tensors: { $0.append(("extra", one)) })) == .tensors(.superfluousTensor("extra")))
        #expect(
            try problem(changed(tensors: { $0[6].tensor = one }))
                == .tensors(.wrongShape("decoder.0.weight", found: [1], expected: [4, 2])))
        // A counter is passed over only where there is batch normalization.
        #expect(
            try NativeModel.read(changed(tensors: { $0.append(("encoder.0.num_batches_tracked", one)) })).tensors.count
                == 7)
        #expect(
            try problem(changed(tensors: { $0.append(("encoder.2.num_batches_tracked", one)) }))
                == .tensors(.superfluousTensor("encoder.2.num_batches_tracked")))
    }

    @Test("Metadata that is missing or no JSON is named")
    func metadata() throws {
        #expect(try problem(changed(metadata: { $0["latentwalk"] = nil })) == .noArchitecture)
        #expect(try problem(changed(metadata: { $0["latentwalk"] = "{" })) == .badMetadata("latentwalk", .endsEarly))
        #expect(
            try problem(changed(metadata: { $0["latentwalk"] = String(repeating: "[", count: 1_000_000) }))
                == .badMetadata("latentwalk", .tooDeep(limit: 8)))
        #expect(
            try problem(changed(metadata: { $0["latentwalk"] = "[]" })) == .badArchitecture(.notObject("a list")))
        #expect(try problem(changed(metadata: { $0["provenance"] = "]" })) != nil)
    }

    @Test(
        "Provenance of the wrong kind is named",
        arguments: [
            ("[]", "it is a list where an object should be"), (#"{"dataset":1}"#, "dataset is not text"),
            (#"{"recipe":[]}"#, "recipe is not text"), (#"{"settings":1}"#, "settings is not an object"),
            (#"{"settings":{"a":1}}"#, "the setting a is not text"),
            (#"{"evaluation":{}}"#, "evaluation needs data (text), images, reconstruction and kl (numbers)"),
            (#"{"evaluation":1}"#, "evaluation needs data (text), images, reconstruction and kl (numbers)"),
        ])
    func provenance(text: String, what: String) throws {
        #expect(try problem(changed(metadata: { $0["provenance"] = text })) == .badProvenance(what))
    }

    @Test("Provenance with keys of a later version is read")
    func laterProvenance() throws {
        let path = try changed(metadata: { $0["provenance"] = #"{"dataset":"x","later":[1]}"# })
        #expect(try NativeModel.read(path).provenance == Provenance(dataset: "x"))
    }

    @Test("Weights that are no floats, or that no float can hold, are refused")
    func wrongNumbers() throws {
        let bytes = try Array(Data(contentsOf: URL(filePath: Fixture.path("types.safetensors"))))
        let text = String(decoding: bytes, as: Unicode.ASCII.self)
        #expect(text.contains("\"F64\""))
        func replaced(_ from: String, _ to: String) throws -> String {
            let range = try #require(Data(bytes).range(of: Data(from.utf8)))
            var changed = bytes
            changed.replaceSubrange(range, with: Array(to.utf8))
            return try folder.file("numbers", changed)
        }
        #expect(try problem(replaced("\"F64\"", "\"I64\"")) == .tensor("decoder.0.weight", .notFloat(.int64)))
        let file = try SafetensorsFile(Fixture.path("types.safetensors"))
        let entry = try #require(file.header["decoder.0.weight"])
        let start = file.size - file.header.dataSize + entry.range.lowerBound
        var changed = bytes
        changed.replaceSubrange(start..<start + 8, with: withUnsafeBytes(of: 1e300) { Array($0) })
        #expect(
            try problem(folder.file("large", changed)) == .tensor("decoder.0.weight", .tooLargeForFloat))
    }

    @Test("A file that is cut while it is open gives an error, and what was opened before a replacement stays whole")
    func changesWhileOpen() throws {
        let model = try Fixture.model()
        try Checkpoint.write(model, to: folder.path("a"))
        let file = try SafetensorsFile(folder.path("a"))
        try Checkpoint.write(NativeModel.read(Fixture.path("types.safetensors")), to: folder.path("a"))
        #expect(try Checkpoint.model(of: file).tensors == model.tensors)
        let other = try SafetensorsFile(folder.path("a"))
        #expect(truncate(folder.path("a"), 100) == 0)
        #expect(throws: CheckpointError.file(.changed(path: folder.path("a")))) { try Checkpoint.model(of: other) }
    }
}
