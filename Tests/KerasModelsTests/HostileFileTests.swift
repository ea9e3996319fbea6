import Foundation
import Importing
import JSON
import Testing

@testable import KerasModels

@Suite("Hostile Keras files")
struct HostileFileTests {
    /// What is said of a file; nil where it opens.
    private func problem(_ bytes: [UInt8]) throws -> ImportProblem? {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try problem(at: path)
    }

    private func problem(at path: String) throws -> ImportProblem? {
        let reader = try hdf5Reader()
        do {
            _ = try KerasModel.read(path, executable: reader)
            return nil
        } catch {
            return error
        }
    }

    @Test("Of layers without weights it is said that the weights are missing")
    func layersAlone() throws {
        let problem = try #require(try problem(at: try fixturePath("models/layers-alone.h5")))
        #expect(problem.kind == .badFile && problem.reason.contains("none of their weights"), "\(problem)")
    }

    @Test("A file that is cut anywhere ends in a sentence", arguments: ["keras3-decoder.keras", "keras2-decoder.h5"])
    func truncated(_ name: String) throws {
        let bytes = try fixture("models/\(name)")
        for length in stride(from: 0, to: bytes.count - 1, by: bytes.count / 20) {
            #expect(try problem(Array(bytes[..<length])) != nil)
        }
    }

    @Test(
        "A file whose bytes were changed opens or ends in a sentence",
        arguments: ["keras3-decoder.keras", "keras2-whole.h5"])
    func mutated(_ name: String) throws {
        let original = try fixture("models/\(name)")
        for round in 0..<50 {
            var bytes = original
            for _ in 0...round % 6 {
                bytes[Int.random(in: 0..<(round.isMultiple(of: 2) ? 4096 : bytes.count))] = UInt8.random(in: 0...255)
            }
            _ = try problem(bytes)
        }
    }

    @Test("A configuration whose values were changed opens or ends in a sentence")
    func mutatedConfiguration() throws {
        let weights = try fixturePath("models/keras3.weights.h5")
        let json = try JSONValue(parsing: fixture("models.json"), limits: JSONLimits(depth: 64, values: 4_000_000))
        let config = try #require(json.object?["keras3.weights.h5"]?.object?["config"])
        let reader = try hdf5Reader()
        let source = try KerasFile.source(config: config, weights: weights, executable: reader)
        let layout = source.weights.layout
        for round in 0..<600 {
            let twisted = twist(config, chance: round % 3 == 0 ? 0.02 : 0.005)
            do {
                let model = try KerasConfigReader.model(twisted)
                _ = try KerasModel.model(
                    KerasSource(model: model, layout: layout, version: nil, format: ""), ImportOptions())
            } catch {
                #expect(!error.reason.isEmpty)
            }
        }
    }

    /// The document with some values replaced by what nobody expects.
    private func twist(_ json: JSONValue, chance: Double) -> JSONValue {
        let odd: [JSONValue] = [
            .null, .integer(0), .integer(-1), .integer(.max), .integer(.min), .number(1e300), .number(-0.5),
            .string(""),
            .string("same"), .string("../.."), .array([]), .object([:]), .integer(1 << 28), .array([.integer(1 << 27)]),
            .array([.integer(0), .integer(0)]), .boolean(true), .string("dense"), .integer(2),
        ]
        if Double.random(in: 0..<1) < chance { return odd.randomElement() ?? .null }
        switch json {
        case .array(let list): return .array(list.map { twist($0, chance: chance) })
        case .object(let object):
            var result: JSONObject = [:]
            for member in object.members { _ = result.insert(twist(member.value, chance: chance), named: member.name) }
            return .object(result)
        default: return json
        }
    }

    private func config(_ layers: String, inputs: String, outputs: String) throws -> JSONValue {
        try JSONValue(
            parsing: """
                {"class_name": "Functional", "config": {"name": "m", "layers": [\(layers)],
                 "input_layers": [\(inputs)], "output_layers": [\(outputs)]}}
                """)
    }

    private func reason(_ config: JSONValue) -> String {
        do {
            let model = try KerasConfigReader.model(config)
            _ = try KerasModel.model(
                KerasSource(model: model, layout: .flat([:]), version: nil, format: ""), ImportOptions())
            return "it opened"
        } catch {
            return "\(error)"
        }
    }

    private let input =
        #"{"class_name": "InputLayer", "name": "z", "config": {"batch_shape": [null, 2]}, "inbound_nodes": []}"#

