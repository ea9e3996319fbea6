import HDF5Files

/// A layer of which only its name and its variables are known.
struct KerasLeaf: Sendable {
    enum Kind {
        case dense, convolution, transposed, normalization, slopes, upsampling, pooling, activation, shape, other
    }

    let name: String
    var variables: [String: KerasTensor] = [:]
    /// What the file calls it beside its name: `conv2d_transpose_1`.
    var word = ""

    var kernel: KerasTensor? { variables["kernel"] }

    private func says(_ parts: String...) -> Bool {
        let names = [name.lowercased(), word.lowercased()]
        return parts.contains { part in names.contains { $0.contains(part) } }
    }

    var kind: Kind {
        if variables["moving_mean"] != nil { return .normalization }
        if variables["alpha"] != nil { return .slopes }
        if let kernel {
            switch kernel.shape.count {
            case 2: return .dense
            case 4:
                let isTransposed = says("transpose", "deconv", "conv_t", "convt", "tconv", "conv2dt")
                return isTransposed ? .transposed : .convolution
            default: return .other
            }
        }
        guard variables.isEmpty else { return .other }
        if says("up_sampling", "upsampling") { return .upsampling }
        if says("max_pooling", "maxpool") { return .pooling }
        if says("re_lu", "activation", "elu", "relu", "softmax", "tanh", "sigmoid") { return .activation }
        let harmless = [
            "input", "reshape", "flatten", "dropout", "sampl", "lambda", "z", "add_loss", "noise", "kl", "custom",
            "encod", "decod", "latent",
        ]
        return harmless.contains { name.lowercased().hasPrefix($0) || word.hasPrefix($0) || says("dropout", "sampl") }
            ? .shape : .other
    }

    var hasWeights: Bool { !variables.isEmpty }

    /// The numbers that a normalization or slopes have one of for each channel, or each feature.
    var features: Int {
        (variables["moving_mean"] ?? variables["alpha"]).map { $0.shape.last ?? 0 } ?? 0
    }

    /// Channels that an image's layer reads and makes.
    func inputs(_ isTransposed: Bool) -> Int { kernel.map { $0.shape[isTransposed ? 3 : 2] } ?? 0 }
    func outputs(_ isTransposed: Bool) -> Int { kernel.map { $0.shape[isTransposed ? 2 : 3] } ?? 0 }

    /// A group of layers, by the name of the model that they are in.
    struct Part: Sendable {
        let name: String
        /// Where it lies in a newer file.
        var path = ""
        var leaves: [KerasLeaf]
        /// Whether layers without weights are there too.
        let isComplete: Bool
    }

    /// The layers of each part of a file, in order; a file without parts is one of no name.
    static func parts(of layout: KerasWeights.Layout) -> [Part] {
        switch layout {
        case .byName(let tree, let root): byName(tree, root)
        case .byPath(let tree): byPath(tree)
        case .flat: []
        }
    }

    private static func byName(_ tree: HDF5Tree, _ root: String) -> [Part] {
        var parts: [Part] = []
        var plain: [KerasLeaf] = []
        for layer in tree.texts("layer_names", of: root) ?? [] {
            let group = root.isEmpty ? layer : "\(root)/\(layer)"
            var leaves: [KerasLeaf] = []
            for name in tree.texts("weight_names", of: group) ?? [] {
                let words = name.split(separator: "/").map(String.init)
                guard words.count >= 2, let tensor = tree.datasets["\(group)/\(name)"] else { continue }
                let (own, variable) = (words[words.count - 2], String(words[words.count - 1].prefix { $0 != ":" }))
                let place = leaves.firstIndex { $0.name == own } ?? leaves.count
                if place == leaves.count { leaves.append(KerasLeaf(name: own)) }
                leaves[place].variables[variable] = tensor
            }
            if leaves.count > 1 {
                parts.append(Part(name: layer, leaves: leaves, isComplete: false))
            } else {
                plain.append(KerasLeaf(name: layer, variables: leaves.first?.variables ?? [:]))
            }
        }
        if plain.contains(where: \.hasWeights) { parts.append(Part(name: "", leaves: plain, isComplete: true)) }
        return parts
    }

    /// The newer files call a layer by its class and a number; where a group lies says when it was written.
    private static func byPath(_ tree: HDF5Tree) -> [Part] {
        var parts: [String: [(leaf: KerasLeaf, place: UInt64)]] = [:]
        for group in tree.groups where group.hasSuffix("/vars") {
            let path = String(group.dropLast("/vars".count))
            let words = path.split(separator: "/").map(String.init)
            guard let word = words.last, words.count <= 6 else { continue }
            let containers = ["layers", "_layer_checkpoint_dependencies"]
            let part = words.dropLast().filter { !containers.contains($0) }.joined(separator: "/")
            let tensors = tree.names(in: group).sorted().compactMap { tree.datasets["\(group)/\($0)"] }
            // A model, or a layer made of layers: they speak for themselves.
            guard !tensors.isEmpty || !hasParts(path, tree) else { continue }
            var leaf = KerasLeaf(name: tree.text("name", of: group) ?? word, word: word)
            leaf.variables = variables(tensors, word)
            let place = max(tree.addresses[group] ?? 0, tree.addresses[path] ?? 0)
            parts[part, default: []].append((leaf, place))
        }
        return parts.sorted { $0.key < $1.key }.map { key, leaves in
            let title = tree.text("name", of: "\(group(key, tree))/vars") ?? key
            return Part(
                name: title, path: key, leaves: leaves.sorted { $0.place < $1.place }.map(\.leaf),
                isComplete: leaves.contains { !$0.leaf.hasWeights })
        }.filter { $0.leaves.contains(where: \.hasWeights) }
    }

    private static func group(_ part: String, _ tree: HDF5Tree) -> String {
        tree.groups.first { $0.hasSuffix(part) && tree.groups.contains("\($0)/vars") } ?? part
    }

    /// Whether layers lie in it.
    private static func hasParts(_ path: String, _ tree: HDF5Tree) -> Bool {
        tree.names(in: path).contains { $0 != "vars" }
    }

    private static func variables(_ tensors: [KerasTensor], _ word: String) -> [String: KerasTensor] {
        let isVector = tensors.allSatisfy { $0.shape.count == 1 }
        let names: [String]
        switch (tensors.count, isVector) {
        case (4, true): names = ["gamma", "beta", "moving_mean", "moving_variance"]
        case (3, true): names = ["beta", "moving_mean", "moving_variance"]
        case (1, _) where word.hasPrefix("p_re_lu"): names = ["alpha"]
        case (1...2, false): names = ["kernel", "bias"]
        case (0, _): names = []
        default: return ["other": tensors[0]]
        }
        return Dictionary(uniqueKeysWithValues: zip(names, tensors))
    }
}
