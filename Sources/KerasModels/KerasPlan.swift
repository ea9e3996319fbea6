import Importing
import JSON

/// Which part of a graph is a decoder: from a point, and perhaps labels, to an image.
struct KerasDecoderPlan {
    let graph: KerasGraph
    let latent: KerasGraph.Value
    /// Keras's shape of the point.
    let latentShape: [Int]
    let others: [KerasGraph.Value]
    let image: KerasGraph.Value
    /// Whether the point is only what seems to be the narrowest place.
    var isBottleneck = false
    /// Whether nothing but its place in the graph says that a layer draws the point.
    var isGuessed = false
    /// What was guessed about the way to the image.
    var findings: [Finding] = []
}

/// Which part of a graph is an encoder.
struct KerasEncoderPlan {
    let graph: KerasGraph
    let image: KerasGraph.Value
    let others: [KerasGraph.Value]
    let mean: KerasGraph.Value
    /// Nil where one output holds everything, or where there is none.
    let second: KerasGraph.Value?
    /// Whether nothing but their place in the graph says that these are heads.
    var isGuessed = false
}

extension KerasEncoderPlan {
    /// The part of an autoencoder before its narrowest place.
    init(upTo decoder: KerasDecoderPlan) {
        self.init(
            graph: decoder.graph, image: decoder.graph.inputs[0], others: [], mean: decoder.latent, second: nil)
    }
}

/// Finds decoder and encoder in a model, by shapes and names.
struct KerasPlanner {
    let source: KerasSource
    let options: ImportOptions
    let networks: [(layer: KerasLayer, network: KerasNetwork)]

    init(_ source: KerasSource, _ options: ImportOptions) throws(ImportProblem) {
        self.source = source
        self.options = options
        networks = try source.networks()
        guard !networks.isEmpty else {
            throw ImportProblem(
                .unsupported,
                "the model's class \(source.model.className.shortened) is its author's own, and the file does not say "
                    + "of which layers it is made", advice: KerasAdvice.decoder)
        }
    }

    func builder(_ graph: KerasGraph) -> KerasBuilder {
        KerasBuilder(graph, weights: source.weights, isModern: source.isModern)
    }

    // MARK: Decoders

    func decoder() throws(ImportProblem) -> KerasDecoderPlan {
        try checkNames()
        let plan = try likelyDecoder()
        try checkNames(plan)
        return plan
    }

    private func likelyDecoder() throws(ImportProblem) -> KerasDecoderPlan {
        var first: ImportProblem?
        // Models called decoders come first, then the whole, then the rest.
        let ranked = networks.enumerated().sorted { left, right in
            let ranks = (rank(left.element.layer), rank(right.element.layer))
            return ranks.0 != ranks.1 ? ranks.0 < ranks.1 : left.offset < right.offset
        }
        if let whole = try wholeDecoder() { return whole }
        for (_, candidate) in ranked {
            do {
                let graph = try KerasGraph(candidate.network, address: candidate.layer.address)
                if let plan = try decoder(in: graph) { return plan }
            } catch {
                first = first ?? error
            }
        }
        if let bottleneck = try bottleneck() { return bottleneck }
        if let first { throw first }
        throw try notADecoder()
    }

    func rank(_ layer: KerasLayer) -> Int {
        let name = layer.name.lowercased()
        if ["decod", "generat"].contains(where: name.contains) { return 0 }
        return ["encod", "discrim", "classif"].contains(where: name.contains) ? 2 : 1
    }

    /// Those that the user names, where one is named.
    func named(_ outputs: [KerasGraph.Value], _ graph: KerasGraph) -> [KerasGraph.Value] {
        guard let name = options.imageName else { return outputs }
        return outputs.filter { graph.layer(of: $0).name == name }
    }

