import Importing

/// Finding the decoder of a model that holds everything: what comes after the sampling.
extension KerasPlanner {
    /// The part after the sampling; nil where nothing is sampled.
    func wholeDecoder() throws(ImportProblem) -> KerasDecoderPlan? {
        guard let (layer, network) = networks.first, source.model.network != nil else { return nil }
        let graph = try KerasGraph(network, address: layer.address)
        guard let call = graph.calls.indices.first(where: { KerasSampling($0, graph) != nil }),
            let sampling = KerasSampling(call, graph)
        else { return nil }
        let point = KerasGraph.Value(call: call, output: 0)
        guard let shape = latentShape(graph, point, sampling.mean) else { return nil }
        var losses: [KerasGraph.Value: KerasLayer] = [:]
        let outputs = imageOutputs(graph, after: point).map { output in
            guard let inner = beforeLoss(output, graph, point) else { return output }
            losses[inner] = graph.layer(of: output)
            return inner
        }
        guard let image = try likeliest(outputs, graph, from: point, shape),
            try isEncoded(sampling.mean, graph, image, from: point, shape)
        else { return nil }
        let findings = losses[image].map {
            [Finding($0.title, "only adds to the loss, and is passed over", .guessed)]
        }
        return KerasDecoderPlan(
            graph: graph, latent: point, latentShape: shape, others: others(graph, from: point, to: image),
            image: image, isGuessed: !sampling.isTold, findings: findings ?? [])
    }

    /// Whether a point comes from an image as large as the one that is made of it: otherwise two values of a decoder were
    /// taken for heads.
    private func isEncoded(
        _ mean: KerasGraph.Value, _ graph: KerasGraph, _ image: KerasGraph.Value, from point: KerasGraph.Value,
        _ latentShape: [Int]
    ) throws(ImportProblem) -> Bool {
        let sources = graph.inputs.filter { graph.depends(mean, on: $0) }.map { self.shape(graph.layer(of: $0)) }
        // An input of any size is an image.
        guard !sources.isEmpty, !sources.contains(nil) else { return !sources.isEmpty }
        let largest = sources.compactMap(\.self).max { $0.reduce(1, *) < $1.reduce(1, *) } ?? []
        if largest.count > 1, KerasPlanner.isImage(largest, options) { return true }
        var builder = builder(graph)
        _ = try builder.addInput("input", for: point, latentShape, isChannelsFirst: isChannelsFirst(graph))
        for input in graph.inputs where input != point {
            let own = self.shape(graph.layer(of: input)) ?? [1]
            _ = try builder.addInput("input", for: input, own, isChannelsFirst: isChannelsFirst(graph))
        }
        // What cannot be made says why later on.
        guard let made = try? builder.value(image) else { return true }
        return largest.reduce(1, *) >= made.count
    }

    /// The outputs that are computed from a point.
    private func imageOutputs(_ graph: KerasGraph, after point: KerasGraph.Value) -> [KerasGraph.Value] {
        named(graph.outputs, graph).filter { $0 != point && graph.depends($0, on: point) }
    }

    /// What a layer of the author's own at the end was given, which compares it with the model's input for the loss and
    /// returns it; nil for any other.
    private func beforeLoss(
        _ output: KerasGraph.Value, _ graph: KerasGraph, _ point: KerasGraph.Value
    ) -> KerasGraph.Value? {
        let call = graph.calls[output.call]
        guard KerasLayers.table[call.layer.className] == nil, !source.weights.hasAny(for: call.layer),
            call.values.contains(where: graph.inputs.contains)
        else { return nil }
        return call.values.first { $0 != point && graph.depends($0, on: point) }
    }
}
