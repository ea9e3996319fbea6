import Importing
import JSON

/// A model as its file has it: the configuration, the weights, and who wrote them.
struct KerasSource: Sendable {
    let model: KerasLayer
    let weights: KerasWeights
    /// `3.8.0`; nil where nobody says.
    let version: String?
    /// What the file is, for `inspect`.
    let format: String
    /// Whether it was trained with a loss that takes logits.
    let losesFromLogits: Bool
    /// What was found out where the file does not say it.
    let findings: [Finding]
    /// Where the file holds weights alone: how the rest was found out.
    var deduction: KerasDeduction?

    init(
        model: KerasLayer, layout: KerasWeights.Layout, version: String?, format: String, training: JSONValue? = nil,
        findings: [Finding] = []
    ) {
        self.findings = findings
        self.model = model
        weights = KerasWeights(layout, model: model)
        self.version = version
        self.format = format
        let loss = (training?.object?["loss"] ?? training?.object?["config"]?.object?["loss"])?.object
        losesFromLogits = loss?["config"]?.object?["from_logits"]?.boolean ?? false
    }

    /// Whether Keras 3's defaults hold.
    var isModern: Bool {
        if let version { return !version.hasPrefix("2.") && !version.hasPrefix("1.") }
        // Without a version, the word for an input's shape tells.
        return model.network?.layers.contains { $0.config["batch_shape"] != nil } ?? false
    }

    /// The options that say something about it.
    ///
    /// - Parameter ofVector: whether an image in it is a vector of pixels.
    func usedOptions(ofVector: Bool) -> Set<ImportOptions.Name> {
        let graph = Set.ofGraphs.subtracting(ofVector ? [] : [.layout])
        guard deduction != nil else { return graph }
        return graph.subtracting([.latent, .label, .image]).union([.activation, .outputActivation, .stride, .padding])
    }

    /// The models in it that can be taken by themselves, the whole first.
    func networks() throws(ImportProblem) -> [(layer: KerasLayer, network: KerasNetwork)] {
        var found: [(KerasLayer, KerasNetwork)] = []
        var open: [KerasLayer] = [model]
        if model.network == nil { open = try KerasConfigReader.parts(of: model) }
        while !open.isEmpty {
            let layer = open.removeFirst()
            guard let network = layer.network else { continue }
            found.append((layer, network))
            for (place, inner) in network.layers.enumerated() where inner.network != nil {
                var inner = inner
                inner.address = KerasAddress(
                    names: layer.address.names + [inner.name], base: layer.address.base,
                    otherBases: layer.address.otherBases,
                    words: layer.address.words + [network.words[place]])
                open.append(inner)
            }
        }
        return found
    }
}
