import Importing
import JSON

/// A call that draws a point from a posterior: it reads the mean and the second head.
struct KerasSampling {
    let mean: KerasGraph.Value
    let second: KerasGraph.Value
    let layer: KerasLayer

    /// Nil for a call that is something else.
    ///
    /// - Parameter place: of the call in the graph.
    init?(_ place: Int, _ graph: KerasGraph) {
        let call = graph.calls[place]
        if let sum = graph.noisySums[place], let head = KerasSampling.head(sum.noise, graph) {
            (layer, mean, second) = (call.layer, sum.value, head)
            return
        }
        let values = call.values
        guard values.count == 2 else { return nil }
        let (left, right) = (graph.layer(of: values[0]), graph.layer(of: values[1]))
        guard
            KerasSampling.isSampling(call.layer)
                || call.layer.className == "Lambda" && KerasSampling.areAlike(left, right)
        else { return nil }
        layer = call.layer
        let isSwapped =
            KerasSampling.speaksOfWidth(left.name) && !KerasSampling.speaksOfWidth(right.name)
        (mean, second) = isSwapped ? (values[1], values[0]) : (values[0], values[1])
    }

    /// The head from which the noise's width is computed: what the exponential is taken of, before it is halved.
    private static func head(_ noise: KerasGraph.Value, _ graph: KerasGraph) -> KerasGraph.Value? {
        var open = [noise]
        var seen: Set<KerasGraph.Value> = []
        while let next = open.popLast() {
            guard seen.insert(next).inserted else { continue }
            let call = graph.calls[next.call]
            let name = call.layer.config["function"]?.string ?? call.layer.className
            if name.lowercased().hasSuffix("exp"), var head = call.values.first {
                while graph.calls[head.call].layer.config["units"] == nil,
                    graph.calls[head.call].layer.config["filters"] == nil,
                    !KerasLayers.takesPart(graph.calls[head.call].layer),
                    let source = graph.calls[head.call].values.first
                {
                    head = source
                }
                return head
            }
            open += call.values
        }
        return nil
    }

    private static func isSampling(_ layer: KerasLayer) -> Bool {
        let name = layer.className.lowercased()
        return KerasLayers.table[layer.className] == nil
            && ["sampl", "reparam", "latent", "stochastic"].contains { name.contains($0) }
    }

    /// Whether two layers make values of one shape, as two heads do.
    private static func areAlike(_ left: KerasLayer, _ right: KerasLayer) -> Bool {
        left.className == right.className
            && ["units", "filters"].allSatisfy { left.config[$0] == right.config[$0] }
    }

    /// Whether a name is one of those that a second head has.
    static func speaksOfWidth(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["var", "sigma", "std", "logv", "scale", "dev"].contains { name.contains($0) }
    }

    /// Whether names say which of two heads is the mean.
    static func tellsHeads(_ heads: [KerasLeaf]) -> Bool {
        heads.count == 2 && speaksOfWidth(heads[0].name) != speaksOfWidth(heads[1].name)
    }

    /// Layers of an author's own that add a divergence to the loss and return what they were given.
    static func isPassedThrough(_ call: KerasGraph.Call) -> Bool {
        let name = call.layer.className.lowercased()
        return KerasLayers.table[call.layer.className] == nil
            && (name.contains("divergence") || name.contains("klloss") || name.hasPrefix("kl"))
            && !call.values.isEmpty
    }
}
