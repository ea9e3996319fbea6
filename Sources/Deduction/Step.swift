import Importing
import Neural

/// One linear layer or convolution with what belongs to it, in the order of use.
struct Step: Sendable {
    enum Role: Hashable, Sendable { case linear, convolution, transposed }

    /// What has to happen to a value before the layer can read it.
    enum Entrance: Hashable, Sendable {
        case asIs, flatten
        /// A vector becomes a map of so many channels.
        case unflatten(Int)
        /// A pixel shuffle by a factor.
        case shuffle(Int)
    }

    /// Where the activation stands.
    enum ActivationPlace: Hashable, Sendable { case none, beforeNorm, afterNorm }

    let layer: WeightedLayer
    let role: Role
    var entrance: Entrance
    /// How many of its inputs are a label's.
    var labels = 0
    var groups = 1
    var before: [WeightedLayer] = []
    var norms: [WeightedLayer] = []
    /// A PReLU's.
    var slopes: WeightedLayer?
    var activation = ActivationPlace.afterNorm
    /// Whether the numbering of a Sequential, or records of its modules, say where the activation stands.
    var isActivationKnown = false
    /// How many modules without weights may stand after it beside the activation; nil: unknown.
    var room: Int?
    /// Whether it may as well be a convolution that is not transposed, or one that is.
    var isRoleOpen = false
    /// Whether it ends an encoder.
    var isHead = false
    /// What stands after it in its Sequential, where the file says that.
    var records: [ModuleRecord]?

    var kernel: Int {
        if case .convolution(let extents) = layer.kind { extents[2] } else { 1 }
    }

    var outputs: Int {
        switch layer.kind {
        case .linear(_, let outputs): outputs
        case .convolution(let extents): role == .transposed ? extents[1] * groups : extents[0]
        default: 0
        }
    }

    var inputs: Int {
        switch layer.kind {
        case .linear(let inputs, _): inputs
        case .convolution(let extents): role == .transposed ? extents[0] : extents[1] * groups
        default: 0
        }
    }

    /// Every layer of it.
    var layers: [WeightedLayer] { [layer] + before + norms + (slopes.map { [$0] } ?? []) }
}

/// Two or three convolutions whose result is added to what went in.
struct ResidualBlock: Sendable {
    var path: String
    var body: [Step]
    var skip: [Step]
    /// Whether a vector becomes a map before it.
    var unflattens = false

    var inputs: Int { body.first?.inputs ?? 0 }
    var outputs: Int { body.last?.outputs ?? 0 }
    /// Normalization, activation, convolution; not convolution, normalization, activation.
    var isPreActivated: Bool { body.first?.before.isEmpty == false }
}

/// What a half is made of, in the order of use.
enum Element: Sendable {
    case step(Step)
    case residual(ResidualBlock)

    /// The first step.
    var first: Step? {
        switch self {
        case .step(let step): step
        case .residual(let block):
            block.body.first.map { step in
                var step = step
                if block.unflattens { step.entrance = .unflatten(block.inputs) }
                return step
            }
        }
    }

    var layers: [WeightedLayer] {
        switch self {
        case .step(let step): step.layers
        case .residual(let block): (block.body + block.skip).flatMap(\.layers)
        }
    }

    var step: Step? { if case .step(let step) = self { step } else { nil } }

    var isConvolution: Bool { step.map { $0.role != .linear } ?? true }
}

/// What flows between the layers as far as names of tensors tell it: sizes of maps are open.
enum Flow: Hashable, Sendable {
    case vector(Int)
    case map(Int)
}
