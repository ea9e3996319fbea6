import Importing
import Neural
import VAE

/// One answer to every open question about a file.
struct Hypothesis: Hashable, Sendable {
    var sizes: Sizes
    /// Between the layers; nil: none.
    var activation: Operation?
    /// The same of the encoder, which few give another one.
    var encoderActivation: Operation?
    var output: Operation?
    var pixelRange: PixelRange
    var secondHead: SecondHead
    /// Whether the second head, as the file has them, is the mean.
    var swapsHeads = false
    /// Whether a label comes before the point.
    var isLabelFirst = false
    /// Whether an activation follows the last linear layer before the decoder's convolutions, where nothing tells it.
    var activatesMap = true
    /// Whether an activation stands between the encoder and its heads, where nothing tells it.
    var activatesHeads = true
    /// Whether an activation makes the latents of a plain autoencoder.
    var activatesLatents = false
    /// Groups of group normalizations; nil: the usual number.
    var groups: Int?
    var isBilinear = false
}

/// Activations that people use, by the names of `torch.nn`.
enum Activations {
    static func make(_ kind: String, _ settings: [(name: String, value: Setting)] = []) -> Operation? {
        try? LayerCatalog.entry(named: kind)?.make(settings)
    }

    /// What a module is whose settings a file lists; nil for other layers.
    static func make(_ record: ModuleRecord) -> Operation? {
        guard let entry = LayerCatalog.entry(named: record.kind) else { return nil }
        let known = Set(entry.keywords.map(\.name))
        return try? entry.make(
            record.settings.filter { known.contains($0.key) }.sorted { $0.key < $1.key }.map {
                (name: $0.key, value: $0.value)
            })
    }

    static let relu = make("ReLU")
    static let sigmoid = make("Sigmoid")
    static let tanh = make("Tanh")
    static func leaky(_ slope: Float) -> Operation? { make("LeakyReLU", [("negative_slope", .number(slope))]) }

    static func isLeaky(_ operation: Operation?) -> Bool { operation?.kind() == "LeakyReLU" }

    /// ReLU, and the slope next to it.
    static func hardlyDiffer(_ one: Operation?, _ other: Operation?) -> Bool {
        let flat = [relu, leaky(0.01)]
        return flat.contains(one) && flat.contains(other)
    }

    /// Most usual first.
    static var between: [Operation] {
        [
            relu, leaky(0.01), leaky(0.2), tanh, make("ELU"), make("SiLU"), make("GELU"), make("Softplus"),
            make("SELU"),
            sigmoid, leaky(0.1), make("Mish"), leaky(0.3),
        ].compactMap(\.self)
    }
}
