import HDF5Files
import Importing

/// A variable's numbers, as Keras lays them out.
typealias KerasTensor = HDF5Tree.Dataset

/// Finds the variables of layers in the ways in which Keras has kept them.
struct KerasWeights: Sendable {
    enum Layout: Sendable {
        /// A group a layer, named as the layer, with `weight_names`: Keras 1, 2, and 3's older form. With the group around.
        case byName(HDF5Tree, root: String)
        /// `layers/conv2d_1/vars/0`: Keras 3, and 2 since 2.12.
        case byPath(HDF5Tree)
        /// Variables by their full names: TensorFlow.js.
        case flat([String: KerasTensor])
    }

    let layout: Layout
    /// The whole model, whose order of layers decides where names do not.
    let model: KerasLayer?

    init(_ layout: Layout, model: KerasLayer?) {
        self.layout = layout
        self.model = model
    }

    /// The layout of a file of weights; nil for one that is none.
    static func layout(of tree: HDF5Tree) -> Layout? {
        if tree.groups.contains("model_weights") { return .byName(tree, root: "model_weights") }
        if tree.texts("layer_names", of: "") != nil { return .byName(tree, root: "") }
        let isByPath = tree.groups.contains { $0.hasSuffix("/vars") || $0 == "vars" }
        return isByPath ? .byPath(tree) : nil
    }

    /// The variables of a layer.
    ///
    /// - Parameter names: in Keras's order, as ``KerasVariables`` says.
    func variables(of layer: KerasLayer, _ names: [String]) throws(ImportProblem) -> [KerasTensor] {
        guard !names.isEmpty else { return [] }
        let found: [KerasTensor]?
        switch layout {
        case .byName(let tree, let root): found = try byName(layer, names, tree, root)
        case .byPath(let tree): found = byPath(layer, names, tree)
        case .flat(let tensors):
            let entries = tensors.sorted { $0.key < $1.key }.map { Entry(name: $0.key, tensor: $0.value) }
            found = KerasWeights.matching(entries, layer.address.names, names)
        }
        guard let found else {
            throw ImportProblem(
                .badFile, "the file has no weights (\(names.joined(separator: ", "))) for \(layer.title)",
                advice: KerasAdvice.whole)
        }
        return found
    }

    /// The variables of a layer within a layer, as attention has them.
    ///
    /// - Parameters:
    ///   - name: its own.
    ///   - words: what the newer files call it.
    func variables(
        ofPart name: String, words: [String], in layer: KerasLayer, _ variables: [String]
    ) throws(ImportProblem) -> [KerasTensor] {
        var problem: ImportProblem?
        for word in words {
            var address = layer.address
            address.names.append(name)
            address.words.append(word)
            var part = KerasLayer(
                className: layer.className, name: layer.name, config: layer.config, network: nil)
            part.address = address
            do { return try self.variables(of: part, variables) } catch { problem = problem ?? error }
        }
        throw problem ?? ImportProblem(.badFile, "the file has no weights for \(layer.title)")
    }

    /// Whether the file has any weights for a layer, whatever they are called.
    func hasAny(for layer: KerasLayer) -> Bool {
        switch layout {
        case .byName(let tree, let root):
            guard let top = layer.address.names.first, let own = layer.address.names.last else { return false }
            let names = tree.texts("weight_names", of: KerasWeights.path(root, top)) ?? []
            return layer.address.names.count == 1
                ? !names.isEmpty : names.contains { $0.split(separator: "/").contains { $0 == own } }
        case .byPath(let tree):
            guard let group = group(of: layer, tree) else { return false }
            return tree.datasets.keys.contains { $0.hasPrefix(group + "/") }
        case .flat(let tensors):
            guard let own = layer.address.names.last else { return false }
            return tensors.keys.contains { $0.split(separator: "/").contains { $0 == own } }
        }
    }

    // MARK: By path

    private func byPath(_ layer: KerasLayer, _ names: [String], _ tree: HDF5Tree) -> [KerasTensor]? {
        guard let group = group(of: layer, tree) else { return nil }
        let found = names.indices.compactMap { tree.datasets["\(group)/vars/\($0)"] }
        return found.count == names.count ? found : nil
    }

