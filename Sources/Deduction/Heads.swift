import Neural

/// The layers that end an encoder.
enum Heads: Sendable {
    case two(mean: WeightedLayer, second: WeightedLayer, areNamed: Bool)
    /// One whose outputs are the mean and then the second head's.
    case joint(WeightedLayer, latents: Int)
    /// A plain autoencoder.
    case none(latents: Int)

    var layers: [WeightedLayer] {
        switch self {
        case .two(let mean, let second, _): [mean, second]
        case .joint(let layer, _): [layer]
        case .none: []
        }
    }

    /// Whether means and second numbers take turns, as in Dubois's disentangling-vae, known by the layer's name.
    var areInterleaved: Bool {
        if case .joint(let layer, _) = self { layer.path.hasSuffix("mu_logvar_gen") } else { false }
    }

    var latents: Int {
        switch self {
        case .two(let mean, _, _): mean.features?.outputs ?? 0
        case .joint(_, let latents), .none(let latents): latents
        }
    }
}

extension WeightedLayer {
    /// What goes in and comes out, of a linear layer or a convolution that is not transposed.
    var features: (inputs: Int, outputs: Int)? {
        switch kind {
        case .linear(let inputs, let outputs): (inputs, outputs)
        case .convolution(let extents): (extents[1], extents[0])
        default: nil
        }
    }

    /// What goes in as the first layer of a decoder.
    var decoderInputs: Int? {
        switch kind {
        case .linear(let inputs, _): inputs
        case .convolution(let extents): bias == extents[0] && bias != extents[1] ? extents[1] : extents[0]
        default: nil
        }
    }
}

/// Finds the heads among the linear layers and convolutions of a file.
struct HeadSearch {
    let mains: [WeightedLayer]

    /// - Returns: nil where there is nothing that looks like an encoder's end.
    func heads() -> Heads? { named() ?? alike() ?? joint() }

    private func half(_ layer: WeightedLayer) -> Half? { Words.half(layer.path) }

    private func isPair(_ left: WeightedLayer, _ right: WeightedLayer) -> Bool {
        left.tensors["weight"]?.extents == right.tensors["weight"]?.extents
            && (left.bias != nil) == (right.bias != nil)
    }

    /// What two names say: `fc_mu` and `fc_logvar`.
    private func named() -> Heads? {
        let candidates = mains.filter { half($0) != .decoder || !mains.contains { half($0) == .encoder } }
        // A file has few heads; more names that sound like it are somebody's joke.
        let means = candidates.filter { Words.speaks($0.path, for: Words.mean) }.suffix(16)
        let seconds = candidates.filter { Words.speaks($0.path, for: Words.width) }.suffix(16)
        for mean in means.reversed() {
            for second in seconds where isPair(mean, second) {
                guard second.path != mean.path, hasDecoder(for: mean.features?.outputs ?? 0, heads: [mean, second])
                else {
                    continue
                }
                return .two(mean: mean, second: second, areNamed: true)
            }
        }
        return nil
    }

    /// Whether a layer elsewhere reads so many latents, alone or beside a label.
    private func hasDecoder(for latents: Int, heads: [WeightedLayer]) -> Bool {
        mains.contains { layer in
            guard !heads.contains(where: { $0.path == layer.path }), half(layer) != .encoder else { return false }
            return layer.decoderInputs.map { $0 >= latents } ?? false
        }
    }

    /// Two neighbors of the same shape of which neither can follow the other: `fc21`, `fc22`.
    private func alike() -> Heads? {
        var best: Heads?
        for (left, right) in zip(mains, mains.dropFirst()) {
            guard half(left) != .decoder, half(right) != .decoder, isPair(left, right), let features = left.features,
                !left.isConvolution || half(left) == .encoder, features.inputs != features.outputs
            else { continue }
            let reader =
                mains.first { $0.place > right.place && half($0) != .encoder }
                // Or the decoder stands before the encoder.
                ?? mains.first { $0.place < left.place && $0.decoderInputs == features.outputs && half($0) != .encoder }
            guard let reader, let inputs = reader.decoderInputs, inputs >= features.outputs,
                inputs == features.outputs || inputs - features.outputs == labels
                    || labels == 0 && inputs < 2 * features.outputs + 64
            else { continue }
            // Two convolutions of a map that chain by way of the channels before them are no heads.
            if inputs == features.outputs || best == nil { best = pair(left, right) }
        }
        return best
    }

    /// The first is the mean, unless names say otherwise.
    private func pair(_ left: WeightedLayer, _ right: WeightedLayer) -> Heads {
        let (isLeft, isRight) = (speaksOfWidth(left), speaksOfWidth(right))
        if isLeft, !isRight { return .two(mean: right, second: left, areNamed: true) }
        return .two(mean: left, second: right, areNamed: isRight && !isLeft)
    }

    private func speaksOfWidth(_ layer: WeightedLayer) -> Bool { Words.speaks(layer.path, for: Words.width) }

    /// How many inputs a label has, as the first layer tells that reads a picture's pixels.
    private var labels: Int {
        guard let first = mains.first, case .linear(let inputs, _) = first.kind, let last = mains.last?.features else {
            return 0
        }
        return max(0, inputs - last.outputs)
    }

    /// A layer of 2·d outputs before one of d inputs; or d before d, where nothing chains through otherwise.
    private func joint() -> Heads? {
        for (left, right) in zip(mains, mains.dropFirst()) {
            guard let features = left.features, let inputs = right.decoderInputs, half(left) != .decoder,
                half(right) != .encoder
            else { continue }
            let isBoundary = half(left) == .encoder && (half(right) == .decoder || half(right) == nil)
            // Without a word only a linear layer can be told to end an encoder.
            guard isBoundary || !left.isConvolution else { continue }
            let isSeam = isBoundary || half(left) == nil && half(right) == .decoder
            for latents in [inputs, inputs - labels] where latents > 0 && features.outputs == 2 * latents {
                // Something with weights stands before it, or it is the seam between two halves.
                if isSeam || left.place > mains[0].place && features.outputs != inputs {
                    return .joint(left, latents: latents)
                }
            }
        }
        return plain()
    }

    private func plain() -> Heads? {
        for (left, right) in zip(mains, mains.dropFirst()) {
            guard let features = left.features, let inputs = right.decoderInputs, half(right) == .decoder,
                half(left) == .encoder || half(left) == nil && half(mains[0]) != .decoder
            else { continue }
            if features.outputs == inputs || features.outputs + labels == inputs && labels > 0 {
                return .none(latents: features.outputs)
            }
        }
        return bottleneck()
    }

    /// Without a word: a chain from pixels to as many pixels, cut where it is narrowest.
    private func bottleneck() -> Heads? {
        guard let first = mains.first?.features, let last = mains.last, let outputs = last.features?.outputs,
            mains.count >= 2, half(mains[0]) != .decoder, case .linear = last.kind, first.inputs == outputs,
            outputs >= 64
        else { return nil }
        let narrowest = mains.dropLast().compactMap { $0.features?.outputs }.min() ?? 0
        return narrowest > 0 && narrowest < outputs ? .none(latents: narrowest) : nil
    }
}
