import Deduction
import Importing
import Neural
import Testing
import VAE

@Suite("Channels that become pixels")
struct PixelShuffleTests {
    private typealias Dicts = SmallDicts

    private static func encoder(_ channels: Int) -> [StateDict.Entry] {
        Dicts.convolution("enc.0", channels, 4, kernel: 4) + Dicts.convolution("enc.2", 4, 8, kernel: 4)
            + Dicts.linear("mu", 8 * 49, 3) + Dicts.linear("lv", 8 * 49, 3)
    }

    private static func decoder(_ widths: [(Int, Int)]) -> [StateDict.Entry] {
        Dicts.linear("fc", 3, 8 * 49)
            + widths.enumerated().flatMap { Dicts.convolution("dec.\(2 + 3 * $0)", $1.0, $1.1) }
    }

    private static func certainty(_ subject: String, _ model: ImportedModel) -> Certainty? {
        model.findings.first { $0.subject == subject }?.certainty
    }

    @Test("The encoder's first convolution says how many channels the last shuffle leaves")
    func witness() throws {
        let model = try Dicts.imported(Self.encoder(1) + Self.decoder([(8, 32), (8, 4)]))
        let architecture = model.model.architecture
        #expect(architecture.image.extents == [1, 28, 28] && architecture.encoder != nil)
        let layers = Dicts.layers(architecture.decoder)
        #expect(layers.count { $0 == "PixelShuffle(2)" } == 2 && !layers.contains { $0.hasPrefix("Upsample") })
        #expect(Self.certainty("picture", model) == .inferred && Self.certainty("dec.2", model) == .inferred)
    }

    @Test("A picture of color takes twelve channels, and a factor of four sixteen for each")
    func factors() throws {
        let color = try Dicts.imported(Self.encoder(3) + Self.decoder([(8, 16), (4, 12)]))
        #expect(color.model.architecture.image.extents == [3, 28, 28])
        let gray = try Dicts.imported(Self.encoder(1) + Self.decoder([(8, 16)]))
        #expect(gray.model.architecture.image.extents == [1, 28, 28])
        #expect(Dicts.layers(gray.model.architecture.decoder).contains("PixelShuffle(4)"))
    }

    @Test("Without an encoder the end is a guess, which an option settles")
    func alone() throws {
        let entries = Self.decoder([(8, 16), (4, 4)])
        let guess = try Dicts.imported(entries)
        #expect(guess.model.architecture.image.extents == [1, 28, 28])
        #expect(Self.certainty("picture", guess) == .guessed)
        var options = ImportOptions()
        options.imageShape = [4, 14, 14]
        let told = try Deduced(StateDict(entries), options: options, format: "test").imported()
        #expect(told.model.architecture.image.extents == [4, 14, 14])
    }

    @Test("What an option says of a picture's channels is taken")
    func option() throws {
        var options = ImportOptions()
        options.imageShape = [1, 28, 28]
        let dict = StateDict(Self.encoder(1) + Self.decoder([(8, 16), (4, 4)]))
        let model = try Deduced(dict, options: options, format: "test").imported()
        #expect(model.model.architecture.image.extents == [1, 28, 28])
        #expect(Self.certainty("picture", model) == .known)
    }

    @Test("A normalization may stand after the shuffle, and have as many channels as it leaves")
    func normalization() throws {
        let decoder =
            Dicts.linear("fc", 3, 8 * 49) + Dicts.convolution("dec.0", 8, 16) + Dicts.normalization("dec.2", 4)
            + Dicts.convolution("dec.4", 4, 4)
        let architecture = try Dicts.imported(Self.encoder(1) + decoder).model.architecture
        let layers = Dicts.layers(architecture.decoder)
        let shuffle = try #require(layers.firstIndex(of: "PixelShuffle(2)"))
        #expect(layers[shuffle + 1].hasPrefix("BatchNorm2d(4"))
        #expect(architecture.image.extents == [1, 28, 28])
    }
}
