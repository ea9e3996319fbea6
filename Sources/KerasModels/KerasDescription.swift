import JSON

/// Writes down what was deduced, as Keras would have: a configuration, and the variables by their layers' names.
struct KerasDescription {
    private let part: String
    private(set) var tensors: [String: KerasTensor] = [:]
    private(set) var layers: [JSONValue] = []
    private var names: Set<String> = []

    private init(_ part: String) { self.part = part }

    static func model(
        _ partition: KerasPartition, _ hypothesis: KerasHypothesis
    ) -> (config: JSONValue, tensors: [String: KerasTensor]) {
        var decoder = KerasDescription("decoder")
        decoder.add("InputLayer", "z", ["batch_shape": .array([.null, .integer(partition.latents)])])
        decoder.add(
            partition.decoder, hypothesis.sizes, hypothesis, ends: true, isComplete: partition.isComplete)
        var config: JSONObject = [
            "decoder": .object([
                "class_name": .string("Sequential"),
                "config": .object(["name": .string("decoder"), "layers": .array(decoder.layers)]),
            ])
        ]
        var tensors = decoder.tensors
        if let (encoder, own) = encoder(partition, hypothesis) {
            _ = config.insert(encoder, named: "encoder")
            tensors.merge(own) { first, _ in first }
        }
        return (.object(["class_name": .string("VAE"), "config": .object(config)]), tensors)
    }

    /// The encoder for the picture that the decoder makes; nil where no usual strides lead to its heads.
    private static func encoder(
        _ partition: KerasPartition, _ hypothesis: KerasHypothesis
    ) -> (JSONValue, [String: KerasTensor])? {
        guard let found = partition.encoder else { return nil }
        var steps: [KerasStep] = []
        let image: [Int]
        switch partition.decoder.end {
        case .vector(let count): image = [count]
        case .map(let channels):
            var side = partition.decoder.side ?? 1
            var place = 0
            for link in partition.decoder.links {
                if link.leaf.kind == .upsampling { side *= 2 }
                guard let kernel = link.leaf.kernel, kernel.shape.count == 4, place < hypothesis.sizes.count else {
                    continue
                }
                side = hypothesis.sizes[place].side(side, kernel: kernel.shape[0], isTransposed: link.isTransposed) ?? 1
                place += 1
            }
            image = [side, side, channels]
        }
        if !found.chain.images.isEmpty {
            let side = image.count == 3 ? image[0] : found.chain.side ?? 0
            guard let best = KerasSizes.encoder(found, image: side).min(by: { $0.cost < $1.cost }) else { return nil }
            steps = best.steps
        }
        var description = KerasDescription("encoder")
        description.add("InputLayer", "image", ["batch_shape": .array([.null] + image.map { .integer($0) })])
        description.add(found.chain, steps, hypothesis, ends: false, isComplete: found.isComplete)
        if case .map(let channels) = found.chain.end {
            let inputs = found.heads[0].kernel?.shape[0]
            description.add(inputs == channels ? "GlobalAveragePooling2D" : "Flatten", "features", [:])
        }
        var heads = found.heads
        let isSwapped =
            heads.count == 2 && KerasSampling.speaksOfWidth(heads[0].name)
            && !KerasSampling.speaksOfWidth(heads[1].name)
        if isSwapped != hypothesis.swapsHeads { heads.reverse() }
        let body = description.layers
        var ends: [JSONValue] = []
        var last: [JSONValue] = []
        for (place, head) in heads.enumerated() {
            let name = place == 0 ? "z_mean" : KerasSampling.speaksOfWidth(head.name) ? head.name : "second"
            last.append(description.described(head, "linear", KerasStep(), isTransposed: false, named: name))
            ends.append(.array([.string(name), .integer(0), .integer(0)]))
        }
        func name(_ layer: JSONValue) -> String { layer.object?["name"]?.string ?? "" }
        func after(_ layer: JSONValue, _ previous: JSONValue) -> JSONValue {
            var object = layer.object ?? [:]
            let read: [JSONValue] = [.string(name(previous)), .integer(0), .integer(0), .object([:])]
            _ = object.insert(.array([.array([.array(read)])]), named: "inbound_nodes")
            return .object(object)
        }
        var chained = [body[0]] + zip(body.dropFirst(), body).map { after($0, $1) }
        chained += last.map { after($0, body[body.count - 1]) }
        let config: JSONObject = [
            "name": .string("encoder"), "layers": .array(chained),
            "input_layers": .array([.array([.string("image"), .integer(0), .integer(0)])]),
            "output_layers": .array(ends),
        ]
        return (.object(["class_name": .string("Functional"), "config": .object(config)]), description.tensors)
    }

    // MARK: Chains

