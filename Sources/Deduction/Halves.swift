import Importing
import Neural

/// A file's layers, told apart: encoder, heads, decoder, a label's table, and what is passed over.
struct Halves {
    var encoder: [WeightedLayer] = []
    var heads: Heads?
    var decoder: [WeightedLayer] = []
    /// Tables or linear layers that read a label, for each half.
    var encoderLabel: WeightedLayer?
    var decoderLabel: WeightedLayer?
    var remarks: [String] = []

    init(_ inventory: LayerInventory) throws(ImportProblem) {
        var layers = inventory.layers
        let others = layers.filter { Words.half($0.path) == .other }
        if others.count < layers.count, !others.isEmpty {
            layers.removeAll { Words.half($0.path) == .other }
            remarks.append("\(others.count) layers of other parts are passed over: \(others[0].path), …")
        }
        if !inventory.strays.isEmpty {
            remarks.append("tensors that belong to no layer are passed over: \(listed(inventory.strays))")
        }
        if let grid = inventory.grids.first {
            throw ImportProblem(
                .unsupported,
                "\(grid) is a grid of places that a decoder joins to its maps, and how the file does not say",
                advice: ImportProblem.exportAdvice)
        }
        let tables = layers.filter(Halves.readsLabel)
        layers.removeAll { layer in tables.contains { $0.path == layer.path } }
        let mains = layers.filter(\.isMain)
        guard !mains.isEmpty else {
            throw ImportProblem(.badFile, "the file holds no layers of a network")
        }
        heads = HeadSearch(mains: mains).heads()
        split(layers, mains)
        leaveOutWidths()
        encoderLabel = tables.first { Words.half($0.path) == .encoder } ?? tables.first { Words.half($0.path) == nil }
        decoderLabel = tables.first { Words.half($0.path) == .decoder } ?? tables.first { Words.half($0.path) == nil }
        guard decoder.contains(where: \.isMain) else {
            throw ImportProblem.withoutDecoder(mains)
                ?? ImportProblem(
                    .unsupported,
                    "no part of the file turns latents into a picture: its layers are \(listed(mains.map(\.path)))",
                    advice: "--decoder FILE names the decoder that belongs to it")
        }
    }

    /// A table of embeddings, or a linear layer that reads a class.
    private static func readsLabel(_ layer: WeightedLayer) -> Bool {
        guard case .linear(let inputs, let outputs) = layer.kind else { return false }
        guard
            Words.speaks(layer.path, for: Words.label)
                || Words.split(layer.path).contains(where: { words in
                    words.contains("label") || words.contains("embedding") || words.contains("embed")
                })
        else { return false }
        return layer.bias == nil ? outputs >= 2 : inputs <= 100 && inputs >= 2
    }

    private mutating func split(_ layers: [WeightedLayer], _ mains: [WeightedLayer]) {
        let headLayers = heads?.layers ?? []
        let seam = seam(mains)
        let early = earlyReader(mains, seam)
        for layer in layers where !headLayers.contains(where: { $0.path == layer.path }) {
            let word = Words.half(layer.path)
            let half: Half =
                if heads == nil { .decoder } else if layer.path == early?.path { .decoder } else {
                    word ?? (layer.place < seam ? .encoder : .decoder)
                }
            if half == .encoder { encoder.append(layer) } else { decoder.append(layer) }
        }
        if heads == nil, layers.contains(where: { Words.half($0.path) == .encoder }) {
            // An encoder without an end that a decoder reads is passed over.
            let named = decoder.filter { Words.half($0.path) != .encoder }
            if named.contains(where: \.isMain) {
                remarks.append("an encoder is passed over, whose end and the decoder's beginning do not fit together")
                decoder = named
            }
        }
    }

    /// A decoder may end in two heads as well: the pixels' mean, and how wide they are spread.
    private mutating func leaveOutWidths() {
        let widths = decoder.filter { layer in
            layer.isMain && Words.speaks(layer.path, for: Words.width)
                && decoder.contains { other in
                    other.path != layer.path && !Words.speaks(other.path, for: Words.width)
                        && other.tensors["weight"]?.extents == layer.tensors["weight"]?.extents
                        && abs(other.place - layer.place) == 1
                }
        }
        guard !widths.isEmpty, widths.count <= 2 else { return }
        decoder.removeAll { layer in widths.contains { $0.path == layer.path } }
        remarks.append("what spreads the pixels is passed over: \(listed(widths.map(\.path)))")
    }

    /// The layer without a word that reads the latents, where a decoder stands before its encoder.
    private func earlyReader(_ mains: [WeightedLayer], _ seam: Int) -> WeightedLayer? {
        guard let heads, !mains.contains(where: { $0.place > seam && Words.half($0.path) != .encoder }) else {
            return nil
        }
        return mains.first { layer in
            layer.decoderInputs == heads.latents && Words.half(layer.path) == nil
                && !heads.layers.contains { $0.path == layer.path }
        }
    }

    /// The place in the file from which layers without a word belong to the decoder.
    private func seam(_ mains: [WeightedLayer]) -> Int {
        switch heads {
        case .two(let mean, let second, _)?: return max(mean.place, second.place)
        case .joint(let layer, _)?: return layer.place
        case .none(let latents)?:
            let ends = mains.filter { $0.features?.outputs == latents }
            // What a layer of the decoder's reads, where a word tells that.
            let end = ends.first { end in
                Words.half(end.path) != .decoder
                    && mains.first { $0.place > end.place }.map { Words.half($0.path) } == .decoder
            }
            return ((end ?? ends.first)?.place ?? 0) + 1
        case nil: return 0
        }
    }
}

/// Some of many names.
func listed(_ names: [String], most: Int = 4) -> String {
    names.prefix(most).joined(separator: ", ") + (names.count > most ? ", … (\(names.count) in all)" : "")
}
