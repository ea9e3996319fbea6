import Foundation
import Importing
import Neural
import Testing

@testable import TorchFiles

/// A folder that goes with the test.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "torch-files-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = url.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path
    }
}

/// The files of `Fixtures/make_torch_files.py`.
enum Fixture {
    static let folder: URL = {
        guard let folder = Bundle.module.resourceURL else { return URL(fileURLWithPath: "Fixtures/files") }
        return folder.appending(path: "Fixtures/files")
    }()

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    struct ExpectedTensor: Decodable {
        let name: String
        let extents: [Int]
        let values: [Double]
    }

    static let expected: [String: [ExpectedTensor]] = {
        let data = try? Data(contentsOf: folder.appending(path: "expected.json"))
        return (try? JSONDecoder().decode([String: [ExpectedTensor]].self, from: data ?? Data())) ?? [:]
    }()
}

/// Runs a pickle that is given as bytes and texts.
func pickle(_ bytes: [UInt8]) throws(PickleProblem) -> PickleGraph {
    var result: Result<PickleGraph, PickleProblem> = .failure(.endsEarly)
    bytes.withUnsafeBytes { bytes in
        result = Result { () throws(PickleProblem) in try PickleMachine.run(bytes).graph }
    }
    return try result.get()
}

/// What a file is refused with; nil where it is read.
func problem(_ path: String) -> ImportProblem? {
    do throws(ImportProblem) {
        _ = try TorchFile.read(path)
        return nil
    } catch {
        return error
    }
}
