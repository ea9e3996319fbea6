import Importing
import Neural

/// Tensors that belong together by their names, and what kind of layer they can be.
struct WeightedLayer: Sendable {
    enum Kind: Hashable, Sendable {
        case linear(inputs: Int, outputs: Int)
        /// A convolution `[out, in, h, w]` or a transposed one `[in, out, h, w]`.
        case convolution([Int])
        case batchNormalization(Int, isAffine: Bool)
        /// A weight and a bias of the same extents: layer, group or instance normalization.
        case scale([Int])
        /// A weight alone: PReLU.
        case slopes(Int)
    }

    let path: String
    /// Where it stands among the layers of the file.
    let place: Int
    let kind: Kind
    /// `weight`, `bias`, `running_mean`, `running_var`.
    let tensors: [String: Tensor]
    let record: ModuleRecord?
    /// Of a layer of the same extents, by whose sigmoid its outputs are multiplied.
    var gate: [String: Tensor]?

    var bias: Int? { tensors["bias"]?.extents.first }

    /// Linear layers and convolutions: what changes the number of features.
    var isMain: Bool {
        switch kind {
        case .linear, .convolution: true
        default: false
        }
    }

    var isConvolution: Bool { if case .convolution = kind { true } else { false } }

    /// The module that holds it, and its number there where it has one: `decoder`, 3.
    var position: (parent: String, number: Int)? {
        guard let dot = path.lastIndex(of: ".") else { return Int(path).map { ("", $0) } }
        return Int(path[path.index(after: dot)...]).map { (String(path[..<dot]), $0) }
    }

    var parent: String {
        path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
    }

    /// How many features a normalization or PReLU has.
    var width: Int? {
        switch kind {
        case .batchNormalization(let width, _), .slopes(let width): width
        case .scale(let extents): extents.count == 1 ? extents[0] : nil
        default: nil
        }
    }
}

/// What the entries of a state dict are.
struct LayerInventory {
    var layers: [WeightedLayer] = []
    private static let (mostLayers, largestKernel) = (1024, 64)
    /// Names that belong to no layer.
    var strays: [String] = []
    /// Those of them that are maps of coordinates.
    var grids: [String] = []

    init(_ dict: StateDict) throws(ImportProblem) {
        var order: [String] = []
        var groups: [String: [String: Tensor]] = [:]
        for entry in dict.entries {
            let (path, word) = LayerInventory.parts(of: entry.name)
            if word == "num_batches_tracked" { continue }
            if groups[path] == nil { order.append(path) }
            groups[path, default: [:]][word] = entry.tensor
        }
        guard order.count <= LayerInventory.mostLayers else {
            throw ImportProblem(
                .unsupported, "the file holds \(order.count) layers, more than can be put in order",
                advice: ImportProblem.exportAdvice)
        }
        let gates = LayerInventory.gates(groups)
        for path in order {
            guard let group = groups[path], !gates.contains(path) else { continue }
            if let word = group.keys.first(where: LayerInventory.recurrent) {
                throw ImportProblem(
                    .unsupported,
                    "\(path) is an attention or a recurrent layer (\(word)), whose use the file does not say",
                    advice: ImportProblem.exportAdvice)
            }
            let tensors = try recombined(group, path)
            guard let kind = try LayerInventory.kind(tensors, path) else {
                for word in group.keys.sorted() {
                    let name = path.isEmpty ? word : "\(path).\(word)"
                    strays.append(name)
                    if let tensor = group[word], LayerInventory.isGrid(name, tensor) { grids.append(name) }
                }
                continue
            }
            let used = ["weight", "bias", "running_mean", "running_var"]
            var layer = WeightedLayer(
                path: path, place: layers.count, kind: kind, tensors: tensors.filter { used.contains($0.key) },
                record: dict.modules[path])
            let gate = LayerInventory.gate(of: path)
            if gates.contains(gate) { layer.gate = groups[gate] }
            layers.append(layer)
        }
    }

