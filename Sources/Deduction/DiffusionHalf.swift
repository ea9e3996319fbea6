import Importing
import Neural
import VAE

/// Puts the decoder or the encoder of an autoencoder of latent diffusion together.
struct DiffusionHalf {
    /// What both halves share and the names do not say.
    struct Style {
        var groups = 32
        var groupsAre = Certainty.inferred
        var activation = Activations.make("SiLU") ?? .activation(.tanh)
        var activationIs = Certainty.inferred
    }

    typealias Value = GraphAssembly.Value

    private let name: String
    private let tensors: [String: Tensor]
    private let style: Style
    private var used: Set<String> = []
    private var graph = GraphAssembly()
    private var input: Value?

    init(_ name: String, _ entries: [StateDict.Entry], _ style: Style) {
        self.name = name
        self.style = style
        tensors = Dictionary(entries.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    }

    var exists: Bool { has("conv_in") }

    /// How often the decoder doubles its map.
    var levels: Int { Set(tensors.keys.filter { $0.contains(".upsamplers.0.conv.weight") }).count }

    func latentChannels() throws(ImportProblem) -> Int {
        let path = tensors["post_quant_conv.weight"] == nil ? "decoder.conv_in" : "post_quant_conv"
        guard let weight = tensors["\(path).weight"], weight.extents.count == 4 else {
            throw ImportProblem(.unsupported, "\(path) is not a convolution")
        }
        return weight.extents[1]
    }

    mutating func decode(_ latent: Shape) throws(ImportProblem) -> (value: Value, shape: Shape) {
        var value = graph.input("z", latent)
        input = value
        if tensors["post_quant_conv.weight"] != nil {
            value = try convolution("post_quant_conv", value, isOutside: true)
        }
        value = try convolution("conv_in", value)
        value = try middle(value)
        for level in 0..<DiffusionHalf.most where has("up_blocks.\(level).resnets.0.conv1") {
            value = try blocks("up_blocks.\(level)", value)
            if has("up_blocks.\(level).upsamplers.0.conv") {
                let path = "up_blocks.\(level).upsamplers.0"
                value = try graph.add("Upsample", ["scale_factor": .integer(2)], [value], name: path)
                value = try convolution(path + ".conv", value)
            }
        }
        value = try end(value)
        return (value, graph.shape(of: value))
    }

    mutating func encode(_ image: Shape) throws(ImportProblem) -> Value {
        var value = graph.input("image", image)
        input = value
        value = try convolution("conv_in", value)
        for level in 0..<DiffusionHalf.most where has("down_blocks.\(level).resnets.0.conv1") {
            value = try blocks("down_blocks.\(level)", value)
            if has("down_blocks.\(level).downsamplers.0.conv") {
                let path = "down_blocks.\(level).downsamplers.0"
                // A row and a column of zeros at the end alone.
                value = try graph.add("pad", ["pad": .integers([0, 1, 0, 1])], [value], name: path + ".pad")
                value = try convolution(path + ".conv", value, stride: 2, padding: 0)
            }
        }
        value = try end(try middle(value))
        return tensors["quant_conv.weight"] == nil ? value : try convolution("quant_conv", value, isOutside: true)
    }

    /// - Throws: ``ImportProblem`` also where tensors of this half were not used, which would make other pictures.
    func part(
        _ roles: [InputRole], outputs: [Value], names: [String]
    ) throws(ImportProblem) -> (part: Architecture.Part, tensors: [String: Tensor]) {
        if let left = tensors.keys.filter({ $0.hasPrefix(name + ".") && !used.contains($0) }).min() {
            throw ImportProblem(
                .unsupported, "\(left) has no place among the layers of an AutoencoderKL",
                advice: ImportProblem.exportAdvice)
        }
        guard let input else { throw ImportProblem(.unsupported, "there is no \(name)") }
        let cut = try graph.network(
            from: [input], to: outputs, inputNames: [graph.name(of: input)], outputNames: names, prefix: name + ".")
        return (Architecture.Part(cut.network, roles: roles), cut.tensors)
    }

    // MARK: Blocks

    /// Levels, and blocks in each.
    private static let most = 32

    private func has(_ path: String) -> Bool { tensors["\(name).\(path).weight"] != nil }

    /// The residual blocks of a level, perhaps with attention after each.
    private mutating func blocks(_ path: String, _ value: Value) throws(ImportProblem) -> Value {
        var value = value
        for number in 0..<DiffusionHalf.most where has("\(path).resnets.\(number).conv1") {
            value = try residual("\(path).resnets.\(number)", value)
            if has("\(path).attentions.\(number).to_q") { value = try attention("\(path).attentions.\(number)", value) }
        }
        return value
    }

    private mutating func middle(_ value: Value) throws(ImportProblem) -> Value {
        var value = try residual("mid_block.resnets.0", value)
        if has("mid_block.attentions.0.to_q") { value = try attention("mid_block.attentions.0", value) }
        return has("mid_block.resnets.1.conv1") ? try residual("mid_block.resnets.1", value) : value
    }

    /// The last activation is SiLU, whatever the blocks have.
    private mutating func end(_ value: Value) throws(ImportProblem) -> Value {
        let normalized = try normalization("conv_norm_out", value)
        return try convolution("conv_out", try graph.add("SiLU", [:], [normalized], name: "conv_act"))
    }

    private mutating func residual(_ path: String, _ value: Value) throws(ImportProblem) -> Value {
        var made = try convolution(path + ".conv1", try active(path + ".norm1", value))
        made = try convolution(path + ".conv2", try active(path + ".norm2", made))
        let other = has(path + ".conv_shortcut") ? try convolution(path + ".conv_shortcut", value) : value
        return try graph.add("add", [:], [other, made], name: path)
    }

    /// Each pixel looks at all others, with one head: softmax(qᵀk/√C) weighs v.
    private mutating func attention(_ path: String, _ value: Value) throws(ImportProblem) -> Value {
        let shape = graph.shape(of: value).extents
        let (channels, pixels) = (shape[0], shape[1] * shape[2])
        let normalized = try normalization(path + ".group_norm", value)
        var rows: [Value] = []
        for part in ["to_q", "to_k", "to_v"] {
            let made = try convolution("\(path).\(part)", normalized)
            rows.append(
                try graph.add(
                    "reshape", ["shape": .integers([channels, pixels])], [made], name: "\(path).\(part).rows"))
        }
        func turned(_ value: Value, _ name: String) throws(ImportProblem) -> Value {
            try graph.add("transpose", ["dim0": .integer(1), "dim1": .integer(2)], [value], name: "\(path).\(name)")
        }
        var scores = try graph.add("matmul", [:], [try turned(rows[0], "queries"), rows[1]], name: path + ".scores")
        scores = try graph.add(
            "mul", ["other": .number(1 / Float(channels).squareRoot())], [scores], name: path + ".scaled")
        scores = try graph.add("Softmax", ["dim": .integer(2)], [scores], name: path + ".weights")
        var made = try graph.add("matmul", [:], [rows[2], try turned(scores, "turned")], name: path + ".mixed")
        made = try graph.add("reshape", ["shape": .integers(shape)], [made], name: path + ".map")
        made = try convolution(path + ".to_out.0", made)
        return try graph.add("add", [:], [made, value], name: path)
    }

    // MARK: Layers

    private mutating func active(_ path: String, _ value: Value) throws(ImportProblem) -> Value {
        try graph.add(style.activation, [try normalization(path, value)], name: path + ".active")
    }

    private mutating func normalization(_ path: String, _ value: Value) throws(ImportProblem) -> Value {
        guard let weight = tensors["\(name).\(path).weight"], let bias = tensors["\(name).\(path).bias"] else {
            throw ImportProblem(.unsupported, "\(name).\(path) is missing")
        }
        used.formUnion(["\(name).\(path).weight", "\(name).\(path).bias"])
        return try graph.add(
            "GroupNorm",
            [
                "num_groups": .integer(style.groups), "num_channels": .integer(weight.values.count),
                "eps": .number(1e-6),
            ], [value], name: path, tensors: ["weight": weight, "bias": bias])
    }

    /// A convolution; a linear layer on channels is one of a single pixel.
    ///
    /// - Parameter isOutside: whether the name does not begin with the half's.
    private mutating func convolution(
        _ path: String, _ value: Value, stride: Int = 1, padding: Int? = nil, isOutside: Bool = false
    ) throws(ImportProblem) -> Value {
        let full = isOutside ? path : "\(name).\(path)"
        guard var weight = tensors[full + ".weight"], [2, 4].contains(weight.extents.count) else {
            throw ImportProblem(.unsupported, "\(full) is missing, or not a convolution")
        }
        used.formUnion([full + ".weight", full + ".bias"])
        if weight.extents.count == 2 { weight = Tensor(extents: weight.extents + [1, 1], values: weight.values) }
        let bias = tensors[full + ".bias"]
        guard weight.extents[2] == weight.extents[3] else {
            throw ImportProblem(.unsupported, "\(full) has a kernel that is not square")
        }
        let layer = Convolution(
            inputs: weight.extents[1], outputs: weight.extents[0], kernel: Extent(weight.extents[2]),
            stride: Extent(stride), padding: Extent(padding ?? weight.extents[2] / 2), bias: bias != nil)
        return try graph.add(
            .convolution(layer), [value], name: path,
            tensors: ["weight": weight, "bias": bias].compactMapValues(\.self))
    }
}