    /// The group in which a layer's variables are; nil where there is none.
    private func group(of layer: KerasLayer, _ tree: HDF5Tree) -> String? {
        let address = layer.address
        var group = ([address.base] + address.otherBases).first(where: tree.groups.contains) ?? address.base
        for (place, word) in layer.address.words.enumerated() {
            let candidates = ["layers", "_layer_checkpoint_dependencies"].map { KerasWeights.path(group, $0) }
            // Where groups say whose they are, that decides.
            let own = layer.address.names[layer.address.names.count - layer.address.words.count + place]
            let named = candidates.flatMap { container in
                tree.names(in: container).map { KerasWeights.path(container, $0) }
                    .filter { tree.text("name", of: $0 + "/vars") == own }
            }
            if named.count == 1 {
                group = named[0]
            } else {
                let paths = (candidates + [group]).map { KerasWeights.path($0, word) }
                guard let path = paths.first(where: tree.groups.contains) else { return nil }
                group = path
            }
        }
        return group
    }

    private static func path(_ group: String, _ name: String) -> String { group.isEmpty ? name : "\(group)/\(name)" }

    // MARK: By name

    private struct Entry {
        let name: String
        let tensor: KerasTensor

        /// The names around the variable, and its own without the number that TensorFlow adds: `kernel:0`.
        var words: [Substring] { name.split(separator: "/") }
        var variable: Substring { words.last?.prefix { $0 != ":" } ?? "" }
    }

    private func byName(
        _ layer: KerasLayer, _ names: [String], _ tree: HDF5Tree, _ root: String
    ) throws(ImportProblem) -> [KerasTensor]? {
        guard let top = layer.address.names.first else { return nil }
        let group = KerasWeights.path(root, top)
        guard let weights = tree.texts("weight_names", of: group) else { return nil }
        var entries: [Entry] = []
        for name in weights {
            let path = KerasWeights.path(group, name)
            if let reason = tree.unread[path] {
                throw ImportProblem(.badFile, "the weights \(path.shortened): \(reason)")
            }
            guard let tensor = tree.datasets[path] else {
                throw ImportProblem(.badFile, "the file names the weights \(path.shortened), but has none")
            }
            entries.append(Entry(name: name, tensor: tensor))
        }
        if layer.address.names.count == 1 {
            let own = names.compactMap { name in entries.filter { $0.variable == name } }
            if own.allSatisfy({ $0.count == 1 }) { return own.map { $0[0].tensor } }
            return entries.count >= names.count ? entries.prefix(names.count).map(\.tensor) : nil
        }
        if let found = KerasWeights.matching(entries, Array(layer.address.names.dropFirst()), names) { return found }
        return byOrder(layer, names, entries)
    }

    /// The variables of the layer whose name stands among the names around them; those around it decide between several.
    private static func matching(_ entries: [Entry], _ names: [String], _ variables: [String]) -> [KerasTensor]? {
        guard let own = names.last else { return nil }
        let candidates = entries.filter { $0.words.dropLast().last.map(String.init) == own }
        let outer = names.dropLast()
        var found: [KerasTensor] = []
        for variable in variables {
            var fitting = candidates.filter { $0.variable == variable }
            // Keras 3 has another word for a kernel of this class.
            if fitting.isEmpty, variable == "depthwise_kernel" {
                fitting = candidates.filter { $0.variable == "kernel" }
            }
            if fitting.count > 1 {
                fitting = fitting.filter { entry in outer.allSatisfy { name in entry.words.contains { $0 == name } } }
            }
            guard fitting.count == 1 else { return nil }
            found.append(fitting[0].tensor)
        }
        return found
    }

    /// The variables of a layer within a model by their number: first what is trained, layer after layer, then the rest.
    private func byOrder(_ layer: KerasLayer, _ names: [String], _ entries: [Entry]) -> [KerasTensor]? {
        guard let top = model?.network?.layers.first(where: { $0.name == layer.address.names.first }),
            let leaves = KerasWeights.leaves(of: top, names: [top.name], depth: 0)
        else { return nil }
        typealias Slot = (layer: [String], variable: String)
        var slots: [Slot] = []
        for isStatistic in [false, true] {
            for leaf in leaves {
                for variable in leaf.variables where KerasVariables.isStatistic(variable) == isStatistic {
                    slots.append((leaf.names, variable))
                }
            }
        }
        guard slots.count == entries.count else { return nil }
        let found = names.compactMap { name in
            slots.firstIndex { $0.layer == layer.address.names && $0.variable == name }.map { entries[$0].tensor }
        }
        return found.count == names.count ? found : nil
    }

    private static func leaves(
        of layer: KerasLayer, names: [String], depth: Int
    ) -> [(names: [String], variables: [String])]? {
        guard let network = layer.network else { return KerasVariables.names(of: layer).map { [(names, $0)] } }
        guard depth < KerasConfigReader.depth else { return nil }
        var leaves: [(names: [String], variables: [String])] = []
        for inner in network.layers {
            guard let more = self.leaves(of: inner, names: names + [inner.name], depth: depth + 1) else { return nil }
            leaves += more
        }
        return leaves
    }
}
