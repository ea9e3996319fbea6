import Importing
import Neural
import VAE

extension GraphReading {
    /// A decoder's output as an image, channels × height × width.
    func finished(_ handle: Handle, _ layout: PictureLayout) throws(ImportProblem) -> GraphAssembly.Value {
        let call = try NodeCall(
            NodeMessage(), title: "the picture", version: file.version, inputs: [], in: graph.translation)
        let (channels, height, width) = (layout.image[0], layout.image[1], layout.image[2])
        guard [1, 3, 4].contains(channels) else {
            throw ImportProblem(.unsupported, "a picture of \(channels) channels, where 1, 3 and 4 are supported")
        }
        var picture = try call.settle(handle)
        picture.extents = layout.image
        if layout.hasChannelsLast {
            picture = Handle(picture.value, [height, width, channels], batchAxis: nil)
            let rank = handle.rank
            // A transposition that was put off may be taken back here.
            picture =
                rank >= 3 && Array(handle.extents.suffix(3)) == [height, width, channels]
                ? try call.settle(handle.transposed(Array(0..<rank - 3) + [rank - 1, rank - 3, rank - 2]))
                : try call.settle(picture.transposed([2, 0, 1]))
        }
        return try call.shaped(picture.value, layout.image)
    }

    /// What the decoder's pixels lie in.
    func pixelRange(_ value: GraphAssembly.Value, outputName: String) -> (range: PixelRange, certainty: Certainty) {
        if let given = options.pixelRange { return (given, .known) }
        if let said = file.property("pixel_range").flatMap(PixelRange.init(property:)) { return (said, .known) }
        let found = PixelIntervals(assembly: graph.assembly).range(of: value)
        if found != .free { return (found, .known) }
        if outputName.lowercased().contains("logit") { return (.logits, .inferred) }
        return (.free, .inferred)
    }
}