    /// The first of the largest outputs that can be an image; the only one, whatever it is.
    func likeliest(
        _ outputs: [KerasGraph.Value], _ graph: KerasGraph, from point: KerasGraph.Value, _ shape: [Int]
    ) throws(ImportProblem) -> KerasGraph.Value? {
        guard outputs.count > 1 else { return outputs.first }
        var builder = builder(graph)
        let isFirst = isChannelsFirst(graph)
        _ = try builder.addInput("input", for: point, shape, isChannelsFirst: isFirst)
        for input in graph.inputs where input != point {
            let own = self.shape(graph.layer(of: input)) ?? [1]
            _ = try builder.addInput("input", for: input, own, isChannelsFirst: isFirst)
        }
        var best: (output: KerasGraph.Value, count: Int)?
        var problem: ImportProblem?
        for output in outputs {
            do {
                let made = try builder.value(output)
                if KerasPlanner.isImage(made.shape, options), made.count > best?.count ?? 0 {
                    best = (output, made.count)
                }
            } catch {
                problem = problem ?? error
            }
        }
        if best == nil, let problem { throw problem }
        return best?.output ?? outputs.first
    }

    /// Inputs that an image depends on beside the point.
    func others(
        _ graph: KerasGraph, from point: KerasGraph.Value, to image: KerasGraph.Value
    ) -> [KerasGraph.Value] {
        var seen: Set<Int> = [point.call]
        var open = [image]
        while let next = open.popLast() {
            guard seen.insert(next.call).inserted else { continue }
            open += graph.calls[next.call].values
        }
        return graph.inputs.filter { $0 != point && seen.contains($0.call) }
    }

    func latentShape(
        _ graph: KerasGraph, _ point: KerasGraph.Value, _ mean: KerasGraph.Value
    ) -> [Int]? {
        // A model that takes the point and nothing else says its shape.
        for instance in graph.instances where instance.inputs == [point] {
            if let input = instance.layer.network?.inputs.first, let network = instance.layer.network,
                let place = network.layer(named: input.layer), let shape = shape(network.layers[place])
            {
                return shape
            }
        }
        if let units = KerasSettings(graph.layer(of: mean)).layer.config["units"]?.integer,
            graph.layer(of: mean).className == "Dense", (1...4096).contains(units)
        {
            return [units]
        }
        var builder = builder(graph)
        for input in graph.inputs where graph.depends(mean, on: input) {
            guard let shape = shape(graph.layer(of: input)) else { return nil }
            _ = try? builder.addInput("input", for: input, shape, isChannelsFirst: isChannelsFirst(graph))
        }
        return try? builder.value(mean).shape
    }

    /// A model whose input is a point.
    private func decoder(in graph: KerasGraph) throws(ImportProblem) -> KerasDecoderPlan? {
        let inputs = graph.inputs
        guard !inputs.isEmpty, let latent = latent(among: inputs, graph) else { return nil }
        let outputs = named(graph.outputs, graph).filter { graph.depends($0, on: latent) }
        guard !outputs.isEmpty else { return nil }
        let shape = try latentShape(graph.layer(of: latent))
        guard let image = try likeliest(outputs, graph, from: latent, shape) else { return nil }
        var builder = builder(graph)
        for input in inputs {
            let own = input == latent ? shape : self.shape(graph.layer(of: input)) ?? [1]
            _ = try builder.addInput("input", for: input, own, isChannelsFirst: isChannelsFirst(graph))
        }
        let made = try builder.value(image)
        let larger = made.count > shape.reduce(1, *)
        guard KerasPlanner.isImage(made.shape, options), larger || made.shape.count >= 2 else { return nil }
        // What takes an image of the size that it makes is a whole autoencoder, not a decoder.
        guard !(shape.count == made.shape.count && shape.count > 1 && !larger), shape != made.shape else { return nil }
        return KerasDecoderPlan(
            graph: graph, latent: latent, latentShape: shape, others: others(graph, from: latent, to: image),
            image: image)
    }

    private func latentShape(_ layer: KerasLayer) throws(ImportProblem) -> [Int] {
        if shape(layer) == nil, let given = options.latentShape, given.count == 3 {
            return isChannelsFirst(layer) ? given : [given[1], given[2], given[0]]
        }
        let given = layer.config["batch_shape"] ?? layer.config["batch_input_shape"]
        if let extents = given?.array?.dropFirst(),
            !extents.allSatisfy({ $0 == .null || KerasSettings.whole($0).map { $0 >= 1 } ?? false })
        {
            throw ImportProblem(
                .badFile,
                "the input \(layer.name.shortened) has the shape \((given?.compactText ?? "").shortened), which no model has"
            )
        }
        guard let shape = shape(layer), !shape.isEmpty else {
            throw ImportProblem(
                .options, "the input \(layer.name.shortened) may have any size",
                advice: "say which with --latent-shape C,H,W")
        }
        return shape
    }

