import Importing
import Neural
import VAE

/// One half's graph as it grows, layer by layer.
struct HalfAssembly {
    var graph = GraphAssembly()
    private var inputs: [GraphAssembly.Value] = []
    private var inputNames: [String] = []
    private var roles: [InputRole] = []
    /// A label as a vector, where there is one.
    private var labelVector: GraphAssembly.Value?
    let half: Half
    let hypothesis: Hypothesis
    let options: ImportOptions
    /// What the next layer reads.
    var value: GraphAssembly.Value

    init(_ half: Half, _ hypothesis: Hypothesis, _ options: ImportOptions) {
        (self.half, self.hypothesis, self.options) = (half, hypothesis, options)
        value = graph.input("nothing", HalfAssembly.one)
    }

    private static let one: Shape = {
        guard let shape = try? Shape([1]) else { preconditionFailure("one is a shape") }
        return shape
    }()

    var shape: Shape { graph.shape(of: value) }

    mutating func input(_ name: String, _ extents: [Int]) throws(ImportProblem) -> GraphAssembly.Value {
        let shape: Shape
        do { shape = try Shape(extents) } catch { throw ImportProblem(.badFile, "\(name): \(error)") }
        let made = graph.input(name, shape)
        inputs.append(made)
        inputNames.append(name)
        return made
    }

    mutating func label(_ label: Blueprint.Label?, _ table: WeightedLayer?, isRead: Bool) throws(ImportProblem) {
        guard let label, isRead else { return }
        if label.classes == 1, table == nil {
            labelVector = try input("condition", [1])
            roles.append(.condition)
            return
        }
        guard let table, case .linear(let ins, let outs) = table.kind, label.width != label.classes || table.bias == nil
        else {
            labelVector = try input("label", [label.classes])
            roles.append(.label(classes: label.classes, .oneHot))
            return
        }
        if table.bias == nil, outs == label.classes, ins == label.width {
            let index = try input("label", [1])
            roles.append(.label(classes: label.classes, .index))
            let rows = try graph.add(
                "Embedding", ["num_embeddings": .integer(outs), "embedding_dim": .integer(ins)], [index],
                name: node(table.path), tensors: ["weight": table.tensors["weight"]].compactMapValues(\.self))
            labelVector = try graph.add("Flatten", [:], [rows], name: node(table.path) + ".flat")
        } else {
            let oneHot = try input("label", [label.classes])
            roles.append(.label(classes: label.classes, .oneHot))
            labelVector = try graph.add(
                .linear(inputs: ins, outputs: outs, bias: table.bias != nil), [oneHot], name: node(table.path),
                tensors: table.tensors)
        }
    }

    /// A node's name: the layer's, without the half that stands before it anyway.
    func node(_ path: String) -> String {
        let word = half == .encoder ? "encoder." : "decoder."
        if let range = path.firstRange(of: word) { return String(path[range.upperBound...]) }
        return path
    }

    func part(
        firstRole: InputRole, outputs: [GraphAssembly.Value], outputNames: [String], prefix: String
    ) throws(ImportProblem) -> (part: Architecture.Part, tensors: [String: Tensor]) {
        let (network, tensors) = try graph.network(
            from: inputs, to: outputs, inputNames: inputNames, outputNames: outputNames, prefix: prefix)
        return (Architecture.Part(network, roles: [firstRole] + roles), tensors)
    }

    // MARK: Elements

    /// - Parameter yields: whether what follows takes the place of the activation.
    mutating func add(
        _ element: Element, _ choice: Choice, next: Step?, isLast: Bool, yields: Bool = false
    ) throws(ImportProblem) {
        switch element {
        case .step(let step): try add(step, choice, next: next, isActive: !yields && isActive(step, next, isLast))
        case .residual(let block): try add(block, choice)
        }
    }

    /// Whether the usual activation follows a step, where no number of a Sequential tells it.
    private func isActive(_ step: Step, _ next: Step?, _ isLast: Bool) -> Bool {
        if isLast { return half == .encoder && !step.isActivationKnown && hypothesis.activatesLatents }
        guard !step.isActivationKnown else { return true }
        if half == .decoder, step.role == .linear, let next, next.role != .linear { return hypothesis.activatesMap }
        if half == .encoder, next?.isHead == true { return hypothesis.activatesHeads }
        return true
    }