    /// - Parameter ends: whether the last layer makes the picture.
    private mutating func add(
        _ chain: KerasChain, _ steps: [KerasStep], _ hypothesis: KerasHypothesis, ends: Bool, isComplete: Bool
    ) {
        let links = chain.links
        let last = links.lastIndex { $0.leaf.kernel != nil }
        let hasOwn = links.contains { $0.leaf.kind == .activation || $0.leaf.kind == .slopes }
        // Enlarging needs a map, which the layer after it names.
        var pending = links.first { $0.unflattens != nil }
        var place = 0
        for (index, link) in links.enumerated() {
            let leaf = link.leaf
            if link.flattens != nil {
                add(link.flattens == 0 ? "GlobalAveragePooling2D" : "Flatten", "flat", [:])
            }
            if let first = pending, let channels = first.unflattens, let side = chain.side,
                link.unflattens != nil || leaf.kind == .upsampling
            {
                add("Reshape", "map", ["target_shape": .array([side, side, channels].map { .integer($0) })])
                pending = nil
            }
            switch leaf.kind {
            case .dense, .convolution, .transposed:
                let after = links[(index + 1)...].prefix { $0.leaf.kernel == nil }.map(\.leaf)
                let isLast = ends && index == last
                let isBeforeMap = links[(index + 1)...].first { $0.leaf.kernel != nil }?.unflattens != nil
                let own = isLast ? hypothesis.output : hypothesis.activation
                let normalizes = after.contains { $0.kind == .normalization }
                let isLinear =
                    after.contains { $0.kind == .activation || $0.kind == .slopes }
                    || !isLast && (hasOwn || isBeforeMap) && !hypothesis.activatesMap
                let isInside = isLast || !normalizes || hypothesis.activatesFirst || isComplete
                var step = KerasStep()
                if leaf.kind != .dense, place < steps.count {
                    step = steps[place]
                    place += 1
                }
                if step.enlarged > 1 { add("UpSampling2D", "larger", [:]) }
                layers.append(
                    described(
                        leaf, isLinear || !isInside ? .string("linear") : own, step, isTransposed: link.isTransposed))
                if step.pooled > 1 { add("MaxPooling2D", "smaller", [:]) }
                if !isLinear, !isInside, let norm = after.first(where: { $0.kind == .normalization }) {
                    waiting = (norm.name, own)
                }
            case .normalization:
                layers.append(described(leaf, .string("linear"), KerasStep(), isTransposed: false))
                if let (name, own) = waiting, name == leaf.name {
                    add("Activation", "function", ["activation": own])
                    waiting = nil
                }
            case .slopes: layers.append(described(leaf, .string("linear"), KerasStep(), isTransposed: false))
            case .upsampling: add("UpSampling2D", leaf.name, [:])
            case .pooling: add("MaxPooling2D", leaf.name, ["padding": .string("same")])
            case .activation:
                let isEnd = ends && !links[(index + 1)...].contains { $0.leaf.kernel != nil }
                add("Activation", leaf.name, ["activation": function(leaf, isEnd, hypothesis)])
            case .shape, .other: break
            }
        }
    }

    /// An activation that comes behind a normalization.
    private var waiting: (name: String, function: JSONValue)?

    /// What a layer that is an activation does, by its class.
    private func function(_ leaf: KerasLeaf, _ isEnd: Bool, _ hypothesis: KerasHypothesis) -> JSONValue {
        let name = leaf.name.lowercased() + " " + leaf.word
        if name.contains("leaky") {
            return hypothesis.activation.object == nil ? KerasActivation.leaky(0.3) : hypothesis.activation
        }
        for word in ["sigmoid", "tanh", "softmax"] where name.contains(word) { return .string(word) }
        if name.contains("re_lu") || name.contains("relu") { return .string("relu") }
        if name.contains("elu") { return .string("elu") }
        return isEnd ? hypothesis.output : hypothesis.activation
    }

    // MARK: Layers

    private mutating func add(_ className: String, _ name: String, _ config: JSONObject) {
        layers.append(KerasDescription.layer(className, unique(name), config))
    }

    private mutating func unique(_ name: String) -> String {
        let plain = name.replacing("/", with: "_")
        var own = plain
        var number = 2
        while !names.insert(own).inserted {
            own = "\(plain)_\(number)"
            number += 1
        }
        return own
    }

    private static func layer(_ className: String, _ name: String, _ config: JSONObject) -> JSONValue {
        var config = config
        _ = config.insert(.string(name), named: "name")
        return .object(["class_name": .string(className), "name": .string(name), "config": .object(config)])
    }

    private mutating func described(
        _ leaf: KerasLeaf, _ function: String, _ step: KerasStep, isTransposed: Bool, named: String? = nil
    ) -> JSONValue { described(leaf, .string(function), step, isTransposed: isTransposed, named: named) }

    /// Takes a leaf's variables, and describes it.
    private mutating func described(
        _ leaf: KerasLeaf, _ function: JSONValue, _ step: KerasStep, isTransposed: Bool, named: String? = nil
    ) -> JSONValue {
        let name = unique(named ?? leaf.name)
        for (word, tensor) in leaf.variables { tensors["\(part)/\(name)/\(word)"] = tensor }
        let bias = JSONValue.boolean(leaf.variables["bias"] != nil)
        switch leaf.kind {
        case .dense: return KerasDescription.layer("Dense", name, ["activation": function, "use_bias": bias])
        case .convolution, .transposed:
            let config: JSONObject = [
                "activation": function, "use_bias": bias, "padding": .string(step.isSame ? "same" : "valid"),
                "strides": .array([.integer(step.stride), .integer(step.stride)]),
            ]
            return KerasDescription.layer(isTransposed ? "Conv2DTranspose" : "Conv2D", name, config)
        case .slopes: return KerasDescription.layer("PReLU", name, [:])
        default:
            let config: JSONObject = [
                "scale": .boolean(leaf.variables["gamma"] != nil), "center": .boolean(leaf.variables["beta"] != nil),
            ]
            return KerasDescription.layer("BatchNormalization", name, config)
        }
    }
}
