/// A layer that weighs an image's pixels along each side by itself: means over windows, interpolations.
protocol SeparableLayer: ExecutableLayer {
    /// For each row, and each column, of its result the rows, or columns, of the image that it is the sum of.
    func taps(of image: Shape, to output: Shape) -> (rows: [[Tap]], columns: [[Tap]])
}

extension Operation {
    /// The matrices R `[output rows, rows]` and C `[output columns, columns]` with which each channel x of an image becomes
    /// R x Cᵀ; nil for layers that do something else.
    public func separableWeights(of image: Shape) -> (rows: Tensor, columns: Tensor)? {
        guard let layer = executable as? any SeparableLayer, let sides = image.image,
            let output = try? outputShape(of: [image])
        else { return nil }
        func matrix(_ taps: [[Tap]], _ length: Int) -> Tensor {
            var values = [Float](repeating: 0, count: taps.count * length)
            for (row, taps) in taps.enumerated() {
                for tap in taps { values[row * length + tap.place] += tap.weight }
            }
            return Tensor(extents: [taps.count, length], values: values)
        }
        let taps = layer.taps(of: image, to: output)
        return (matrix(taps.rows, sides.height), matrix(taps.columns, sides.width))
    }
}
