import Importing
import Neural
import VAE

/// Tiny autoencoders for the latents of diffusion models (TAESD): Sequentials of residual blocks of three convolutions,
/// known by their names, alone or as diffusers' AutoencoderTiny.
struct TinyDecoder {
    private let tensors: [String: Tensor]
    private var prefix: String
    private let options: ImportOptions
    private let isDiffusers: Bool
    private let activation: Operation

    /// - Returns: nil for any other file.
    init?(_ dict: StateDict, _ options: ImportOptions) {
        tensors = Dictionary(dict.entries.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        self.options = options
        activation = TinyDecoder.activation(dict, options)
        for candidate in ["", "decoder.layers.", "layers.", "decoder."] {
            let names = tensors.keys.filter { $0.hasPrefix(candidate) }.map { $0.dropFirst(candidate.count) }
            guard names.contains("3.conv.0.weight") || names.contains("2.conv.0.weight"),
                names.contains(where: { $0.hasSuffix(".conv.4.weight") })
            else { continue }
            prefix = candidate
            isDiffusers = candidate.hasSuffix("layers.")
            return
        }
        return nil
    }

    /// What stands between the convolutions: ReLU, unless somebody says another.
    private static func activation(_ dict: StateDict, _ options: ImportOptions) -> Operation {
        var name = "ReLU"
        if case .text(let given)? = dict.configuration["act_fn"] {
            name = ["silu": "SiLU", "swish": "SiLU", "gelu": "GELU", "mish": "Mish"][given.lowercased()] ?? name
        }
        return (options.activation?.value ?? nil) ?? Activations.make(name) ?? .activation(.relu)
    }

    /// The modules of the Sequential that have weights.
    private var numbers: [Int] {
        Set(
            tensors.keys.filter { $0.hasPrefix(prefix) }.compactMap { name in
                name.dropFirst(prefix.count).split(separator: ".").first.flatMap { Int($0) }
            }
        ).sorted()
    }

    func imported(_ format: String, _ remarks: [String]) throws(ImportProblem) -> ImportedModel {
        guard let first = numbers.first, let weight = tensors["\(prefix)\(first).weight"], weight.extents.count == 4
        else {
            throw ImportProblem(.unsupported, "\(prefix)0: such a file begins with a convolution")
        }
        guard let last = numbers.last, let end = tensors["\(prefix)\(last).weight"], end.extents.count == 4,
            end.extents[0] <= 4
        else {
            throw ImportProblem(
                .unsupported, "the file holds the encoder of a tiny autoencoder and no decoder",
                advice: "open its decoder instead")
        }
        let side = TinyDecoder.side(weight.extents[1])
        let latent = options.latentShape ?? [weight.extents[1], side, side]
        var graph = GraphAssembly()
        let shape: Shape
        do { shape = try Shape(latent) } catch { throw ImportProblem(.options, "\(error)") }
        guard latent.count == 3, latent[0] == weight.extents[1] else {
            throw ImportProblem(
                .options, "the latent map has \(weight.extents[1]) channels",
                advice: "--latent-shape \(weight.extents[1]),8,8")
        }
        let z = graph.input("z", shape)
        var value = try clamped(z, &graph)
        for (place, number) in numbers.enumerated() {
            if place > 0 { value = try between(numbers[place - 1], number, value, &graph) }
            value = try module(number, value, &graph)
        }
        if isDiffusers { value = try signed(value, &graph) }
        let (network, used) = try graph.network(
            from: [z], to: [value], inputNames: ["z"], outputNames: ["image"], prefix: "decoder.")
        do {
            let encoder = try? encoder(network.outputShapes[0], shape)
            let architecture = try Architecture(
                encoder: encoder?.part, secondHead: encoder == nil ? .logVariance : .none,
                decoder: Architecture.Part(network, roles: [.latent]),
                pixelRange: options.pixelRange ?? (isDiffusers ? .signed : .unit), likelihood: nil)
            let model = try Model(
                architecture: architecture, tensors: used.merging(encoder?.tensors ?? [:]) { first, _ in first })
            return ImportedModel(
                model, format: format, findings: findings(latent), remarks: remarks + (encoder == nil ? passedOver : [])
            )
        } catch {
            throw ImportProblem(.unsupported, "\(error)")
        }
    }

    /// A latent map of any size can be decoded: 8×8, where there is room for so many latents.
    static func side(_ channels: Int) -> Int {
        [8, 4, 2, 1].first { $0 * $0 * channels <= Architecture.mostLatents } ?? 1
    }

    private func findings(_ latent: [Int]) -> [Finding] {
        [
            Finding("layout", "a tiny autoencoder (TAESD), known by its names", .inferred),
            Finding(
                "latents",
                latent.map(String.init).joined(separator: "×")
                    + (options.latentShape == nil ? ", as any size can be decoded" : ""),
                options.latentShape == nil ? .inferred : .known),
            Finding("activation", "\(activation.kind()), and tanh(x/3)·3 before all", .inferred),
            Finding("output activation", "none", .inferred),
        ]
    }

    private var passedOver: [String] {
        let rest = tensors.keys.filter { !$0.hasPrefix(prefix) }
        return rest.isEmpty
            ? [] : ["\(rest.count) tensors beside the decoder are passed over: \(listed(rest.sorted()))"]
    }

    // MARK: Layers

    private func clamped(_ z: GraphAssembly.Value, _ graph: inout GraphAssembly) throws(ImportProblem)
        -> GraphAssembly.Value
    {
        var value = try graph.add("div", ["other": .number(3)], [z], name: "clamp.divided")
        value = try graph.add("Tanh", [:], [value], name: "clamp.tanh")
        return try graph.add("mul", ["other": .number(3)], [value], name: "clamp")
    }

    private func signed(_ value: GraphAssembly.Value, _ graph: inout GraphAssembly) throws(ImportProblem)
        -> GraphAssembly.Value
    {
        let doubled = try graph.add("mul", ["other": .number(2)], [value], name: "doubled")
        return try graph.add("sub", ["other": .number(1)], [doubled], name: "signed")
    }

    /// The encoder, where it lies beside the decoder: convolutions without bias halve the map.
    private func encoder(
        _ image: Shape, _ latent: Shape
    ) throws(ImportProblem) -> (part: Architecture.Part, tensors: [String: Tensor])? {
        guard prefix.hasPrefix("decoder.") else { return nil }
        let half = TinyDecoder(self, prefix: "encoder." + prefix.dropFirst("decoder.".count))
        guard !half.numbers.isEmpty else { return nil }
        var graph = GraphAssembly()
        let input = graph.input("image", image)
        var value = input
        if isDiffusers {
            value = try graph.add("add", ["other": .number(1)], [value], name: "shifted")
            value = try graph.add("div", ["other": .number(2)], [value], name: "unit")
        }
        for number in half.numbers { value = try half.module(number, value, &graph) }
        guard graph.shape(of: value) == latent else {
            throw ImportProblem(.unsupported, "the encoder makes \(graph.shape(of: value)) of a picture, not \(latent)")
        }
        let cut = try graph.network(
            from: [input], to: [value], inputNames: ["image"], outputNames: ["mean"], prefix: "encoder.")
        return (Architecture.Part(cut.network, roles: [.image]), cut.tensors)
    }

    private init(_ other: TinyDecoder, prefix: String) {
        self = other
        self.prefix = prefix
    }

    private func isBlock(_ number: Int) -> Bool { tensors["\(prefix)\(number).conv.0.weight"] != nil }

    /// What stands between two modules: an activation after the first convolution, an enlargement after a block.
    private func between(
        _ left: Int, _ right: Int, _ value: GraphAssembly.Value, _ graph: inout GraphAssembly
    ) throws(ImportProblem) -> GraphAssembly.Value {
        switch right - left - 1 {
        case 0: return value
        case 1 where isBlock(left):
            return try graph.add("Upsample", ["scale_factor": .integer(2)], [value], name: "\(left + 1)")
        case 1: return try graph.add(activation, [value], name: "\(left + 1)")
        default:
            throw ImportProblem(.unsupported, "what stands between \(prefix)\(left) and \(prefix)\(right) is not known")
        }
    }

    private func module(
        _ number: Int, _ value: GraphAssembly.Value, _ graph: inout GraphAssembly
    ) throws(ImportProblem) -> GraphAssembly.Value {
        guard isBlock(number) else { return try convolution("\(number)", value, &graph) }
        var source = value
        if tensors["\(prefix)\(number).pool.0.weight"] != nil { source = try pooled("\(number).pool", source, &graph) }
        var made = try convolution("\(number).conv.0", source, &graph)
        for part in ["\(number).conv.2", "\(number).conv.4"] {
            made = try graph.add(activation, [made], name: part + ".before")
            made = try convolution(part, made, &graph)
        }
        let skip = "\(number).skip"
        let other = tensors["\(prefix)\(skip).weight"] == nil ? source : try convolution(skip, source, &graph)
        let sum = try graph.add("add", [:], [made, other], name: "\(number).sum")
        return try graph.add("ReLU", [:], [sum], name: "\(number).fuse")
    }

    /// A sum with four groups of channels, normalized.
    private func pooled(
        _ name: String, _ value: GraphAssembly.Value, _ graph: inout GraphAssembly
    ) throws(ImportProblem) -> GraphAssembly.Value {
        var made = try convolution(name + ".0", value, &graph)
        guard let weight = tensors["\(prefix)\(name).1.weight"], let bias = tensors["\(prefix)\(name).1.bias"] else {
            throw ImportProblem(.unsupported, "\(prefix)\(name).1 is missing")
        }
        made = try graph.add(
            "GroupNorm", ["num_groups": .integer(4), "num_channels": .integer(weight.values.count)], [made],
            name: name + ".1",
            tensors: ["weight": weight, "bias": bias])
        made = try graph.add("ReLU", [:], [made], name: name + ".2")
        made = try convolution(name + ".3", made, &graph)
        return try graph.add("add", [:], [value, made], name: name)
    }

    private func convolution(
        _ name: String, _ value: GraphAssembly.Value, _ graph: inout GraphAssembly
    ) throws(ImportProblem) -> GraphAssembly.Value {
        guard let weight = tensors["\(prefix)\(name).weight"], weight.extents.count == 4,
            weight.extents[2] == weight.extents[3]
        else {
            throw ImportProblem(.unsupported, "\(prefix)\(name) is not a convolution")
        }
        let bias = tensors["\(prefix)\(name).bias"]
        let halves = prefix.hasPrefix("encoder.") && bias == nil && Int(name) != nil
        let layer = Convolution(
            inputs: weight.extents[1], outputs: weight.extents[0], kernel: Extent(weight.extents[2]),
            stride: Extent(halves ? 2 : 1), padding: Extent(weight.extents[2] / 2), bias: bias != nil)
        return try graph.add(
            .convolution(layer), [value], name: name,
            tensors: ["weight": weight, "bias": bias].compactMapValues(\.self))
    }
}
