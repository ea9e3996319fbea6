import HDF5Files
import Importing
import JSON

/// Weights without an architecture, where the layers' names and shapes leave little open: a decoder of dense layers and
/// convolutions, as in Keras's own example of a VAE, and perhaps an encoder of the same kind.
struct KerasKnownLayouts {
    private var tensors: [String: KerasTensor] = [:]
    private var findings: [Finding] = []

    static func source(_ layout: KerasWeights.Layout, version: String?) throws(ImportProblem) -> KerasSource {
        let problem = ImportProblem(
            .unsupported, "it holds weights alone, and not of which layers they are", advice: KerasAdvice.whole)
        var known = KerasKnownLayouts()
        var parts = KerasLeaf.parts(of: layout)
        // Where names do not say which is the decoder, the shapes do.
        parts.sort { left, _ in left.name.lowercased().contains("decod") }
        var config: JSONObject = [:]
        var image: [Int]?
        for (place, part) in parts.enumerated() {
            var attempt = known
            guard let described = attempt.decoder(part.leaves) else { continue }
            (known, image) = (attempt, described.image)
            _ = config.insert(described.config, named: "decoder")
            parts.remove(at: place)
            break
        }
        guard let image else { throw problem }
        for part in parts {
            var attempt = known
            guard let described = attempt.encoder(part.leaves, image: image) else { continue }
            known = attempt
            _ = config.insert(described, named: "encoder")
            break
        }
        let model = JSONValue.object(["class_name": .string("VAE"), "config": .object(config)])
        return KerasSource(
            model: try KerasConfigReader.model(model), layout: .flat(known.tensors), version: version,
            format: "Keras weights", findings: known.findings)
    }

    // MARK: Decoders

    /// The decoder as Keras would describe it, and the image that it makes, [height, width, channels].
    private mutating func decoder(_ leaves: [KerasLeaf]) -> (config: JSONValue, image: [Int])? {
        let dense = leaves.filter { $0.kind == .dense }
        let images = leaves.filter { $0.kind == .convolution || $0.kind == .transposed }
        guard let first = dense.first, let latents = first.kernel?.shape[0],
            let features = dense.last?.kernel?.shape[1],
            leaves.allSatisfy({ $0.kind != .other })
        else { return nil }
        var side = 0
        if let inputs = images.first?.inputs, inputs > 0, features % inputs == 0 {
            side = Int(Double(features / inputs).squareRoot().rounded())
            guard side * side * inputs == features else { return nil }
        } else if !images.isEmpty {
            return nil
        }
        let ends = images.last.map { [1, 3, 4].contains($0.outputs) } ?? (KerasImage.guess(features) != nil)
        guard ends, features > latents else { return nil }
        let strides = self.strides(leaves, side)
        var layers = [KerasKnownLayouts.layer("InputLayer", "z", ["batch_shape": .array([.null, .integer(latents)])])]
        var place = 0
        let last = leaves.last { $0.kernel != nil }?.name
        for (index, leaf) in leaves.enumerated() {
            // A layer whose function is a layer of its own has none itself.
            let after = leaves[(index + 1)...].prefix { $0.kernel == nil }
            let between = after.contains { $0.kind == .activation } ? "linear" : "relu"
            if leaf.kind == .convolution || leaf.kind == .transposed {
                if place == 0 {
                    let shape = [side, side, leaf.inputs].map { JSONValue.integer($0) }
                    layers.append(KerasKnownLayouts.layer("Reshape", "map", ["target_shape": .array(shape)]))
                }
                let function = leaf.name == last ? "sigmoid" : between
                layers.append(add(leaf, "decoder", function, stride: strides[place]))
                place += 1
            } else if leaf.kind != .shape {
                layers.append(add(leaf, "decoder", leaf.name == last ? "sigmoid" : between, stride: 1))
            }
        }
        for (previous, next) in zip(images, images.dropFirst()) where previous.outputs != next.inputs { return nil }
        let size = side * leaves.reduce(1) { $1.kind == .upsampling ? $0 * 2 : $0 } * strides.reduce(1, *)
        findings += [
            Finding("the strides", "\(strides)", strides.isEmpty ? .inferred : .guessed),
            Finding("the activations", "ReLU, and a sigmoid at the end", .guessed),
        ]
        let config: JSONObject = ["name": .string("decoder"), "layers": .array(layers)]
        let image = images.isEmpty ? [features] : [size, size, images.last?.outputs ?? 1]
        return (.object(["class_name": .string("Sequential"), "config": .object(config)]), image)
    }