    @Test("Layers that read each other in a circle are refused")
    func circle() throws {
        func layer(_ name: String, _ reads: String) -> String {
            #"{"class_name": "Add", "name": "\#(name)", "config": {}, "inbound_nodes": [[["\#(reads)", 0, 0, {}], ["z", 0, 0, {}]]]}"#
        }
        let config = try config(
            [input, layer("a", "b"), layer("b", "a")].joined(separator: ","), inputs: #"["z", 0, 0]"#,
            outputs: #"["b", 0, 0]"#)
        #expect(reason(config).contains("reads what it makes itself"))
    }

    @Test("A layer that is not there, one without weights, and an unknown one are named")
    func missing() throws {
        func reason(_ layer: String) throws -> String {
            self.reason(
                try config([input, layer].joined(separator: ","), inputs: #"["z", 0, 0]"#, outputs: #"["a", 0, 0]"#))
        }
        let read = #""inbound_nodes": [[["z", 0, 0, {}]]]"#
        #expect(
            try reason(#"{"class_name": "Add", "name": "a", "config": {}, "inbound_nodes": [[["q", 0, 0, {}]]]}"#)
                .contains("reads q, which is not in the configuration"))
        #expect(
            try reason(#"{"class_name": "Dense", "name": "a", "config": {}, \#(read)}"#)
                .contains("no weights (kernel, bias) for Dense a"))
        #expect(
            try reason(#"{"class_name": "Wavelet", "name": "a", "config": {}, \#(read)}"#)
                .contains("the layer Wavelet a is not supported"))
        #expect(
            try reason(#"{"class_name": "Lambda", "name": "a", "config": {}, \#(read)}"#)
                .contains("Lambda a holds Python code, which is not run"))
        // To save the decoder alone would not help: it is the decoder that has the layer.
        #expect(
            try reason(#"{"class_name": "Wavelet", "name": "a", "config": {}, \#(read)}"#)
                .contains(#"`decoder.export("decoder.onnx", format="onnx")`"#))
    }

    @Test("Models nested without end are refused")
    func nested() throws {
        var text = input
        for level in 0..<40 {
            text = #"{"class_name": "Sequential", "name": "m\#(level)", "config": {"layers": [\#(text)]}}"#
        }
        let json = try JSONValue(parsing: text, limits: JSONLimits(depth: 200))
        #expect(reason(json).contains("nested deeper"))
    }

    @Test("Shards come from the model's own folder alone")
    func shards() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = folder.appendingPathComponent("model.json")
        let original = String(decoding: try fixture("models/tfjs/model.json"), as: UTF8.self)
        try FileManager.default.createSymbolicLink(
            atPath: folder.appendingPathComponent("linked.bin").path,
            withDestinationPath: try fixturePath("models/tfjs/group1-shard1of2.bin"))
        for name in ["../secret.bin", "/etc/passwd", "a/b.bin", "..", "", "linked.bin", "missing.bin"] {
            try original.replacingOccurrences(of: "group1-shard1of2.bin", with: name)
                .write(to: model, atomically: true, encoding: .utf8)
            let problem = try #require(try problem(at: model.path))
            #expect(problem.reason.contains("shard"))
        }
    }

    @Test("Shards hold the weights that the list names, each once, and nothing more")
    func wrongWeights() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func said(_ weights: String, bytes: Int = 768) throws -> String {
            let model = folder.appendingPathComponent("model.json")
            try Data(count: bytes).write(to: folder.appendingPathComponent("s1"))
            let text = """
                {"modelTopology": {"class_name": "Sequential", "config": {"name": "m", "layers": [
                  {"class_name": "Dense", "config": {"name": "d", "units": 64, "batch_input_shape": [null, 2]}}]}},
                 "weightsManifest": [{"paths": ["s1"], "weights": [\(weights)]}]}
                """
            try Data(text.utf8).write(to: model)
            return try problem(at: model.path)?.reason ?? "it opened"
        }
        func weights(_ shape: String, _ more: String = "") -> String {
            #"{"name": "d/kernel", "shape": \#(shape), "dtype": "float32"\#(more)}"#
        }
        let bias = #", {"name": "d/bias", "shape": [64], "dtype": "float32"}"#
        #expect(try said(weights("[2, 64]") + bias) == "it opened")
        #expect(try said(weights("[2, 64]") + bias, bytes: 800).contains("hold 32 bytes more than its weights"))
        #expect(
            try said(weights("[2, 64]") + "," + weights("[2, 64]") + bias, bytes: 1280)
                .contains("two weights are called d/kernel"))
        #expect(try said(weights("[-2, 64]")).contains("have the shape [-2,64]"))
        #expect(try said(weights("[100000, 100000]")).contains("are too large"))
        #expect(
            try said(weights("[2, 64]", #", "quantization": {"dtype": "evil"}"#)).contains("of the type evil"))
    }

    @Test("JSON that is no model, and a zip archive that is none, end in a sentence")
    func others() throws {
        #expect(try problem(Array("{}".utf8))?.reason.contains("not a model of TensorFlow.js") == true)
        #expect(try problem(Array("PK".utf8)) != nil)
        #expect(try problem([]) != nil)
        #expect(try problem(Array(repeating: 0x7B, count: 100_000)) != nil)
    }
}
