import Importing
import Neural

extension HalfAssembly {
    /// The shape of the picture that comes out after all: that which was wished, or what the layers make.
    func pictureShape(_ made: [Int]) -> [Int] {
        guard let wanted = options.imageShape?.suffix(2), wanted.count == 2 else { return made }
        return [made[0]] + wanted
    }

    /// What the decoder reads: a map of one pixel is a vector.
    mutating func latents(_ latent: Flow) throws(ImportProblem) -> GraphAssembly.Value {
        switch latent {
        case .vector(let count): return try input("z", [count])
        case .map(let channels):
            let map = hypothesis.sizes.latentMap ?? [1]
            return try input("z", map.count == 3 && map[1] == 1 && options.latentShape == nil ? [channels] : map)
        }
    }

    mutating func begin(_ z: GraphAssembly.Value, _ latent: Flow) throws(ImportProblem) {
        value = z
        if case .map(let channels) = latent, shape.extents.count == 1 { try unflatten(channels, "latents") }
    }

    mutating func makePicture() throws(ImportProblem) {
        let made = hypothesis.sizes.image
        if shape.extents.count == 1 {
            let isLast = options.layout == .channelsLast && made[0] > 1
            value = try graph.add(
                "Unflatten",
                ["dim": .integer(1), "unflattened_size": .integers(isLast ? [made[1], made[2], made[0]] : made)],
                [value],
                name: "picture")
            if isLast {
                value = try graph.add("permute", ["dims": .integers([0, 3, 1, 2])], [value], name: "channels")
            }
        }
        if shape.extents.count == 3, let factor = PixelShuffling.factor(from: shape.extents[0], to: made[0]) {
            try shuffle(factor, "picture")
        }
        // What lies beyond the picture's size, where a convolution makes more.
        try crop(to: Array(made.suffix(2)), "trim")
        let wanted = pictureShape(made)
        if wanted != made {
            switch options.fit ?? .resize {
            case .resize:
                value = try graph.add(
                    "Upsample", ["size": .integers([wanted[1], wanted[2]]), "mode": .text("bilinear")], [value],
                    name: "fit")
            case .crop: try crop(to: Array(wanted.suffix(2)), "crop")
            }
        }
        if let output = hypothesis.output { value = try graph.add(output, [value], name: "output") }
    }

    /// The heads one after the other, where each latent's mean is followed by its second number.
    mutating func separated(_ joint: GraphAssembly.Value, _ latents: Int) throws(ImportProblem) -> GraphAssembly.Value {
        let pairs = try graph.add(
            "Unflatten", ["dim": .integer(1), "unflattened_size": .integers([latents, 2])], [joint], name: "pairs")
        let heads = try graph.add("permute", ["dims": .integers([0, 2, 1])], [pairs], name: "heads")
        return try graph.add("Flatten", [:], [heads], name: "separated")
    }

    /// The same heads in the other order.
    mutating func swapped(_ outputs: [GraphAssembly.Value]) throws(ImportProblem) -> [GraphAssembly.Value] {
        if outputs.count == 2 { return [outputs[1], outputs[0]] }
        guard let joint = outputs.first else { return outputs }
        let count = graph.shape(of: joint).extents[0] / 2
        var parts: [GraphAssembly.Value] = []
        for start in [count, 0] {
            parts.append(
                try graph.add(
                    "narrow", ["dim": .integer(1), "start": .integer(start), "length": .integer(count)], [joint],
                    name: "part"))
        }
        return parts
    }
}