    /// The input that is the point.
    private func latent(among inputs: [KerasGraph.Value], _ graph: KerasGraph) -> KerasGraph.Value? {
        if let name = options.latentName { return inputs.first { graph.layer(of: $0).name == name } }
        let rest = inputs.filter { input in
            graph.layer(of: input).name != options.labelName
                && !KerasLabels.isLabel(graph.layer(of: input).name)
                && KerasLabels.embedding(of: input, in: graph) == nil
        }
        let named = rest.first { input in
            let name = graph.layer(of: input).name.lowercased()
            return name.hasPrefix("z") || ["latent", "noise", "code", "sampl", "encod"].contains { name.contains($0) }
        }
        return named ?? rest.first ?? (inputs.count == 1 ? inputs[0] : nil)
    }

    static func isImage(_ shape: [Int], _ options: ImportOptions) -> Bool {
        switch shape.count {
        case 3: [1, 3, 4].contains(shape[2]) || [1, 3, 4].contains(shape[0])
        case 2: shape.allSatisfy { $0 >= 4 }
        case 1: options.imageShape != nil || KerasImage.guess(shape[0]) != nil && shape[0] >= 64
        default: false
        }
    }

    /// The narrowest value that everything passes through, of an autoencoder in one piece.
    private func bottleneck() throws(ImportProblem) -> KerasDecoderPlan? {
        guard let (layer, network) = networks.first, source.model.network != nil else { return nil }
        let graph = try KerasGraph(network, address: layer.address)
        guard graph.inputs.count == 1, let output = graph.outputs.first,
            let shape = shape(graph.layer(of: graph.inputs[0]))
        else { return nil }
        var builder = builder(graph)
        _ = try builder.addInput("input", for: graph.inputs[0], shape, isChannelsFirst: isChannelsFirst(graph))
        let made = try builder.value(output)
        guard made.count == shape.reduce(1, *), KerasPlanner.isImage(made.shape, options) else { return nil }
        var best: (value: KerasGraph.Value, shape: [Int])?
        for call in graph.calls.indices {
            let value = KerasGraph.Value(call: call, output: 0)
            guard value != output, value != graph.inputs[0], graph.depends(output, on: value),
                let known = builder.knownValue(value), [1, 3].contains(known.shape.count),
                others(graph, from: value, to: output).isEmpty
            else { continue }
            if best.map({ known.count < $0.shape.reduce(1, *) }) ?? true { best = (value, known.shape) }
        }
        guard let best, best.shape.reduce(1, *) < made.count else { return nil }
        return KerasDecoderPlan(
            graph: graph, latent: best.value, latentShape: best.shape, others: [], image: output, isBottleneck: true)
    }

    /// What the file seems to be instead.
    private func notADecoder() throws(ImportProblem) -> ImportProblem {
        let (layer, network) = networks[0]
        let graph = try KerasGraph(network, address: layer.address)
        let last = graph.outputs.first.map { graph.layer(of: $0) }
        if graph.outputs.count == 1, let last,
            last.config["activation"]?.string == "softmax" || last.className == "Softmax"
        {
            return ImportProblem(.badFile, "it is a classifier, not a decoder: it ends in softmax")
        }
        if (try? encoder(latents: nil, image: nil)) != nil {
            return ImportProblem(
                .options, "it is an encoder, from which no image can be made",
                advice: "give the decoder's file, and this one with --encoder")
        }
        return ImportProblem(
            .badFile, "it holds no decoder: nothing in it makes an image of a vector", advice: KerasAdvice.decoder)
    }

    // MARK: Shapes

    /// Keras's shape of an input; nil where an extent is left open.
    func shape(_ layer: KerasLayer) -> [Int]? {
        let json = layer.config["batch_shape"] ?? layer.config["batch_input_shape"]
        guard let list = json?.array, !list.isEmpty else { return nil }
        let extents = list.dropFirst().compactMap { KerasSettings.whole($0) }
        guard extents.count == list.count - 1, extents.allSatisfy({ $0 >= 1 }) else { return nil }
        return extents
    }

    func isChannelsFirst(_ graph: KerasGraph) -> Bool { graph.calls.contains { isChannelsFirst($0.layer) } }

    func isChannelsFirst(_ layer: KerasLayer) -> Bool { KerasSettings(layer).isChannelsFirst }
}
