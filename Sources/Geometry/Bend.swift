import Neural
import Platform

/// An operation that is not affine: its values, and what it does to directions (Jacobian–vector products).
enum Bend {
    case activation(Activation)
    case softmax
    case maxPooling(Pooling, from: Shape, to: Shape)

    /// Nil for an affine operation.
    init?(_ operation: Operation, from input: Shape, to output: Shape) {
        switch operation {
        case .activation(let activation): self = .activation(activation)
        case .softmax: self = .softmax
        case .maxPooling(let pooling): self = .maxPooling(pooling, from: input, to: output)
        case .linear, .convolution, .transposedConvolution, .averagePooling, .upsampling, .batchNormalization, .flatten,
            .unflatten:
            return nil
        }
    }

    /// Carries one value and the tangents at it through the operation, in place.
    ///
    /// What comes out is never larger than what went in.
    ///
    /// - Parameters:
    ///   - value: `[count]`, images in PyTorch's order.
    ///   - tangents: `[directions]` of `[count]`, `stride` apart.
    ///   - slopes: scratch memory for `count` numbers.
    func apply(
        to value: UnsafeMutablePointer<Float>, count: Int, tangents: UnsafeMutablePointer<Float>, directions: Int,
        stride: Int, slopes: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .activation(let activation):
            activation.apply(to: value, count: count, slopes: slopes)
            for direction in 0..<directions {
                let tangent = tangents + direction * stride
                for index in 0..<count { tangent[index] *= slopes[index] }
            }
        case .softmax:
            Bend.takeSoftmax(value, count: count)
            for direction in 0..<directions {
                let tangent = tangents + direction * stride
                var mean: Float = 0
                for index in 0..<count { mean += value[index] * tangent[index] }
                for index in 0..<count { tangent[index] = value[index] * (tangent[index] - mean) }
            }
        case .maxPooling(let pooling, let input, let output):
            let places = Bend.maxima(of: value, pooling, from: input, to: output)
            Bend.take(places, from: value, scratch: slopes)
            for direction in 0..<directions { Bend.take(places, from: tangents + direction * stride, scratch: slopes) }
        }
    }

    private static func takeSoftmax(_ value: UnsafeMutablePointer<Float>, count: Int) {
        let greatest = UnsafeBufferPointer(start: value, count: count).max() ?? 0
        var sum: Float = 0
        for index in 0..<count {
            value[index] = exponential(value[index] - greatest)
            sum += value[index]
        }
        for index in 0..<count { value[index] /= sum }
    }

    /// Where each window's first maximum lies in the image.
    private static func maxima(
        of value: UnsafePointer<Float>, _ pooling: Pooling, from input: Shape, to output: Shape
    ) -> [Int] {
        guard let source = input.image, let target = output.image else { return [] }
        var places: [Int] = []
        places.reserveCapacity(output.count)
        for channel in 0..<target.channels {
            for row in 0..<target.height {
                let rows = window(row, pooling.kernel.height, pooling.stride.height, pooling.padding.height)
                    .clamped(to: 0..<source.height)
                for column in 0..<target.width {
                    let columns = window(column, pooling.kernel.width, pooling.stride.width, pooling.padding.width)
                        .clamped(to: 0..<source.width)
                    let inside = rows.flatMap { row in
                        columns.map { (channel * source.height + row) * source.width + $0 }
                    }
                    // Padding of at most half the kernel leaves a pixel in every window.
                    places.append(inside.max { value[$0] < value[$1] } ?? 0)
                }
            }
        }
        return places
    }

    private static func window(_ index: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Range<Int> {
        index * stride - padding..<index * stride - padding + kernel
    }

    private static func take(
        _ places: [Int], from values: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        for (index, place) in places.enumerated() { scratch[index] = values[place] }
        values.update(from: scratch, count: places.count)
    }
}
