/// How a stage wants a parameter to lie.
struct ParameterLayout {
    let declaration: ParameterDeclaration
    /// For each element in the stage's layout the element in PyTorch's; nil where they are the same.
    let permutation: [Int32]?
    /// Whether its gradient is gathered shard by shard (stages that work image by image) or for the batch at once.
    let isSharded: Bool

    /// A vector, or anything whose order is PyTorch's.
    static func plain(_ declaration: ParameterDeclaration, isSharded: Bool) -> ParameterLayout {
        ParameterLayout(declaration: declaration, permutation: nil, isSharded: isSharded)
    }

    /// A convolution's weight, outputs innermost, and its bias, if it has one.
    static func convolution(_ declarations: [ParameterDeclaration]) -> [ParameterLayout] {
        declarations.map { declaration in
            declaration.role == .weight
                ? .kernel(declaration, axes: [2, 3, 1, 0], isSharded: true) : .plain(declaration, isSharded: true)
        }
    }

    /// One number a feature, where the features may be a flattened image.
    static func features(_ declaration: ParameterDeclaration, order: FeatureOrder, isSharded: Bool) -> ParameterLayout {
        let places = order.places(declaration.count)
        return ParameterLayout(declaration: declaration, permutation: places, isSharded: isSharded)
    }

    /// A linear layer's weight, `[outputs, inputs]` there, `[inputs, outputs]` here.
    static func linear(
        _ declaration: ParameterDeclaration, inputs: FeatureOrder, outputs: FeatureOrder
    ) -> ParameterLayout {
        let (rows, columns) = (declaration.extents[0], declaration.extents[1])
        let rowPlaces = outputs.places(rows)
        let columnPlaces = inputs.places(columns)
        var permutation = [Int32](repeating: 0, count: rows * columns)
        for input in 0..<columns {
            let from = columnPlaces.map { $0[input] } ?? Int32(input)
            for output in 0..<rows {
                let row = rowPlaces.map { $0[output] } ?? Int32(output)
                permutation[input * rows + output] = row * Int32(columns) + from
            }
        }
        return ParameterLayout(declaration: declaration, permutation: permutation, isSharded: false)
    }

    /// A kernel, `[first, second, height, width]` there; here the axes in another order.
    ///
    /// - Parameter extents: where an axis is to be seen as several, all of them.
    static func kernel(
        _ declaration: ParameterDeclaration, extents: [Int]? = nil, axes: [Int], isSharded: Bool
    ) -> ParameterLayout {
        let extents = extents ?? declaration.extents
        var strides = [Int](repeating: 1, count: extents.count)
        for axis in (0..<extents.count - 1).reversed() { strides[axis] = strides[axis + 1] * extents[axis + 1] }
        var permutation: [Int32] = [0]
        for axis in axes {
            permutation = permutation.flatMap { base in
                (0..<extents[axis]).map { base + Int32($0 * strides[axis]) }
            }
        }
        return ParameterLayout(declaration: declaration, permutation: permutation, isSharded: isSharded)
    }
}

/// In which order a vector of features lies: PyTorch's, or that of an image stored with its channels innermost.
enum FeatureOrder: Hashable {
    case plain
    case image(channels: Int, height: Int, width: Int)

    /// Channels innermost for an image of several channels and pixels; where both orders are the same, the plain one.
    static func innermost(_ shape: Shape) -> FeatureOrder {
        guard let image = shape.image, image.channels > 1, image.height * image.width > 1 else { return .plain }
        return .image(channels: image.channels, height: image.height, width: image.width)
    }

    /// For each feature here its number in PyTorch's order; nil for the plain order.
    func places(_ count: Int) -> [Int32]? {
        guard case .image(let channels, let height, let width) = self, channels > 1, height * width > 1 else {
            return nil
        }
        precondition(channels * height * width == count)
        var places: [Int32] = []
        places.reserveCapacity(count)
        for pixel in 0..<height * width {
            for channel in 0..<channels { places.append(Int32(channel * height * width + pixel)) }
        }
        return places
    }
}
