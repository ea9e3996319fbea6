/// Which strides, paddings and enlargements lead from a decoder's first map to a picture, the most plausible first.
struct KerasSizes {
    struct Answer {
        var steps: [KerasStep] = []
        var side: Int
        var cost = 0.0
    }

    /// How many ways are followed at a time.
    private static let width = 600

    private static func followed(
        _ links: [KerasChain.Link], from side: Int, _ options: (KerasChain.Link, Bool, Int) -> [(KerasStep, Double)]
    ) -> [Answer] {
        var answers = [Answer(side: side)]
        let images = links.indices.filter { links[$0].leaf.kernel?.shape.count == 4 }
        for (place, link) in links.enumerated() {
            switch link.leaf.kind {
            case .upsampling: for index in answers.indices { answers[index].side *= 2 }
            case .pooling: for index in answers.indices { answers[index].side = max(1, answers[index].side / 2) }
            case .convolution, .transposed:
                guard link.leaf.kernel?.shape.count == 4 else { continue }
                let kernel = link.leaf.kernel?.shape[0] ?? 1
                var next: [Answer] = []
                for answer in answers {
                    for (step, cost) in options(link, place == images.last, answer.side) {
                        guard
                            let side = step.side(answer.side, kernel: kernel, isTransposed: link.isTransposed),
                            side <= 1024
                        else { continue }
                        next.append(Answer(steps: answer.steps + [step], side: side, cost: answer.cost + cost))
                    }
                }
                answers = Array(next.sorted { $0.cost < $1.cost }.prefix(width))
            default: break
            }
        }
        return answers
    }

    static func decoder(_ chain: KerasChain, isComplete: Bool, channels: Int) -> [Answer] {
        guard let side = chain.side else { return [] }
        let hasEnlarging = chain.links.contains { $0.leaf.kind == .upsampling }
        let mayEnlarge = !hasEnlarging && !isComplete
        let hasTransposed = chain.images.contains(where: \.isTransposed)
        let answers = followed(chain.links, from: side) { link, isLast, here in
            let kernel = link.leaf.kernel?.shape[0] ?? 3
            guard link.isTransposed else {
                var found = [(KerasStep(), isLast ? 0 : mayEnlarge && !hasTransposed ? 0.3 : 0.0)]
                found.append((KerasStep(isSame: false), kernel == 1 ? 3 : 1.2))
                if mayEnlarge { found.append((KerasStep(enlarged: 2), hasTransposed ? 1 : 0.1)) }
                return found
            }
            let stays = hasEnlarging ? 0.1 : isLast ? 0.2 : 0.7
            // A map of one pixel can grow only by its kernels.
            let isSmall = here == 1
            return [
                (KerasStep(stride: 2), hasEnlarging ? 0.5 : isSmall ? 0.6 : 0), (KerasStep(), stays),
                (KerasStep(stride: 2, isSame: false), isSmall ? 0 : side == 1 ? 0.1 : 1),
                (KerasStep(isSame: false), isSmall && kernel > 1 ? 0.3 : 1.3), (KerasStep(stride: 4), 1.6),
                (KerasStep(stride: 3), 1.6),
            ]
        }
        return answers.map { answer in
            var answer = answer
            answer.cost += unusual(answer.side, channels)
            return answer
        }.sorted { $0.cost < $1.cost }
    }

    /// What speaks against a picture's side.
    private static func unusual(_ side: Int, _ channels: Int) -> Double {
        switch side {
        case 28: channels == 1 ? 0 : 0.8
        case 32, 64, 128: channels == 1 ? 0.3 : 0
        case 256, 96: 0.4
        // Handwritten digits of the oldest sets.
        case 8: 0.6
        case 16, 48, 80, 100, 112, 160, 192, 200, 224, 512: 0.9
        default: 2
        }
    }

    /// Ways from a picture to the map that an encoder makes a vector of.
    static func encoder(_ encoder: KerasPartition.Encoder, image side: Int) -> [Answer] {
        let chain = encoder.chain
        let wanted =
            chain.links.compactMap(\.flattens).first
            ?? KerasSizes.headSide(encoder)
        let hasPools = chain.links.contains { $0.leaf.kind == .pooling }
        let mayPool = !hasPools && !encoder.isComplete
        let answers = followed(chain.links, from: side) { _, _, _ in
            var found = [
                (KerasStep(stride: 2), hasPools ? 0.6 : 0), (KerasStep(), hasPools ? 0 : 0.5),
                (KerasStep(stride: 2, isSame: false), 0.8), (KerasStep(isSame: false), 1.2),
                (KerasStep(stride: 4), 1.6),
            ]
            if mayPool { found.append((KerasStep(pooled: 2), 0.2)) }
            return found
        }
        guard let wanted, wanted > 0 else { return answers }
        return answers.filter { $0.side == wanted }
    }

    /// The side of the map that heads read without a dense layer before them.
    private static func headSide(_ encoder: KerasPartition.Encoder) -> Int? {
        guard case .map(let channels) = encoder.chain.end, let inputs = encoder.heads[0].kernel?.shape[0] else {
            return nil
        }
        return inputs % channels == 0 ? KerasChain.root(inputs / channels) : nil
    }
}
