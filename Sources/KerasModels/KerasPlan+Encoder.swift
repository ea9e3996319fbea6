import Importing

/// Finding the encoder.
extension KerasPlanner {
    /// - Parameters:
    ///   - latents: the numbers of a point; nil where they are not known.
    ///   - image: the numbers of an image.
    func encoder(latents: Int?, image: Int?) throws(ImportProblem) -> KerasEncoderPlan? {
        if source.model.network != nil, let (layer, network) = networks.first {
            let graph = try KerasGraph(network, address: layer.address)
            for call in graph.calls.indices {
                guard let sampling = KerasSampling(call, graph), let input = imageInput(graph, sampling.mean, image)
                else { continue }
                return plan(graph, input, sampling)
            }
        }
        for (layer, network) in networks where rank(layer) != 0 {
            let graph = try KerasGraph(network, address: layer.address)
            if let plan = encoder(in: graph, image: image, latents: latents) { return plan }
        }
        return nil
    }

    private func encoder(in graph: KerasGraph, image: Int?, latents: Int?) -> KerasEncoderPlan? {
        guard let first = graph.outputs.first, let input = imageInput(graph, first, image) else { return nil }
        for call in graph.calls.indices {
            guard let sampling = KerasSampling(call, graph) else { continue }
            return plan(graph, input, sampling)
        }
        let outputs = graph.outputs
        var mean = first
        var second: KerasGraph.Value?
        if outputs.count >= 2 {
            let names = outputs.map { graph.layer(of: $0).name }
            let wide = names.firstIndex(where: KerasSampling.speaksOfWidth) ?? 1
            let middle = names.firstIndex { name in
                ["mean", "mu", "loc"].contains { name.lowercased().contains($0) }
            }
            mean = outputs[middle ?? (wide == 0 ? 1 : 0)]
            second = outputs[wide]
            if mean == second { second = outputs.first { $0 != mean } }
        }
        let plan = plan(graph, input, mean, second)
        // What ends in an image is no encoder.
        var builder = builder(graph)
        for input in graph.inputs {
            guard let shape = shape(graph.layer(of: input)) else { return outputs.count >= 2 ? plan : nil }
            _ = try? builder.addInput("input", for: input, shape, isChannelsFirst: isChannelsFirst(graph))
        }
        guard let made = try? builder.value(mean) else { return plan }
        let given = shape(graph.layer(of: input))?.reduce(1, *) ?? .max
        guard made.count < given, latents.map({ made.count == $0 || made.count == 2 * $0 }) ?? true else { return nil }
        return plan
    }

    private func plan(
        _ graph: KerasGraph, _ input: KerasGraph.Value, _ sampling: KerasSampling
    ) -> KerasEncoderPlan {
        var plan = plan(graph, input, sampling.mean, sampling.second)
        plan.isGuessed = !sampling.isTold
        return plan
    }

    private func plan(
        _ graph: KerasGraph, _ input: KerasGraph.Value, _ mean: KerasGraph.Value, _ second: KerasGraph.Value?
    ) -> KerasEncoderPlan {
        let needed = [mean] + [second].compactMap(\.self)
        let others = graph.inputs.filter { other in
            other != input && needed.contains { graph.depends($0, on: other) }
        }
        let isSwapped = options.swapsHeads && second != nil
        return KerasEncoderPlan(
            graph: graph, image: input, others: others, mean: isSwapped ? second ?? mean : mean,
            second: isSwapped ? mean : second)
    }

    /// The input that is an image: of so many numbers, or else the largest.
    private func imageInput(
        _ graph: KerasGraph, _ output: KerasGraph.Value, _ count: Int?
    ) -> KerasGraph.Value? {
        let inputs = graph.inputs.filter { graph.depends(output, on: $0) }
        let sized = inputs.map { ($0, shape(graph.layer(of: $0))?.reduce(1, *)) }
        if let count { return sized.first { $0.1 == count || $0.1 == nil }?.0 }
        return sized.max { ($0.1 ?? .max) < ($1.1 ?? .max) }?.0
    }
}
