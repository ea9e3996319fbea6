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
    /// Whether the only module that may stand after it beside its activation may be an enlargement in the activation's place.
    var mayYield = false
    /// Whether it ends an encoder.
    var isHead = false
    /// What stands after it in its Sequential, where the file says that.
    var records: [ModuleRecord]?
    /// What stands before it there, where that is not what follows the layer before.
    var leading: [ModuleRecord] = []
    /// What stands there between it and its normalization.
    var between: [ModuleRecord] = []

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

    var isNormalizedByBatch: Bool {
        norms.contains { if case .batchNormalization = $0.kind { true } else { false } }
    }

    /// Every layer of it.
    var layers: [WeightedLayer] { [layer] + before + norms + (slopes.map { [$0] } ?? []) }
}

/// Two or three convolutions whose result is added to what went in.
struct ResidualBlock: Sendable {
    var path: String
    var body: [Step]
    var skip: [Step]
    /// What happens to a value before it.
    var entrance = Step.Entrance.asIs
    /// A normalization of the sum.
    var after: WeightedLayer?
    /// Whether an activation follows the sum of a block that begins with one, as the file's numbers, or usage, tell.
    var isActiveAfter = false
    /// How many modules without weights may stand after it beside that; nil: unknown.
    var room: Int?

    var inputs: Int { body.first?.inputs ?? 0 }
    var outputs: Int { body.last?.outputs ?? 0 }
    /// Which of the body's convolutions enlarges the map before it, as its name tells: `conv1.conv`, whose module does that.
    var enlarging: Int? { skip.isEmpty ? nil : body.firstIndex { $0.layer.resizes } }
    /// Whether it is named as torchvision names them: `layer2.0`.
    var isNumbered: Bool { ResidualBlock.isNumbered(path) }

    static func isNumbered(_ path: String) -> Bool {
        let words = Words.split(path).suffix(2)
        return words.count == 2 && words.first?.first == "layer" && words.last?.count == 1
            && words.last?.first.flatMap { Int($0) } != nil
    }
    /// Whether an activation stands first, as the numbers of a Sequential tell.
    var startsActive: Bool {
        guard let first = body.first, let position = first.layer.position, body.count > 1 else { return false }
        return position.number - first.before.count >= 1 && body[1].layer.position?.parent == position.parent
    }
    /// Normalization, activation, convolution; not convolution, normalization, activation.
    var isPreActivated: Bool { body.first?.before.isEmpty == false }
    /// Whether nothing but a normalization of its own is sure to follow its sum.
    var endsBare: Bool { isPreActivated || startsActive }
    /// The Sequential that holds it, and its number there where it has one: `decoder`, 1, also of `decoder.1.res`.
    var position: (parent: String, number: Int)? {
        let components = path.split(separator: ".").map(String.init)
        for outer in [components, components.dropLast()] {
            if let number = outer.last.flatMap({ Int($0) }) { return (outer.dropLast().joined(separator: "."), number) }
        }
        return nil
    }
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
                step.entrance = block.entrance
                return step
            }
        }
    }

    var layers: [WeightedLayer] {
        switch self {
        case .step(let step): step.layers
        case .residual(let block): (block.body + block.skip).flatMap(\.layers) + (block.after.map { [$0] } ?? [])
        }
    }

    var outputs: Int {
        switch self {
        case .step(let step): step.outputs
        case .residual(let block): block.outputs
        }
    }

    /// The Sequential that holds its first layer, or the whole block, and its number there.
    var position: (parent: String, number: Int)? {
        switch self {
        case .step(let step): (step.before.first ?? step.layer).position
        case .residual(let block): block.position
        }
    }

    /// How many modules without weights may stand after it beside its activation; nil: unknown.
    var room: Int? {
        switch self {
        case .step(let step): step.room
        case .residual(let block): block.room
        }
    }

    var step: Step? { if case .step(let step) = self { step } else { nil } }

    /// Whether it is a residual block that enlarges its map within.
    var enlarges: Bool { if case .residual(let block) = self { block.enlarging != nil } else { false } }

    var isConvolution: Bool { step.map { $0.role != .linear } ?? true }
}

/// What flows between the layers as far as names of tensors tell it: sizes of maps are open.
enum Flow: Hashable, Sendable {
    case vector(Int)
    case map(Int)
}

extension [Element] {
    /// Whether what a layer reads may have been pooled to one pixel: right after residual blocks.
    func pools(_ index: Int) -> Bool {
        guard index > 0, case .residual = self[index - 1] else { return false }
        return true
    }
}

extension WeightedLayer {
    /// Whether it is a convolution in a module of its own that resizes the map before: `conv1.conv`, and nothing beside it.
    var resizes: Bool {
        let components = path.split(separator: ".")
        // Of Lightning Bolts an interpolation and a convolution in a Sequential: `layer1.0.conv2.1`.
        if isConvolution, components.last == "1", let dot = path.lastIndex(of: ".") {
            let holder = path[..<dot]
            let block =
                holder.hasSuffix(".upsample.0") ? holder.dropLast(".upsample.0".count) : holder.dropLast(".conv2".count)
            return (holder.hasSuffix(".upsample.0") || holder.hasSuffix(".conv2"))
                && ResidualBlock.isNumbered(String(block))
        }
        return isConvolution && components.count > 1 && components.last == "conv"
            && (components[components.count - 2].hasPrefix("conv") || components.dropLast(2).last == "shortcut")
    }
}
