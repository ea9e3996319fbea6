/// Which of a file's layers are the decoder, and which the encoder.
struct KerasPartition: Sendable {
    struct Encoder: Sendable {
        let chain: KerasChain
        /// The mean, and perhaps the second head; or one of twice as many numbers.
        let heads: [KerasLeaf]
        let isComplete: Bool
    }

    let latents: Int
    let decoder: KerasChain
    /// Whether layers without weights are known too.
    let isComplete: Bool
    private(set) var encoder: Encoder?

    init?(_ parts: [KerasLeaf.Part]) {
        func says(_ part: KerasLeaf.Part, _ words: String...) -> Bool {
            words.contains { part.name.lowercased().contains($0) }
        }
        let likely = parts.filter { says($0, "decod", "generat") }
        let others = parts.filter { !says($0, "decod", "generat", "encod", "discrim", "classif") }
        for part in likely + others + parts.filter({ says($0, "encod") && likely.isEmpty }) {
            if let (latents, chain) = KerasPartition.decoder(part.leaves) {
                (self.latents, decoder, isComplete) = (latents, chain, part.isComplete)
                let rest = parts.filter { $0.name != part.name && !says($0, "discrim", "classif") }
                var used = ""
                for other in rest.filter({ says($0, "encod") }) + rest.filter({ !says($0, "encod") }) {
                    encoder = KerasPartition.encoder(other.leaves, latents, chain.end, other.isComplete)
                    guard encoder == nil else {
                        used = other.name
                        break
                    }
                }
                // Layers within it, of which nobody knows what they do together.
                let isWhole = !rest.contains { other in
                    other.name != used && (part.path.isEmpty || other.path.hasPrefix(part.path + "/"))
                }
                guard isWhole else { return nil }
                return
            }
        }
        for part in others {
            guard let found = KerasPartition(splitting: part) else { continue }
            self = found
            return
        }
        return nil
    }

    /// All layers in one list, of which the narrowest place says where it comes apart.
    private init?(splitting part: KerasLeaf.Part) {
        let leaves = part.leaves
        let dense = leaves.indices.filter { leaves[$0].kind == .dense }
        func shape(_ index: Int) -> [Int] { leaves[index].kernel?.shape ?? [0, 0] }
        // Two heads beside each other, or one, before a layer that reads as many numbers as they give.
        for (place, index) in dense.enumerated() {
            let isPair = place + 1 < dense.count && shape(index) == shape(dense[place + 1])
            let last = isPair ? dense[place + 1] : index
            guard let next = dense.first(where: { $0 > last }) else { continue }
            let latents = shape(next)[0]
            let heads = isPair ? [leaves[index], leaves[last]] : [leaves[index]]
            let given = shape(index)[1]
            guard given == latents || !isPair && given == 2 * latents, latents < shape(index)[0] else { continue }
            // Without two heads the narrowest of all layers is the point.
            guard isPair || given == 2 * latents || dense.allSatisfy({ shape($0)[1] >= latents }) else { continue }
            let rest = leaves[..<next].filter { leaf in !heads.contains { $0.name == leaf.name } }
            guard
                let chain = KerasChain(
                    Array(leaves[next...]), from: .vector(latents), isDone: KerasPartition.isPicture)
            else { continue }
            (self.latents, decoder, isComplete) = (latents, chain, part.isComplete)
            encoder = KerasPartition.encoder(rest + heads, latents, chain.end, part.isComplete)
            return
        }
        return nil
    }

    static func isPicture(_ end: KerasChain.Value) -> Bool {
        switch end {
        case .vector(let count): count >= 64 && KerasImage.guess(count) != nil
        case .map(let channels): [1, 3, 4].contains(channels)
        }
    }

    private static func decoder(_ leaves: [KerasLeaf]) -> (latents: Int, chain: KerasChain)? {
        let dense = leaves.filter { $0.kind == .dense }
        // The first reads the point; in another order it is the one that reads least.
        let sizes = dense.compactMap { $0.kernel?.shape[0] }
        for latents in [sizes.first, sizes.min()].compactMap(\.self) where (1...4096).contains(latents) {
            if let chain = KerasChain(leaves, from: .vector(latents), isDone: isPicture), grows(chain, latents) {
                return (latents, chain)
            }
        }
        return nil
    }

    private static func grows(_ chain: KerasChain, _ latents: Int) -> Bool {
        if case .vector(let count) = chain.end { return count > latents }
        return true
    }

    private static func encoder(
        _ leaves: [KerasLeaf], _ latents: Int, _ image: KerasChain.Value, _ isComplete: Bool
    ) -> Encoder? {
        let dense = leaves.filter { $0.kind == .dense }
        let pair = dense.filter { $0.kernel?.shape[1] == latents }
        let joined = dense.filter { $0.kernel?.shape[1] == 2 * latents }
        var heads: [KerasLeaf] = []
        if pair.count >= 2, pair[pair.count - 2].kernel?.shape == pair[pair.count - 1].kernel?.shape {
            heads = Array(pair.suffix(2))
        } else if let one = pair.last ?? joined.last {
            heads = [one]
        }
        guard !heads.isEmpty else { return nil }
        let body = leaves.filter { leaf in
            !heads.contains { $0.name == leaf.name } && leaf.kind != .other && leaf.kind != .shape
        }
        let chain = KerasChain(body, from: image) { end in
            var chain = KerasChain(from: end)
            return chain.add(heads[0])
        }
        guard let chain else { return nil }
        return Encoder(chain: chain, heads: heads, isComplete: isComplete)
    }
}
