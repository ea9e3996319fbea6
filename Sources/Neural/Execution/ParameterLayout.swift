/// How a stage wants a parameter to lie.
struct ParameterLayout {
    let declaration: ParameterDeclaration
    /// The stage's order of the elements; nil where it is PyTorch's.
    let order: ElementOrder?
    /// Whether its gradient is gathered shard by shard (stages that work image by image) or for the batch at once.
    let isSharded: Bool
    /// Whether the stage copies it as it prepares, and does not read it when it runs.
    var isCopied = false

    /// A vector, or anything whose order is PyTorch's.
    static func plain(_ declaration: ParameterDeclaration, isSharded: Bool) -> ParameterLayout {
        ParameterLayout(declaration: declaration, order: nil, isSharded: isSharded)
    }

    /// A convolution's weight, outputs innermost, and its bias, if it has one.
    ///
    /// - Parameters:
    ///   - isTransposed: whether it is declared as a transposed convolution of stride 1, and turned around.
    ///   - isCopied: of the weight.
    static func convolution(
        _ declarations: [ParameterDeclaration], isTransposed: Bool = false, isCopied: Bool = false
    ) -> [ParameterLayout] {
        declarations.map { declaration in
            guard declaration.role == .weight else { return .plain(declaration, isSharded: true) }
            var layout = ParameterLayout.kernel(
                declaration, axes: isTransposed ? [2, 3, 0, 1] : [2, 3, 1, 0], isTurned: isTransposed, isSharded: true)
            layout.isCopied = isCopied
            return layout
        }
    }

    /// One number a feature, where the features may be a flattened image.
    static func features(_ declaration: ParameterDeclaration, order: FeatureOrder, isSharded: Bool) -> ParameterLayout {
        let count = declaration.count
        return ParameterLayout(
            declaration: declaration, order: order.isPlain ? nil : ElementOrder(order.axes(count, stride: 1)),
            isSharded: isSharded)
    }

    /// A linear layer's weight, `[outputs, inputs]` there, `[inputs, outputs]` here.
    static func linear(
        _ declaration: ParameterDeclaration, inputs: FeatureOrder, outputs: FeatureOrder
    ) -> ParameterLayout {
        let (rows, columns) = (declaration.extents[0], declaration.extents[1])
        let order = ElementOrder(inputs.axes(columns, stride: 1) + outputs.axes(rows, stride: columns))
        return ParameterLayout(declaration: declaration, order: order, isSharded: false)
    }

    /// A kernel, `[first, second, height, width]` there; here the axes in another order.
    ///
    /// - Parameters:
    ///   - extents: where an axis is to be seen as several, all of them.
    ///   - isTurned: whether its height and width run backward: a transposed convolution of stride 1 is a convolution
    ///     with the kernel turned around.
    static func kernel(
        _ declaration: ParameterDeclaration, extents: [Int]? = nil, axes: [Int], isTurned: Bool = false, isSharded: Bool
    ) -> ParameterLayout {
        let extents = extents ?? declaration.extents
        var strides = [Int](repeating: 1, count: extents.count)
        for axis in (0..<extents.count - 1).reversed() { strides[axis] = strides[axis + 1] * extents[axis + 1] }
        let start = isTurned ? extents[2] * extents[3] - 1 : 0
        let order = ElementOrder(
            start: start,
            axes.map { axis in
                ElementOrder.Axis(count: extents[axis], stride: isTurned && axis >= 2 ? -strides[axis] : strides[axis])
            })
        return ParameterLayout(declaration: declaration, order: order, isSharded: isSharded)
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

    /// Whether it is PyTorch's order: an image of one channel or one pixel lies the same in both.
    var isPlain: Bool {
        guard case .image(let channels, let height, let width) = self else { return true }
        return channels == 1 || height * width == 1
    }

    /// The loops over `count` features that lie `stride` apart in PyTorch's layout.
    func axes(_ count: Int, stride: Int) -> [ElementOrder.Axis] {
        guard case .image(let channels, let height, let width) = self, !isPlain else {
            return [ElementOrder.Axis(count: count, stride: stride)]
        }
        precondition(channels * height * width == count)
        return [
            ElementOrder.Axis(count: height * width, stride: stride),
            ElementOrder.Axis(count: channels, stride: height * width * stride),
        ]
    }

    /// For each feature here its number in PyTorch's order; nil for the plain order.
    func places(_ count: Int) -> [Int32]? {
        guard case .image(let channels, let height, let width) = self, !isPlain else { return nil }
        precondition(channels * height * width == count)
        var places: [Int32] = []
        places.reserveCapacity(count)
        for pixel in 0..<height * width {
            for channel in 0..<channels { places.append(Int32(channel * height * width + pixel)) }
        }
        return places
    }
}