    mutating func addHead(_ step: Step) throws(ImportProblem) {
        try add(step, step.role == .linear ? Choice() : hypothesis.sizes.heads, next: nil, isActive: false)
    }

    mutating func add(_ step: Step, _ choice: Choice, next: Step?, isActive: Bool) throws(ImportProblem) {
        if choice.scale > 1 { try enlarge(by: choice.scale, step) }
        let isMap = shape.extents.count == 3
        if isMap { for record in step.leading { try add(record, step) } }
        try enter(step)
        if !isMap { for record in step.leading { try add(record, step) } }
        if step.labels > 0 { try join(step) }
        for norm in step.before { try normalize(norm, next: nil) }
        try main(step, choice)
        if let records = step.records {
            for record in step.between { try add(record, step) }
            for norm in step.norms { try normalize(norm, next: next) }
            if let slopes = step.slopes { try self.slopes(slopes, next: next) }
            for record in records { try add(record, step, before: next) }
        } else {
            if isActive, step.activation == .beforeNorm { try activate(step) }
            for norm in step.norms { try normalize(norm, next: next) }
            if let slopes = step.slopes { try self.slopes(slopes, next: next) }
            if isActive, step.activation == .afterNorm { try activate(step) }
        }
        if choice.pool > 1 { try pool(choice.pool, step) }
    }

    mutating func enter(_ step: Step) throws(ImportProblem) {
        try enter(step.entrance, inputs: step.inputs - step.labels, node(step.layer.path))
    }

    /// Makes of a value what reads it, where it is not that yet.
    mutating func enter(_ entrance: Step.Entrance, inputs: Int, _ name: String) throws(ImportProblem) {
        switch entrance {
        case .flatten where shape.extents.count == 3:
            if shape.count != inputs, shape.extents[0] == inputs {
                value = try graph.add(
                    "AdaptiveAvgPool2d", ["output_size": .integer(1)], [value], name: name + ".pooled")
            }
            try flatten()
        case .unflatten(let channels) where shape.extents.count == 1: try unflatten(channels, name)
        case .shuffle(let factor) where shape.extents.count == 3 && shape.extents[0] != inputs:
            try shuffle(factor, name)
        default: break
        }
    }

    mutating func unflatten(_ channels: Int, _ name: String) throws(ImportProblem) {
        let side = squareRoot(shape.count / max(1, channels)) ?? 1
        value = try graph.add(
            "Unflatten", ["dim": .integer(1), "unflattened_size": .integers([channels, side, side])], [value],
            name: name + ".map")
    }

    /// Channels become pixels.
    mutating func shuffle(_ factor: Int, _ name: String) throws(ImportProblem) {
        value = try graph.add(
            "PixelShuffle", ["upscale_factor": .integer(factor)], [value], name: name + ".shuffle")
    }

    /// Makes of a value already what the next layer reads, where only that has as many channels as a layer with weights of
    /// its own for each.
    mutating func enter(_ next: Step?, for width: Int?, _ name: String) throws(ImportProblem) {
        guard let width, let next else { return }
        switch next.entrance {
        case .unflatten(let channels) where shape.extents.count == 1 && channels == width && shape.count != width:
            try unflatten(channels, name)
        case .shuffle(let factor) where shape.extents.count == 3 && shape.extents[0] == width * factor * factor:
            try shuffle(factor, name)
        default: break
        }
    }

    mutating func flatten() throws(ImportProblem) {
        value = try graph.add("Flatten", [:], [value], name: "flatten")
    }

    mutating func join(_ step: Step) throws(ImportProblem) {
        guard var label = labelVector else { return }
        let name = node(step.layer.path)
        if let image = shape.image {
            let own = graph.shape(of: label).count
            if own == image.height * image.width {
                label = try graph.add(
                    "Unflatten", ["dim": .integer(1), "unflattened_size": .integers([1, image.height, image.width])],
                    [label],
                    name: name + ".label")
            } else {
                label = try graph.add(
                    "Unflatten", ["dim": .integer(1), "unflattened_size": .integers([own, 1, 1])], [label],
                    name: name + ".label")
                label = try graph.add(
                    "Upsample", ["size": .integers([image.height, image.width])], [label], name: name + ".labels")
            }
        }
        value = try graph.add(
            "cat", ["dim": .integer(1)], hypothesis.isLabelFirst ? [label, value] : [value, label],
            name: name + ".joined")
    }

