import Deduction
import Importing
import Neural
import Testing
import VAE

@Suite("Residual blocks within a Sequential")
struct NestedResidualTests {
    private typealias Dicts = SmallDicts

    private func groups(_ name: String, _ channels: Int) -> [StateDict.Entry] {
        [Dicts.entry(name + ".weight", channels), Dicts.entry(name + ".bias", channels)]
    }

    /// A normalization and an activation before each convolution, without a word that says what the block is.
    private func block(_ path: String, _ channels: Int) -> [StateDict.Entry] {
        groups("\(path).block.0", channels) + Dicts.convolution("\(path).block.2", channels, channels)
            + groups("\(path).block.3", channels) + Dicts.convolution("\(path).block.5", channels, channels)
    }

    @Test("Gaps between the blocks are enlargements, and nothing stands between what has none")
    func gaps() throws {
        let encoder =
            Dicts.convolution("encoder.0", 3, 8) + block("encoder.1", 8) + Dicts.convolution("encoder.2", 8, 16)
            + block("encoder.3", 16) + groups("encoder.4", 16) + Dicts.convolution("to_mu", 16, 4, kernel: 1)
            + Dicts.convolution("to_logvar", 16, 4, kernel: 1)
        let decoder =
            Dicts.convolution("decoder.0", 4, 16) + block("decoder.1", 16) + Dicts.convolution("decoder.3", 16, 8)
            + block("decoder.4", 8) + Dicts.convolution("decoder.6", 8, 8) + groups("decoder.7", 8)
            + Dicts.convolution("decoder.9", 8, 3)
        let architecture = try Dicts.imported(encoder + decoder).model.architecture
        #expect(architecture.latent.extents == [4, 8, 8] && architecture.image.extents == [3, 32, 32])
        let names = Dicts.layers(architecture.decoder).map { $0.prefix { $0.isLetter || $0.isNumber } }
        let body = ["GroupNorm", "SiLU", "Conv2d", "GroupNorm", "SiLU", "Conv2d", "add"]
        #expect(
            names.prefix(19).map(String.init)
                == ["Conv2d"] + body + ["Upsample", "Conv2d"] + body + ["Upsample", "Conv2d"])
        #expect(names.dropFirst(19).prefix(3).map(String.init) == ["GroupNorm", "SiLU", "Conv2d"])
        let layers = Dicts.layers(try #require(architecture.encoder))
        let strided = layers.filter { $0.contains("stride=2") }
        #expect(strided.count == 2 && strided.allSatisfy { !$0.contains("Conv2d(8, 8") && !$0.contains("(16, 16") })
        #expect(layers.count { $0 == "add" } == 2)
    }

    @Test("A block that begins with an activation leaves the next one to what follows it")
    func activated() throws {
        func block(_ path: String) -> [StateDict.Entry] {
            Dicts.convolution("\(path).conv.1", 8, 4) + Dicts.convolution("\(path).conv.3", 4, 8, kernel: 1)
        }
        let encoder =
            Dicts.convolution("encoder.0", 3, 8, kernel: 4) + Dicts.convolution("encoder.2", 8, 8, kernel: 4)
            + block("encoder.3") + Dicts.convolution("mu", 8, 4, kernel: 1)
            + Dicts.convolution("logvar", 8, 4, kernel: 1)
        let decoder =
            Dicts.convolution("decoder.0", 4, 8) + block("decoder.1") + block("decoder.2")
            + Dicts.transposed("decoder.4", 8, 8, kernel: 4) + Dicts.transposed("decoder.6", 8, 3, kernel: 4)
        let architecture = try Dicts.imported(encoder + decoder).model.architecture
        let names = Dicts.layers(architecture.decoder).map { $0.prefix { $0.isLetter || $0.isNumber } }
        let body = ["ReLU", "Conv2d", "ReLU", "Conv2d", "add"]
        #expect(
            names.prefix(15).map(String.init)
                == ["Conv2d"] + body + body + ["ReLU", "ConvTranspose2d", "ReLU", "ConvTranspose2d"])
    }
}
