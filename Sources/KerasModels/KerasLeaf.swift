import HDF5Files

/// A layer of which only its name and its variables are known.
struct KerasLeaf {
    enum Kind { case dense, convolution, transposed, normalization, upsampling, activation, shape, other }

    let name: String
    var variables: [String: KerasTensor] = [:]

    var kernel: KerasTensor? { variables["kernel"] }

    var kind: Kind {
        let word = name.lowercased()
        if variables["moving_mean"] != nil { return .normalization }
        if let kernel {
            switch kernel.shape.count {
            case 2: return .dense
            case 4: return word.contains("transpose") || word.contains("deconv") ? .transposed : .convolution
            default: return .other
            }
        }
        if word.contains("up_sampling") || word.contains("upsampling") { return .upsampling }
        guard variables.isEmpty else { return .other }
        if word.contains("re_lu") || word.hasPrefix("activation") { return .activation }
        let harmless = ["input", "reshape", "flatten", "dropout", "sampl", "z"]
        return harmless.contains { word.hasPrefix($0) } ? .shape : .other
    }

    /// Channels that an image's layer reads and makes.
    var inputs: Int { kernel.map { $0.shape[kind == .transposed ? 3 : 2] } ?? 0 }
    var outputs: Int { kernel.map { $0.shape[kind == .transposed ? 2 : 3] } ?? 0 }

    /// The layers of each part of a file, in order; a file without parts is one of no name.
    static func parts(of layout: KerasWeights.Layout) -> [(name: String, leaves: [KerasLeaf])] {
        switch layout {
        case .byName(let tree, let root): byName(tree, root)
        case .byPath(let tree): byPath(tree)
        case .flat: []
        }
    }

    private static func byName(_ tree: HDF5Tree, _ root: String) -> [(name: String, leaves: [KerasLeaf])] {
        var parts: [(name: String, leaves: [KerasLeaf])] = []
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
                parts.append((layer, leaves))
            } else {
                plain.append(KerasLeaf(name: layer, variables: leaves.first?.variables ?? [:]))
            }
        }
        let hasOwn = plain.contains { !$0.variables.isEmpty }
        return parts.isEmpty || hasOwn ? parts + [("", plain)] : parts
    }

    /// The newer files give a class and a number, in the order of the numbers; dense layers come first in a decoder, and
    /// last in an encoder, which changes nothing for what is done with them.
    private static func byPath(_ tree: HDF5Tree) -> [(name: String, leaves: [KerasLeaf])] {
        var parts: [String: [KerasLeaf]] = [:]
        for group in tree.groups where group.hasSuffix("/vars") {
            let words = group.split(separator: "/").dropLast().map(String.init)
            guard let own = words.last, words.count <= 6 else { continue }
            let containers = ["layers", "_layer_checkpoint_dependencies"]
            let part = words.dropLast().filter { !containers.contains($0) }.joined(separator: "/")
            let tensors = tree.names(in: group).sorted().compactMap { tree.datasets["\(group)/\($0)"] }
            var leaf = KerasLeaf(name: own)
            if own.hasPrefix("batch_normalization") {
                let names = ["gamma", "beta", "moving_mean", "moving_variance"]
                guard tensors.count == names.count else { return [] }
                leaf.variables = Dictionary(uniqueKeysWithValues: zip(names, tensors))
            } else if tensors.count <= 2 {
                leaf.variables = Dictionary(uniqueKeysWithValues: zip(["kernel", "bias"], tensors))
            } else {
                leaf.variables = ["other": tensors[0]]
            }
            parts[part, default: []].append(leaf)
        }
        func rank(_ leaf: KerasLeaf) -> (Int, Int) {
            let kind = [.dense: 0, .transposed: 1, .convolution: 2][leaf.kind] ?? 3
            return (kind, leaf.name.split(separator: "_").last.flatMap { Int($0) } ?? 0)
        }
        // Where normalization or enlarging stands between, the order is not known.
        return parts.mapValues { leaves in
            let known = leaves.filter { $0.kind != .shape }.sorted { rank($0) < rank($1) }
            let isOpen = known.contains { [.normalization, .upsampling, .other].contains($0.kind) }
            return isOpen ? [] : known
        }.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { ($0.key, $0.value) }
    }
}
