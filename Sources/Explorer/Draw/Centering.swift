import Pictures

/// Where digits stand in the images of MNIST (LeCun, Cortes & Burges 1998): the ink's bounding box is brought to a size
/// of 20×20 pixels, its proportions kept, and its center of mass into the middle of the 28×28 of the image. For images of
/// another size it is the same in proportion.
enum Centering {
    private static let resampler = Resampler()
    /// Whether a pixel has ink: if it is more black than white, as in the scans that MNIST's boxes are those of. What an
    /// eraser leaves of a stroke's soft edge, where it passes a little beside it, would widen the box.
    static func isInk(_ value: Float) -> Bool { value > 0.5 }

    /// - Parameter values: `[height, width]`: 0 blank, 1 ink.
    /// - Returns: the same extents; all blank where there is no ink.
    static func centered(_ values: [Float], width: Int, height: Int) -> [Float] {
        guard let box = inkBox(values, width: width, height: height) else {
            return Array(repeating: 0, count: values.count)
        }
        let side = max(1, (Float(min(width, height)) * 20 / 28).rounded())
        let scale = side / Float(max(box.columns.count, box.rows.count))
        let target = (
            width: max(1, Int((Float(box.columns.count) * scale).rounded())),
            height: max(1, Int((Float(box.rows.count) * scale).rounded()))
        )
        let ink = box.rows.flatMap { row in
            values[row * width + box.columns.lowerBound..<row * width + box.columns.upperBound]
        }
        let scaled = resampler.resample(ink, width: box.columns.count, height: box.rows.count, to: target)
        let mass = centerOfMass(scaled, width: target.width)
        let left = Int((Float(width) / 2 - mass.x).rounded())
        let top = Int((Float(height) / 2 - mass.y).rounded())
        var result = [Float](repeating: 0, count: values.count)
        for row in max(0, -top)..<max(0, -top, min(target.height, height - top)) {
            for column in max(0, -left)..<max(0, -left, min(target.width, width - left)) {
                result[(top + row) * width + left + column] = scaled[row * target.width + column]
            }
        }
        return result
    }

    /// The columns and rows that have ink; nil: none has.
    private static func inkBox(
        _ values: [Float], width: Int, height: Int
    ) -> (columns: Range<Int>, rows: Range<Int>)? {
        let inked = values.indices.filter { isInk(values[$0]) }
        guard let first = inked.first, let last = inked.last else { return nil }
        let columns = inked.map { $0 % width }
        guard let left = columns.min(), let right = columns.max() else { return nil }
        return (left..<right + 1, first / width..<last / width + 1)
    }

    /// In pixels from the upper left corner; a pixel's mass lies in its middle.
    private static func centerOfMass(_ values: [Float], width: Int) -> SIMD2<Float> {
        var (sum, mass) = (SIMD2<Float>.zero, Float(0))
        for (pixel, value) in values.enumerated() {
            sum += value * SIMD2(Float(pixel % width) + 0.5, Float(pixel / width) + 0.5)
            mass += value
        }
        return mass > 0 ? sum / mass : .zero
    }
}
