/// By the batch's own mean and variance in training, by the running ones else: `torch.nn.BatchNorm2d` and `BatchNorm1d`
/// (Ioffe & Szegedy 2015).
public struct BatchNormalization: ExecutableLayer {
    public var channels: Int
    public var epsilon: Float
    /// The weight of the newest batch in the running statistics.
    public var momentum: Float
    /// Whether it has a weight and a bias.
    public var isAffine: Bool

    public init(channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1, isAffine: Bool = true) {
        self.channels = channels
        self.epsilon = epsilon
        self.momentum = momentum
        self.isAffine = isAffine
    }

    public static let kinds = ["BatchNorm2d", "BatchNorm1d"].map { name in
        LayerKind(
            name, BatchNormalization(channels: 0),
            [
                .integer("num_features", \.channels), .number("eps", \.epsilon, 1e-5),
                .number("momentum", \.momentum, 0.1), .flag("affine", \.isAffine, true).unwrittenDefault,
                .only("track_running_stats", .boolean(true)),
            ])
    }

    public func kind(of inputs: [Shape]) -> String {
        inputs.first.map { $0.image == nil } ?? false ? "BatchNorm1d" : "BatchNorm2d"
    }

    public var parameters: [ParameterDeclaration] {
        func declare(_ name: String, _ role: ParameterDeclaration.Role) -> ParameterDeclaration {
            ParameterDeclaration(name: name, extents: [channels], role: role)
        }
        return (isAffine ? [declare("weight", .weight), declare("bias", .bias)] : [])
            + [declare("running_mean", .statistic), declare("running_var", .statistic)]
    }

    public func outputShape(of shapes: [Shape]) throws(ArchitectureError) -> Shape {
        try require(epsilon > 0, "an epsilon above 0")
        try expect(
            shapes[0].extents[0] == channels && [1, 3].contains(shapes[0].extents.count), shapes[0],
            "a vector or an image of \(counted(channels, "channel", "channels"))")
        return shapes[0]
    }

    // MARK: Execution

    var keepsTiles: Bool { false }

    func lower(_ node: LoweredNode, into lowering: inout Lowering) {
        let isVector = node.inputShapes[0].image == nil
        let order = isVector ? lowering.order(of: node.inputs[0]) : FeatureOrder.innermost(node.inputShapes[0])
        let source = lowering.read(node.inputs[0], as: order)
        let parameterOrder = isVector ? order : .plain
        if lowering.isTraining {
            lowering.append(
                BatchNormalizationStage(
                    node.parameters, layer: self, order: parameterOrder, input: source,
                    output: lowering.make(node.output, order, staysInTile: false)))
        } else {
            let target = lowering.make(node.output, order, staysInTile: true)
            lowering.append(
                ChannelScalingStage(
                    node.parameters, layer: self, order: parameterOrder, input: source, output: target))
        }
    }
}
