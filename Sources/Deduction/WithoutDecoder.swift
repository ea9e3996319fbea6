import Importing

extension ImportProblem {
    /// What a file seems to be whose layers read a picture and make none: an encoder alone, or a classifier.
    ///
    /// - Parameter mains: its linear layers and convolutions, as the file has them.
    /// - Returns: nil where it is neither.
    static func withoutDecoder(_ mains: [WeightedLayer]) -> ImportProblem? {
        guard let first = mains.first, mains.count >= 2, readsPicture(first), let last = mains.last,
            let end = last.features, end.outputs < end.inputs, end.outputs <= mostClasses
        else { return nil }
        let before = mains[mains.count - 2]
        let areHeads = before.features.map { $0 == end } ?? false
        let areNamed =
            Words.half(first.path) == .encoder || Words.speaks(last.path, for: Words.mean)
            || Words.speaks(last.path, for: Words.width)
        if areHeads || areNamed {
            return ImportProblem(
                .options, "it holds an encoder alone, which makes no pictures",
                advice: "--decoder FILE names the decoder that belongs to it")
        }
        guard !last.isConvolution else { return nil }
        return ImportProblem(
            .unsupported,
            "it looks like a classifier, not a VAE: its layers read a picture and end in \(end.outputs) numbers (\(last.path))",
            advice: "name a VAE's file, or if this is an encoder, its decoder with --decoder FILE")
    }

    private static let mostClasses = 1000
    /// The smallest picture that is known by its number of pixels: 14×14.
    private static let fewestPixels = 196

    private static func readsPicture(_ layer: WeightedLayer) -> Bool {
        switch layer.kind {
        case .convolution(let extents):
            [1, 3, 4].contains(extents[1]) && extents[0] > extents[1] && (layer.bias ?? extents[0]) == extents[0]
        case .linear(let inputs, let outputs): inputs >= fewestPixels && outputs < inputs
        default: false
        }
    }
}