    /// The layers whose sigmoid gates another: `0.g` beside `0.h` of the same extents, as Tomczak and Welling (2018) have
    /// them.
    private static func gates(_ groups: [String: [String: Tensor]]) -> Set<String> {
        Set(
            groups.keys.filter { $0.hasSuffix(".h") }.compactMap { path in
                let gate = gate(of: path)
                guard let layer = groups[path]?.mapValues(\.extents), (layer["weight"]?.count ?? 0) > 1,
                    groups[gate]?.mapValues(\.extents) == layer
                else { return nil }
                return gate
            })
    }

    private static func gate(of path: String) -> String { path.dropLast() + "g" }

    /// A map of coordinates, as spatial broadcast decoders have them (Watters et al. 2019).
    private static func isGrid(_ name: String, _ tensor: Tensor) -> Bool {
        let words: Set = ["grid", "coord", "coords", "xx", "yy", "x_grid", "y_grid", "meshgrid"]
        let sides = tensor.extents.filter { $0 > 2 }
        return sides.count == 2 && sides[0] == sides[1]
            && Words.split(name).contains { component in component.contains(where: words.contains) }
    }

    private static func recurrent(_ word: String) -> Bool {
        word.hasPrefix("weight_ih_l") || word.hasPrefix("weight_hh") || word == "in_proj_weight"
    }

    /// A name's path and last word; what parametrizations are made of stays with the layer.
    private static func parts(of name: String) -> (path: String, word: String) {
        if let range = name.firstRange(of: "parametrizations.") {
            let path =
                name[..<range.lowerBound].hasSuffix(".")
                ? name[..<range.lowerBound].dropLast() : name[..<range.lowerBound]
            return (String(path), String(name[range.lowerBound...]))
        }
        guard let dot = name.lastIndex(of: ".") else { return ("", name) }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }

    private static func kind(_ tensors: [String: Tensor], _ path: String) throws(ImportProblem) -> WeightedLayer.Kind? {
        if let mean = tensors["running_mean"], mean.extents.count == 1, tensors["running_var"]?.extents == mean.extents
        {
            guard tensors["weight"].map({ $0.extents == mean.extents }) ?? true else { return nil }
            return .batchNormalization(mean.extents[0], isAffine: tensors["weight"] != nil)
        }
        guard let weight = tensors["weight"], weight.extents.allSatisfy({ $0 > 0 }) else { return nil }
        let bias = tensors["bias"]
        switch weight.extents.count {
        case 1:
            guard let bias else { return .slopes(weight.extents[0]) }
            return bias.extents == weight.extents ? .scale(weight.extents) : nil
        case 2:
            if let bias, bias.extents == weight.extents { return .scale(weight.extents) }
            guard bias.map({ $0.extents == [weight.extents[0]] }) ?? true else { return nil }
            return .linear(inputs: weight.extents[1], outputs: weight.extents[0])
        case 4:
            guard bias.map({ $0.extents.count == 1 }) ?? true else { return nil }
            guard weight.extents[2] == weight.extents[3], weight.extents[2] <= LayerInventory.largestKernel else {
                throw ImportProblem(
                    .unsupported,
                    "\(path) has a kernel of \(weight.extents[2])×\(weight.extents[3]), and what follows from its sides cannot be told",
                    advice: ImportProblem.exportAdvice)
            }
            return .convolution(weight.extents)
        case 3 where bias?.extents == weight.extents: return .scale(weight.extents)
        case 3:
            throw ImportProblem(
                .unsupported, "\(path) is a convolution of one axis; pictures need two",
                advice: ImportProblem.exportAdvice)
        case 5:
            throw ImportProblem(
                .unsupported, "\(path) is a convolution of 3 axes; pictures need two",
                advice: "name a model of flat pictures, since volumes and films cannot be shown")
        default: return nil
        }
    }
}
