import Foundation
import JSON
import Neural
import Testing
import VAE

@testable import Checkpoints

/// Files that Scripts/make_checkpoint_fixture.py has made.
enum Fixture {
    static func path(_ name: String) -> String {
        Bundle.module.resourceURL!.appending(path: "Fixtures/\(name)").path
    }

    static func json(_ name: String) throws -> JSONObject {
        try #require(JSONValue(parsing: Data(contentsOf: URL(filePath: path(name)))).object)
    }

    /// A model of a few numbers, with batch normalization.
    static func model(provenance: Provenance = Provenance()) throws -> Model {
        let architecture = try Architecture(
            input: Shape([1, 2, 2]), latentSize: 2, likelihood: .gaussian(),
            encoder: [
                .batchNormalization(BatchNormalization(channels: 1)), .flatten,
                .linear(inputs: 4, outputs: 4, bias: true),
            ],
            decoder: [.linear(inputs: 2, outputs: 4, bias: false), .unflatten(Shape([1, 2, 2]))])
        var tensors: [String: Tensor] = [:]
        for (index, parameter) in architecture.parameters.enumerated() {
            let values = (0..<parameter.count).map { Float($0) / 3 + Float(index) }
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: values)
        }
        return try Model(architecture: architecture, tensors: tensors, provenance: provenance)
    }
}

/// A folder for one test, gone at its end.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "checkpoints-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        try Data(bytes).write(to: url.appending(path: name))
        return path(name)
    }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() } }
}

/// A safetensors file of a header and data.
func safetensors(_ json: String, data: Int = 0) -> [UInt8] {
    withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Array($0) } + Array(json.utf8)
        + [UInt8](repeating: 0, count: data)
}

extension CheckpointError {
    var problem: CheckpointProblem? { if case .invalid(_, let problem) = self { problem } else { nil } }
}
