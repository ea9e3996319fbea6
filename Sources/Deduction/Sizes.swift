import Importing
import Neural

/// One answer to all questions of size: the picture, the latent map, and what each convolution does.
struct Sizes: Hashable, Sendable {
    /// What the decoder's layers make of which nothing is cut off, before anything is fitted to another size.
    var image: [Int]
    /// `[channels, height, width]` where the latent is a map.
    var latentMap: [Int]?
    var decoder: [Choice]
    /// Nil where no way leads from the picture to the heads.
    var encoder: [Choice]?
    /// What heads do that are convolutions.
    var heads = Choice()
    var cost: Double

    var withoutEncoder: Sizes {
        Sizes(image: image, latentMap: latentMap, decoder: decoder, encoder: nil, cost: cost)
    }
}

/// Joins the ways through the decoder with those through the encoder, which is the second witness of a picture's size.
struct SizeDeduction {
    private static let most = 48

    let blueprint: Blueprint
    let options: ImportOptions

    func sizes() throws(ImportProblem) -> [Sizes] {
        var forced = ForcedChoices()
        (forced.strides, forced.paddings, forced.outputPaddings) = (
            options.strides, options.paddings, options.outputPaddings
        )
        let search = SizeSearch(
            half: .decoder, elements: blueprint.decoder, forced: forced,
            shuffles: blueprint.lastShuffle > 1 || blueprint.decoder.contains { $0.shuffle != nil })
        var found: [Sizes] = []
        switch blueprint.latent {
        case .vector(let count):
            for path in search.paths(from: nil, features: count) { found += pictures(path, latentMap: nil) }
        case .map(let channels):
            for side in latentSides(channels) {
                for path in search.paths(from: side, features: channels) {
                    found += pictures(path, latentMap: [channels, side, side])
                }
            }
        }
        let joined = joinedWithEncoder(plausible(found)).sorted { $0.cost < $1.cost }
        guard !joined.isEmpty else {
            throw ImportProblem(
                .options, "no usual stride and padding lead from the latents to a picture",
                advice: "say them with --stride, --padding and --output-padding, or the size with --image-shape H,W")
        }
        let stride = joined[0].decoder.map(\.stride).max() ?? 1
        if let extra = options.outputPaddings?.max(), extra > 0, extra >= stride {
            throw ImportProblem(
                .options, "an output padding of \(extra) is not below the stride, \(stride)",
                advice: "correct --output-padding")
        }
        // The best for each picture stays: there may be pictures of that size to try it on.
        var images: Set<[Int]> = []
        let best = joined.filter { images.insert($0.image).inserted }
        let kept = joined.prefix(SizeDeduction.most)
        return kept + best.filter { sizes in !kept.contains { $0.image == sizes.image } }
    }

    /// The best ways to each picture: the encoder may know one that is unusual.
    private func plausible(_ found: [Sizes]) -> [Sizes] {
        var counts: [[Int]: Int] = [:]
        let best = found.sorted { $0.cost < $1.cost }.filter { sizes in
            guard counts[sizes.image] != nil || counts.count < 16 else { return false }
            counts[sizes.image, default: 0] += 1
            return counts[sizes.image, default: 0] <= 12
        }
        return Array(best.prefix(blueprint.encoder == nil ? 60 : 180))
    }

    private func latentSides(_ channels: Int) -> [Int] {
        if let shape = options.latentShape, shape.count == 3, shape[0] == channels, shape[1] == shape[2] {
            return [shape[1]]
        }
        return [8, 7, 4, 16, 14, 3, 5, 6, 2, 1, 32].filter { $0 * $0 * channels <= 4096 }
    }

    // MARK: Pictures

    private func pictures(_ path: SizePath, latentMap: [Int]?) -> [Sizes] {
        var images: [(extents: [Int], cost: Double)] = []
        if let side = path.side, let channels = blueprint.pictureChannels {
            images = sides(side * blueprint.lastShuffle).map { ([channels, $0.side, $0.side], $0.cost) }
        } else if let shape = vectorShape(blueprint.decoder.last?.outputs ?? 0) {
            images = [(shape, 0)]
        }
        return images.compactMap { image in
            guard let cost = cost(image.extents, isVector: path.side == nil) else { return nil }
            return Sizes(
                image: image.extents, latentMap: latentMap, decoder: path.choices, encoder: nil,
                cost: path.cost + cost + image.cost)
        }
    }

    /// What is left of a map, with what speaks against it: authors cut off what convolutions make beyond a picture's size.
    private func sides(_ side: Int) -> [(side: Int, cost: Double)] {
        for record in blueprint.decoder.last?.step?.records ?? [] {
            guard case .crop(let size) = record.meaning else { continue }
            if let size { return [(min(side, size), 0)] }
            return (1...4).filter { side > $0 }.map { (side - $0, 0.1 * Double($0)) }
        }
        let isCut = blueprint.encoder != nil && [29, 30, 33, 34, 65].contains(side)
        return [(side, 0)] + (isCut ? [(side % 2 == 1 ? side - 1 : side - 2, 1.5)] : [])
    }