    /// Transposed convolutions double, but perhaps for the last one: what comes to a usual size decides.
    private func strides(_ leaves: [KerasLeaf], _ side: Int) -> [Int] {
        let images = leaves.filter { $0.kind == .convolution || $0.kind == .transposed }
        let factor = leaves.reduce(side) { $1.kind == .upsampling ? $0 * 2 : $0 }
        let all = images.map { $0.kind == .transposed && factor == side ? 2 : 1 }
        guard let last = images.last, last.kind == .transposed, factor == side else { return all }
        let usual = [28, 32, 64, 96, 128, 160, 192, 224, 256]
        let butLast = Array(all.dropLast()) + [1]
        return [butLast, all].first { usual.contains(side * $0.reduce(1, *)) } ?? butLast
    }

    // MARK: Encoders

    private mutating func encoder(_ leaves: [KerasLeaf], image: [Int]) -> JSONValue? {
        let images = leaves.filter { $0.kind == .convolution }
        let dense = leaves.filter { $0.kind == .dense }
        guard dense.count >= 2, leaves.allSatisfy({ $0.kind == .convolution || $0.kind == .dense || $0.kind == .shape })
        else { return nil }
        // Each convolution halves, or all of them keep the size.
        var side = image[0]
        for leaf in images {
            guard leaf.kernel != nil else { return nil }
            side = (side + 1) / 2
        }
        let body = dense.dropLast(2)
        let (mean, second) = (dense[dense.count - 2], dense[dense.count - 1])
        guard mean.kernel?.shape == second.kernel?.shape,
            images.isEmpty || dense[0].kernel?.shape[0] == side * side * (images.last?.outputs ?? 0)
        else { return nil }
        let shape = ([.null] + image.map { JSONValue.integer($0) }) as [JSONValue]
        var layers = [KerasKnownLayouts.layer("InputLayer", "image", ["batch_shape": .array(shape)])]
        var chain = ["image"]
        func then(_ layer: JSONValue, _ name: String, after previous: String) {
            var object = layer.object ?? [:]
            let read: [JSONValue] = [.string(previous), .integer(0), .integer(0), .object([:])]
            _ = object.insert(.array([.array([.array(read)])]), named: "inbound_nodes")
            layers.append(.object(object))
        }
        for leaf in images {
            then(add(leaf, "encoder", "relu", stride: 2), leaf.name, after: chain[chain.count - 1])
            chain.append(leaf.name)
        }
        if !images.isEmpty {
            then(KerasKnownLayouts.layer("Flatten", "features", [:]), "features", after: chain[chain.count - 1])
            chain.append("features")
        }
        for leaf in body {
            then(add(leaf, "encoder", "relu", stride: 1), leaf.name, after: chain[chain.count - 1])
            chain.append(leaf.name)
        }
        for head in [mean, second] {
            let linear = add(head, "encoder", "linear", stride: 1)
            then(linear, head.name, after: chain[chain.count - 1])
        }
        func end(_ name: String) -> JSONValue { .array([.string(name), .integer(0), .integer(0)]) }
        let config: JSONObject = [
            "name": .string("encoder"), "layers": .array(layers), "input_layers": .array([end("image")]),
            "output_layers": .array([end(mean.name), end(second.name)]),
        ]
        return .object(["class_name": .string("Functional"), "config": .object(config)])
    }

    // MARK: Layers

    private static func layer(_ className: String, _ name: String, _ config: JSONObject) -> JSONValue {
        var config = config
        _ = config.insert(.string(name), named: "name")
        return .object(["class_name": .string(className), "name": .string(name), "config": .object(config)])
    }

    /// Takes a leaf's variables, and describes it.
    private mutating func add(
        _ leaf: KerasLeaf, _ part: String, _ activation: String, stride: Int
    ) -> JSONValue {
        for (name, tensor) in leaf.variables { tensors["\(part)/\(leaf.name)/\(name)"] = tensor }
        let function = JSONValue.string(activation)
        let bias = JSONValue.boolean(leaf.variables["bias"] != nil)
        switch leaf.kind {
        case .dense:
            return KerasKnownLayouts.layer("Dense", leaf.name, ["activation": function, "use_bias": bias])
        case .convolution, .transposed:
            return KerasKnownLayouts.layer(
                leaf.kind == .transposed ? "Conv2DTranspose" : "Conv2D", leaf.name,
                [
                    "activation": function, "use_bias": bias, "padding": .string("same"),
                    "strides": .array([.integer(stride), .integer(stride)]),
                ])
        case .normalization:
            return KerasKnownLayouts.layer(
                "BatchNormalization", leaf.name,
                [
                    "scale": .boolean(leaf.variables["gamma"] != nil),
                    "center": .boolean(leaf.variables["beta"] != nil),
                ])
        case .upsampling: return KerasKnownLayouts.layer("UpSampling2D", leaf.name, [:])
        case .activation:
            return KerasKnownLayouts.layer(leaf.name.contains("leaky") ? "LeakyReLU" : "ReLU", leaf.name, [:])
        case .shape, .other: return KerasKnownLayouts.layer("Identity", leaf.name, [:])
        }
    }
}
