/// What a node of a network computes. Semantics, names and weight layouts are those of `torch.nn`.
public enum Operation: Hashable, Sendable {
    /// y = x Wᵀ + b, W `[outputs, inputs]`.
    case linear(inputs: Int, outputs: Int, bias: Bool)
    /// Cross-correlation, W `[outputs, inputs, kernel height, kernel width]`.
    case convolution(Convolution)
    /// The transpose of a convolution, W `[inputs, outputs, kernel height, kernel width]`.
    case transposedConvolution(TransposedConvolution)
    case maxPooling(Pooling)
    /// Padding counts as zeros, as `count_include_pad=True` has it.
    case averagePooling(Pooling)
    /// Nearest neighbour, by whole factors.
    case upsampling(Extent)
    case activation(Activation)
    /// e^xᵢ / Σ e^xⱼ over a vector of features.
    case softmax
    case batchNormalization(BatchNormalization)
    case flatten
    case unflatten(Shape)
}

/// A height and a width: of a kernel, a stride, a padding.
public struct Extent: Hashable, Sendable {
    public let height: Int
    public let width: Int

    public init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    public init(_ both: Int) { self.init(both, both) }
}

/// The parameters of `torch.nn.Conv2d` (groups and dilation 1).
public struct Convolution: Hashable, Sendable {
    public let inputs: Int
    public let outputs: Int
    public let kernel: Extent
    public let stride: Extent
    public let padding: Extent
    public let bias: Bool

    public init(
        inputs: Int, outputs: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        bias: Bool = true
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.bias = bias
    }
}

/// The parameters of `torch.nn.ConvTranspose2d` (groups and dilation 1).
public struct TransposedConvolution: Hashable, Sendable {
    public let inputs: Int
    public let outputs: Int
    public let kernel: Extent
    public let stride: Extent
    public let padding: Extent
    public let outputPadding: Extent
    public let bias: Bool

    public init(
        inputs: Int, outputs: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        outputPadding: Extent = Extent(0), bias: Bool = true
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
        self.bias = bias
    }
}

/// The window of `torch.nn.MaxPool2d` or `AvgPool2d` (ceil mode off).
public struct Pooling: Hashable, Sendable {
    public let kernel: Extent
    public let stride: Extent
    public let padding: Extent

    public init(kernel: Extent, stride: Extent? = nil, padding: Extent = Extent(0)) {
        self.kernel = kernel
        self.stride = stride ?? kernel
        self.padding = padding
    }
}

/// The parameters of `torch.nn.BatchNorm2d` or `BatchNorm1d`.
public struct BatchNormalization: Hashable, Sendable {
    public let channels: Int
    public let epsilon: Float
    /// The weight of the newest batch in the running statistics.
    public let momentum: Float

    public init(channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1) {
        self.channels = channels
        self.epsilon = epsilon
        self.momentum = momentum
    }
}

/// Elementwise functions.
public enum Activation: Hashable, Sendable {
    case relu
    case leakyReLU(slope: Float)
    /// x σ(x).
    case silu
    case tanh
    case sigmoid
    /// log(1 + eˣ).
    case softplus
}