    /// How a vector of pixels is a picture.
    private func vectorShape(_ count: Int) -> [Int]? {
        if let shape = options.imageShape, (2...3).contains(shape.count) {
            let whole = shape.count == 2 ? [max(1, count / max(1, shape[0] &* shape[1]))] + shape : shape
            if whole.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) == count { return whole }
        }
        return SizeDeduction.picture(of: count)
    }

    static func picture(of count: Int) -> [Int]? {
        if let side = squareRoot(count) { return [1, side, side] }
        if count % 3 == 0, let side = squareRoot(count / 3) { return [3, side, side] }
        return count == 560 ? [1, 28, 20] : nil
    }

    /// How unusual a picture's size is; nil for one that an option rules out.
    private func cost(_ image: [Int], isVector: Bool) -> Double? {
        if let wanted = options.imageShape?.suffix(2).map(\.self), wanted.count == 2 {
            guard image[1] >= wanted[0], image[2] >= wanted[1] else { return nil }
            return image[1] == wanted[0] ? 0 : 0.6 + Double(image[1] - wanted[0]) * 0.05
        }
        if isVector { return 0 }
        if let side = blueprint.hintedSide { return image[1] == side ? 0 : 2.5 }
        let isGray = image[0] == 1
        return switch image[1] {
        case 28: isGray ? 0 : 1.2
        case 32: isGray ? 1.1 : 0
        case 64: isGray ? 1.0 : 0
        case 128: isGray ? 1.2 : 0.3
        case 96, 256, 224: 1.3
        case 16, 40, 48, 80, 512, 100, 120, 160, 192, 56, 112: isGray ? 3 : 2
        default: isGray ? 5 : 4
        }
    }

    // MARK: The second witness

    private func joinedWithEncoder(_ found: [Sizes]) -> [Sizes] {
        guard let encoder = blueprint.encoder else { return found }
        var cache: [[Int]: [SizePath]] = [:]
        var joined: [Sizes] = []
        for sizes in found {
            let image = wantedImage(sizes.image)
            let all = cache[image] ?? encoderPaths(encoder, image)
            cache[image] = all
            let paths = all.compactMap { path in
                ends(path, encoder, sizes.latentMap, image).map {
                    (path: path, heads: $0.choice, cost: path.cost + $0.cost)
                }
            }.sorted { $0.cost < $1.cost }
            guard let least = paths.first?.cost else {
                var alone = sizes
                alone.cost += 6
                joined.append(alone)
                continue
            }
            for found in paths.prefix(6) where found.cost < least + 1.5 {
                var both = sizes
                (both.encoder, both.heads) = (found.path.choices, found.heads)
                both.cost += 0.7 * found.cost
                joined.append(both)
            }
        }
        return joined
    }

    /// What the encoder takes.
    private func wantedImage(_ made: [Int]) -> [Int] {
        guard let wanted = options.imageShape?.suffix(2), wanted.count == 2 else { return made }
        return [made[0]] + wanted
    }

    /// What the encoder reads first.
    private func reader(_ encoder: [Element]) -> Step? { encoder.first?.first ?? blueprint.headSteps.first }

    private func encoderPaths(_ encoder: [Element], _ image: [Int]) -> [SizePath] {
        let reader = reader(encoder)
        let isVector = reader?.role == .linear
        let count = image.reduce(1, *)
        if isVector, let reader, reader.inputs - reader.labels != count { return [] }
        guard isVector || image[1] == image[2] else { return [] }
        let search = SizeSearch(half: .encoder, elements: encoder, forced: encoderForced)
        return search.paths(from: isVector ? nil : image[1], features: isVector ? count : image[0])
    }

    /// What the heads do with what a way through the encoder ends with, and what speaks against it; nil where they cannot
    /// read it.
    private func ends(
        _ path: SizePath, _ encoder: [Element], _ latentMap: [Int]?, _ image: [Int]
    ) -> (choice: Choice, cost: Double)? {
        let features =
            encoder.last?.outputs ?? (reader(encoder)?.role == .linear ? image.reduce(1, *) : image[0])
        if let latentMap, blueprint.headSteps.isEmpty { return path.side == latentMap[1] ? (Choice(), 0) : nil }
        var heads = (choice: Choice(), cost: 0.0)
        for head in blueprint.headSteps {
            switch head.role {
            case .linear:
                let wanted = head.inputs - head.labels
                let found = path.side.map { $0 * $0 * features } ?? features
                if wanted != found, wanted != features || !encoder.pools(encoder.count) { return nil }
            default:
                guard let side = path.side else { return nil }
                let choices = ChoiceTable.heads(kernel: head.kernel, size: side)
                let table = encoderForced.applied(choices, head, encoder.count { $0.isConvolution })
                let fitting = table.filter { choice, _ in
                    choice.side(side, head.kernel, .convolution).map { latentMap == nil || latentMap?[1] == $0 }
                        ?? false
                }
                guard let best = fitting.min(by: { $0.cost < $1.cost }) else { return nil }
                heads = best
            }
        }
        return heads
    }

    /// Numbers beyond those of the decoder's convolutions are of the encoder's, and of the heads after them.
    private var encoderForced: ForcedChoices {
        let count = blueprint.decoder.count { $0.isConvolution }
        func rest(_ list: [Int]?) -> [Int]? { list.flatMap { $0.count > count ? Array($0.dropFirst(count)) : nil } }
        return ForcedChoices(strides: rest(options.strides), paddings: rest(options.paddings), isWhole: false)
    }
}
