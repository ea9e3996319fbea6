import Checkpoints
import Foundation
import Neural
import Testing

@testable import Runs

@Suite("The newest checkpoint of a run")
struct ModelWatchTests {
    private let folder = Scratch()

    /// A state dict of a small decoder, of no framework's own architecture.
    private func save(_ name: String, bias: Float, at seconds: TimeInterval) throws {
        let layers = [("decoder.0", [4, 2]), ("decoder.2", [64, 4])]
        let tensors = layers.flatMap { layer, extents -> [(name: String, tensor: Tensor)] in
            let values = [Float](repeating: 0.1, count: extents.reduce(1, *))
            return [
                ("\(layer).weight", Tensor(extents: extents, values: values)),
                ("\(layer).bias", Tensor(extents: [extents[0]], values: [Float](repeating: bias, count: extents[0]))),
            ]
        }
        try SafetensorsWriter.write(tensors, metadata: [], to: folder / name)
        try date(name, seconds)
    }

    private func date(_ name: String, _ seconds: TimeInterval) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000 + seconds)], ofItemAtPath: folder / name)
    }

    private func models(_ follower: RunFollower, looks: Int = 2) -> [FollowedModel] {
        (0..<looks).flatMap { _ in follower.poll() }.compactMap {
            if case .model(let model) = $0 { model } else { nil }
        }
    }

    @Test("The newest file is taken, of any framework's endings, with what of it is a guess; then the next")
    func newest() throws {
        try FileManager.default.createDirectory(
            atPath: folder / "version_0/checkpoints", withIntermediateDirectories: true)
        try save("version_0/checkpoints/epoch=0-step=10.ckpt", bias: 0.1, at: 1)
        try save("version_0/checkpoints/last.ckpt", bias: 0.2, at: 2)
        let follower = try RunFollower(folder.path)
        let first = models(follower)
        #expect(first.map { URL(fileURLWithPath: $0.path).lastPathComponent } == ["last.ckpt"])
        #expect(first.first?.guessed?.contains("activation") == true)
        #expect(models(follower).isEmpty)
        try save("version_0/checkpoints/last.ckpt", bias: 0.3, at: 3)
        #expect(models(follower).first?.model.tensors["decoder.0.bias"]?.values.first == 0.3)
    }

    @Test("A file that is half written is taken later, and the whole one before it meanwhile")
    func half() throws {
        try save("a.pth", bias: 0.1, at: 1)
        try save("b.pt", bias: 0.2, at: 2)
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder / "b.pt"))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder / "b.pt"))
        try date("b.pt", 2)
        let follower = try RunFollower(folder.path)
        #expect(models(follower).map(\.path) == [folder / "a.pth"])
        try whole.write(to: URL(fileURLWithPath: folder / "b.pt"))
        try date("b.pt", 3)
        #expect(models(follower).map(\.path) == [folder / "b.pt"])
    }

    @Test("Files beside the model that are none do not stand in its way")
    func others() throws {
        try save("model.pt", bias: 0.1, at: 1)
        for (place, name) in ["optimizer.pt", "notes.pth"].enumerated() {
            try Data("no model".utf8).write(to: URL(fileURLWithPath: folder / name))
            try date(name, 2 + TimeInterval(place))
        }
        let follower = try RunFollower(folder.path)
        #expect(models(follower).map(\.path) == [folder / "model.pt"])
    }

    @Test("Whoever follows may say how a model is opened")
    func opener() throws {
        struct Refusal: Error, CustomStringConvertible { let description = "not this one" }
        try save("model.pt", bias: 0.1, at: 1)
        let follower = try RunFollower(folder.path, open: { _ in throw Refusal() })
        let updates = (0..<2).flatMap { _ in follower.poll() }
        #expect(updates.contains { if case .problem(let text?) = $0 { text == "not this one" } else { false } })
    }
}
