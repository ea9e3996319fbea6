import Importing
import JSON

/// A call that draws a point from a posterior: it reads the mean and the second head.
struct KerasSampling {
    let mean: KerasGraph.Value
    let second: KerasGraph.Value
    let layer: KerasLayer
    /// Whether the layer's class, the layer it is called by, or the heads' names say so.
    let isTold: Bool

    /// Nil for a call that is something else.
    ///
    /// - Parameter place: of the call in the graph.
    init?(_ place: Int, _ graph: KerasGraph) {
        let call = graph.calls[place]
        if let sum = graph.noisySums[place], let head = KerasSampling.head(sum.noise, graph) {
            (layer, mean, second, isTold) = (call.layer, sum.value, head, true)
            return
        }
        let values = call.values
        guard values.count == 2, KerasSampling.isSampling(call.layer) || call.layer.className == "Lambda",
            KerasSampling.areHeads(values[0], values[1], graph)
        else { return nil }
        layer = call.layer
        let (left, right) = (graph.layer(of: values[0]).name, graph.layer(of: values[1]).name)
        let speaks = (KerasSampling.speaksOfWidth(left), KerasSampling.speaksOfWidth(right))
        isTold =
            speaks.0 != speaks.1 || ["sampl", "reparam"].contains { KerasSampling.word(call.layer).contains($0) }
            || call.layer.className == "Lambda" && KerasSampling.isPointName(call.layer.name)
        let isSwapped = speaks.0 && !speaks.1
        (mean, second) = isSwapped ? (values[1], values[0]) : (values[0], values[1])
    }

    /// Whether a decoder may hold it, as the prior of a second point does: its class and both heads say what it is.
    func isToldTwice(_ graph: KerasGraph) -> Bool {
        isTold && KerasSampling.isSampling(layer)
            && KerasSampling.speaksOfWidth(graph.layer(of: second).name)
                != KerasSampling.speaksOfWidth(graph.layer(of: mean).name)
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

    /// The class's own name, in small letters.
    private static func word(_ layer: KerasLayer) -> String {
        // Up- and down-sampling draw nothing.
        ["upsampl", "downsampl", "resampl", "subsampl"].reduce(layer.bareClass.lowercased()) {
            $0.replacing($1, with: "")
        }
    }

    private static func isSampling(_ layer: KerasLayer) -> Bool {
        KerasLayers.table[layer.className] == nil
            && ["sampl", "reparam", "latent", "stochastic"].contains { word(layer).contains($0) }
    }

    private static func isPointName(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "z" || name.hasPrefix("z_") || ["sampl", "reparam", "latent"].contains { name.contains($0) }
    }

    /// Whether two values may be two heads: both are computed, by layers of one kind that make as many numbers.
    private static func areHeads(
        _ left: KerasGraph.Value, _ right: KerasGraph.Value, _ graph: KerasGraph
    ) -> Bool {
        guard left != right else { return false }
        let (one, other) = (maker(of: left, graph), maker(of: right, graph))
        guard !graph.calls[one.call].values.isEmpty, !graph.calls[other.call].values.isEmpty else { return false }
        let (first, second) = (graph.layer(of: one), graph.layer(of: other))
        return first.className == second.className
            && ["units", "filters"].allSatisfy { first.config[$0] == second.config[$0] }
    }

    /// The last layer with weights of its own before a value, where nothing is between them but what changes each number.
    private static func maker(of value: KerasGraph.Value, _ graph: KerasGraph) -> KerasGraph.Value {
        var value = value
        while graph.layer(of: value).config["units"] == nil, graph.layer(of: value).config["filters"] == nil,
            case let read = graph.calls[value.call].values, read.count == 1
        {
            value = read[0]
        }
        return value
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

    /// Layers of an author's own that add a divergence to the loss and return what they were given: called so, and without
    /// weights.
    static func isPassedThrough(_ call: KerasGraph.Call, _ weights: KerasWeights) -> Bool {
        guard KerasLayers.table[call.layer.className] == nil, !call.values.isEmpty else { return false }
        let name = call.layer.bareClass.lowercased().filter(\.isLetter)
        let isDivergence =
            name.hasSuffix("kl") || name == "kllayer" || name.contains("divergence")
            || ["klloss", "klregular", "kldiv", "klterm", "addkl"].contains { name.contains($0) }
        return isDivergence && !weights.hasAny(for: call.layer)
    }
}
