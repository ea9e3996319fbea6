/// Groups of channels, each by its own mean and variance: `torch.nn.GroupNorm` (Wu & He 2018).
public struct GroupNormalization: ExecutableLayer {
    public var groups: Int
    public var channels: Int
    public var epsilon: Float
    /// Whether it has a weight and a bias.
    public var isAffine: Bool

    public init(groups: Int, channels: Int, epsilon: Float = 1e-5, isAffine: Bool = true) {
        self.groups = groups
        self.channels = channels
        self.epsilon = epsilon
        self.isAffine = isAffine
    }

    public static let kinds = [
        LayerKind(
            "GroupNorm", GroupNormalization(groups: 1, channels: 0),
            [
                .integer("num_groups", \.groups), .integer("num_channels", \.channels), .number("eps", \.epsilon, 1e-5),
                .flag("affine", \.isAffine, true),
            ])
    ]

    public var parameters: [ParameterDeclaration] { .affine([channels], isAffine) }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(epsilon > 0, "an epsilon above 0")
        try require(groups >= 1 && channels % groups == 0, "channels that are a multiple of its groups")
        try expect(shapes[0].extents[0] == channels, shapes[0], counted(channels, "channel", "channels"))
        return shapes[0]
    }

    // MARK: Execution

    var readsImages: Bool { true }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        guard node.inputShapes[0].image == nil else {
            return lowering.appendGroupNormalization(node, channels: channels, groups: groups, epsilon: epsilon)
        }
        // A group's elements lie one after the other.
        let length = node.outputShape.count / groups
        let kernel = RowNormalization(
            rows: groups, length: length, epsilon: epsilon,
            weights: .init(hasWeight: isAffine, hasBias: isAffine, differ: true, repeats: length * groups / channels))
        let source = lowering.read(node.inputs[0], as: .plain)
        lowering.append(
            SampleStage(
                kernel, name: name, inputs: [source], output: lowering.make(node.output, .plain, staysInTile: true),
                layouts: node.parameters.map { .plain($0, isSharded: true) }))
    }
}

/// Each channel of an image by its own mean and variance: `torch.nn.InstanceNorm2d` (Ulyanov et al. 2016).
///
/// With running statistics those are used, as PyTorch does outside of training: each channel is then scaled by fixed
/// numbers, and training leaves the statistics as they are.
public struct InstanceNormalization: ExecutableLayer {
    public var channels: Int
    public var epsilon: Float
    public var momentum: Float
    public var isAffine: Bool
    public var hasStatistics: Bool

    public init(
        channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1, isAffine: Bool = false, hasStatistics: Bool = false
    ) {
        self.channels = channels
        self.epsilon = epsilon
        self.momentum = momentum
        self.isAffine = isAffine
        self.hasStatistics = hasStatistics
    }

    public static let kinds = [
        LayerKind(
            "InstanceNorm2d", InstanceNormalization(channels: 0),
            [
                .integer("num_features", \.channels), .number("eps", \.epsilon, 1e-5),
                .number("momentum", \.momentum, 0.1), .flag("affine", \.isAffine, false),
                .flag("track_running_stats", \.hasStatistics, false),
            ])
    ]

    public var parameters: [ParameterDeclaration] {
        .affine([channels], isAffine)
            + (hasStatistics ? ["running_mean", "running_var"] : []).map {
                ParameterDeclaration(name: $0, extents: [channels], role: .statistic)
            }
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(epsilon > 0, "an epsilon above 0")
        let image = try imageInput(shapes[0], channels: channels)
        try expect(hasStatistics || image.height * image.width > 1, shapes[0], "images of more than one pixel")
        return shapes[0]
    }

    // MARK: Execution

    var readsImages: Bool { true }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        guard hasStatistics else {
            return lowering.appendGroupNormalization(node, channels: channels, groups: channels, epsilon: epsilon)
        }
        let kernel = FixedNormalization(
            pixels: node.outputShape.count / channels, channels: channels, epsilon: epsilon, isAffine: isAffine)
        let source = lowering.readImage(node.inputs[0])
        lowering.append(
            SampleStage(
                kernel, name: name, inputs: [source], output: lowering.makeImage(node.output),
                layouts: node.parameters.map { .plain($0, isSharded: $0.role != .statistic) }))
    }
}

extension Lowering {
    /// Normalization of groups of an image's channels, in plans for inference with the activation that follows.
    mutating func appendGroupNormalization(_ node: LoweredNode, channels: Int, groups: Int, epsilon: Float) {
        let fused = isTraining ? (activation: .identity, value: node.output) : fuseActivation(after: node.output)
        let source = readImage(node.inputs[0])
        append(
            GroupNormalizationStage(
                node.parameters, channels: channels, groups: groups, epsilon: epsilon, activation: fused.activation,
                input: source, output: makeImage(fused.value)))
    }
}

extension [ParameterDeclaration] {
    /// The weight and the bias of a normalization.
    static func affine(_ extents: [Int], _ isAffine: Bool, bias: Bool = true) -> [ParameterDeclaration] {
        guard isAffine else { return [] }
        return [ParameterDeclaration(name: "weight", extents: extents, role: .weight)]
            + (bias ? [ParameterDeclaration(name: "bias", extents: extents, role: .bias)] : [])
    }
}