    mutating func main(_ step: Step, _ choice: Choice) throws(ImportProblem) {
        let name = node(step.layer.path)
        let operation = operation(step, choice)
        let source = value
        value = try graph.add(
            operation, [source], name: name, tensors: step.layer.tensors.filter { ["weight", "bias"].contains($0.key) })
        guard let gate = step.layer.gate else { return }
        var open = try graph.add(operation, [source], name: name + ".gate", tensors: gate)
        open = try graph.add("Sigmoid", [:], [open], name: name + ".opening")
        value = try graph.add("mul", [:], [value, open], name: name + ".gated")
    }

    private func operation(_ step: Step, _ choice: Choice) -> Neural.Operation {
        let hasBias = step.layer.bias != nil
        guard case .convolution(let extents) = step.layer.kind else {
            return .linear(inputs: step.inputs, outputs: step.outputs, bias: hasBias)
        }
        let kernel = Extent(extents[2], extents[3])
        if step.role == .transposed, !choice.isOther {
            return .transposedConvolution(
                TransposedConvolution(
                    inputs: step.inputs, outputs: step.outputs, kernel: kernel, stride: Extent(choice.stride),
                    padding: Extent(choice.padding), outputPadding: Extent(choice.outputPadding), groups: step.groups,
                    bias: hasBias))
        }
        let told = half == .decoder ? options.paddingMode : nil
        let mode =
            told.flatMap { Convolution.PaddingMode(rawValue: $0.rawValue) } ?? step.layer.record?.paddingMode ?? .zeros
        return .convolution(
            Convolution(
                inputs: step.inputs, outputs: step.outputs, kernel: kernel, stride: Extent(choice.stride),
                padding: Extent(choice.padding), groups: step.groups, bias: hasBias, paddingMode: mode))
    }

    /// What stands between this half's layers.
    var activation: Neural.Operation? { half == .encoder ? hypothesis.encoderActivation : hypothesis.activation }

    mutating func activate(_ step: Step) throws(ImportProblem) {
        guard let activation else { return }
        value = try graph.add(activation, [value], name: node(step.layer.path) + ".activation")
    }

    mutating func slopes(_ layer: WeightedLayer, next: Step?) throws(ImportProblem) {
        guard case .slopes(let count) = layer.kind else { return }
        if count > 1 { try enter(next, for: count, node(layer.path)) }
        value = try graph.add(
            "PReLU", ["num_parameters": .integer(count)], [value], name: node(layer.path), tensors: layer.tensors)
    }

    mutating func pool(_ factor: Int, _ step: Step) throws(ImportProblem) {
        // After a first convolution of 7×7 residual networks pool as torchvision's do.
        let settings: KeyValuePairs<String, Setting> =
            step.kernel == 7 && factor == 2
            ? ["kernel_size": .integer(3), "stride": .integer(2), "padding": .integer(1)]
            : ["kernel_size": .integer(factor)]
        value = try graph.add("MaxPool2d", settings, [value], name: node(step.layer.path) + ".pool")
    }

    mutating func enlarge(by factor: Int, _ step: Step) throws(ImportProblem) {
        let name = node(step.layer.path) + ".enlarged"
        // A map that is still a vector is enlarged when it is one.
        if case .unflatten(let channels) = step.entrance, shape.extents.count == 1 {
            try unflatten(channels, node(step.layer.path))
        }
        switch options.upsampling ?? (hypothesis.isBilinear ? .bilinear : .nearest) {
        case .nearest: value = try graph.add("Upsample", ["scale_factor": .integer(factor)], [value], name: name)
        case .bilinear:
            value = try graph.add(
                "Upsample", ["scale_factor": .integer(factor), "mode": .text("bilinear")], [value], name: name)
        case .bilinearCorners:
            value = try graph.add(
                "Upsample",
                ["scale_factor": .integer(factor), "mode": .text("bilinear"), "align_corners": .boolean(true)], [value],
                name: name)
        }
    }
}
