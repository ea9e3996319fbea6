import Importing
import JSON
import Neural

/// Answers to what a file of weights alone does not say.
struct KerasHypothesis: Hashable, Sendable {
    /// What is asked on pictures, one after the other.
    enum Question: CaseIterable { case activation, places, output, heads }

    /// Of the decoder's convolutions in order.
    var sizes: [KerasStep]
    /// As Keras's configurations have it: a name, or a layer.
    var activation: JSONValue
    var output: JSONValue
    /// Where normalization follows a layer: whether the activation comes between them.
    var activatesFirst = false
    /// Whether the layer before the first map has an activation, and where others have theirs as layers, who has none.
    var activatesMap = true
    var swapsHeads = false
}

/// How one convolution changes the size of a map.
struct KerasStep: Hashable, Sendable {
    var stride = 1
    var isSame = true
    /// Enlarged before it, by repetition.
    var enlarged = 1
    /// Made smaller behind it, by the largest.
    var pooled = 1

    /// The side that it makes; nil where nothing is left.
    func side(_ side: Int, kernel: Int, isTransposed: Bool) -> Int? {
        let side = side * enlarged
        if isTransposed { return isSame ? side * stride : max((side - 1) * stride + kernel, side * stride) }
        guard isSame || side >= kernel else { return nil }
        let made = isSame ? (side + stride - 1) / stride : (side - kernel) / stride + 1
        return made / pooled > 0 ? made / pooled : nil
    }
}

/// Activations as configurations have them.
enum KerasActivation {
    static func leaky(_ slope: Float) -> JSONValue {
        .object(["class_name": .string("LeakyReLU"), "config": .object(["negative_slope": .float(slope)])])
    }

    /// Most usual first.
    static let between: [JSONValue] =
        [.string("relu"), leaky(0.3), leaky(0.2)]
        + ["elu", "selu", "tanh", "swish", "gelu", "sigmoid", "softplus"].map { .string($0) } + [leaky(0.01)]

    static let ends: [JSONValue] = ["sigmoid", "tanh", "linear"].map { .string($0) }

    /// - Parameter operation: as an option gives it; nil for none.
    static func named(_ operation: Neural.Operation?) -> JSONValue? {
        guard let operation else { return .string("linear") }
        if operation.kind() == "LeakyReLU" {
            let slope = operation.settings().first { $0.name == "negative_slope" }?.value
            guard case .number(let number)? = slope else { return leaky(0.01) }
            return leaky(number)
        }
        let words = [
            "ReLU": "relu", "ELU": "elu", "SELU": "selu", "GELU": "gelu", "SiLU": "silu", "Tanh": "tanh",
            "Softplus": "softplus", "Sigmoid": "sigmoid", "Softmax": "softmax",
        ]
        return words[operation.kind()].map { .string($0) }
    }

    static func text(_ json: JSONValue) -> String {
        if let name = json.string { return name }
        return "leaky_relu:\(json.object?["config"]?.object?["negative_slope"]?.number ?? 0.3)"
    }
}
