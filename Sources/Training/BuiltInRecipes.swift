import Inference
import Neural
import VAE

extension Recipe {
    /// The recipe that the shipped models are trained with.
    ///
    /// Up to two latents the encoder is computed from the decoder (``LatticeEncoder``); more are beyond a lattice, and
    /// have an encoder of convolutions that is learned to the end.
    public static let standard = Recipe(
        name: "default", summary: "deep front, two up-sampling steps; what the shipped models are trained with",
        settings: TrainingSettings(epochs: 60, learningRate: 5e-3, schedule: .oneCycle, derivingEncoderAfter: 1),
        settingsOfLearnedEncoder: learnedEncoderSettings
    ) { request throws(ArchitectureError) in
        let small = try request.reduced(by: 4)
        return try Architecture(
            input: try request.image(), latentSize: request.latentSize, likelihood: request.likelihood,
            encoder: request.latentSize <= 2 ? try latticeEncoder(request) : convolutionalEncoder(request, small),
            decoder: try deepFrontDecoder(request, small))
    }

    private static let learnedEncoderSettings = TrainingSettings(
        epochs: 30, learningRate: 2e-3, schedule: .oneCycle)

    /// What the default is better than: its decoder under an encoder of convolutions that is learned to the end.
    public static let learnedEncoder = Recipe(
        name: "learned-encoder",
        summary: "the default's decoder under a convolutional encoder that is learned to the end",
        settings: learnedEncoderSettings
    ) { request throws(ArchitectureError) in
        let small = try request.reduced(by: 4)
        return try Architecture(
            input: try request.image(), latentSize: request.latentSize, likelihood: request.likelihood,
            encoder: convolutionalEncoder(request, small), decoder: try deepFrontDecoder(request, small))
    }

    /// The network that engines are compared on: a textbook's convolutional VAE.
    public static let reference = Recipe(
        name: "reference", summary: "a textbook's convolutional VAE, for comparing engines (make bench)",
        settings: TrainingSettings(epochs: 30)
    ) { request throws(ArchitectureError) in
        let small = try request.reduced(by: 4)
        return try Architecture(
            input: try request.image(), latentSize: request.latentSize, likelihood: request.likelihood,
            encoder: [
                convolution(request.channels, 32), .activation(.relu), half,
                convolution(32, 64), .activation(.relu), half, .flatten,
                linear(64 * small.height * small.width, 256), .activation(.relu), linear(256, 2 * request.latentSize),
            ],
            decoder: [
                linear(request.latentSize, 256), .activation(.relu),
                linear(256, 64 * small.height * small.width), .activation(.relu),
                .unflatten(try Shape([64, small.height, small.width])),
                .upsampling(Extent(2)), convolution(64, 32), .activation(.relu),
                .upsampling(Extent(2)), convolution(32, 16), .activation(.relu),
                convolution(16, request.channels), .activation(.sigmoid),
            ])
    }

    /// The network and the settings of Keras' example "Variational AutoEncoder" (134,165 parameters on MNIST).
    ///
    /// Three things differ: windows of stride 2 lie one pixel further up and left (PyTorch pads all sides, TensorFlow
    /// below and right first), the first weights are drawn as PyTorch draws them, and the example has no images held
    /// back and trains on those for testing too.
    public static let kerasExample = Recipe(
        name: "keras-example", summary: "the VAE of Keras' examples: two strided convolutions, 30 epochs",
        settings: TrainingSettings(epochs: 30)
    ) { request throws(ArchitectureError) in
        let small = try request.reduced(by: 4)
        return try Architecture(
            input: try request.image(), latentSize: request.latentSize, likelihood: request.likelihood,
            encoder: [
                convolution(request.channels, 32, stride: 2), .activation(.relu),
                convolution(32, 64, stride: 2), .activation(.relu), .flatten,
                linear(64 * small.height * small.width, 16), .activation(.relu), linear(16, 2 * request.latentSize),
            ],
            decoder: [
                linear(request.latentSize, 64 * small.height * small.width), .activation(.relu),
                .unflatten(try Shape([64, small.height, small.width])),
                transposed(64, 64, stride: 2), .activation(.relu), transposed(64, 32, stride: 2), .activation(.relu),
                transposed(32, request.channels, stride: 1), .activation(.sigmoid),
            ])
    }

    /// The network and the settings of PyTorch's example `vae` (784–400–20): 652,824 parameters on MNIST.
    public static let pytorchExample = Recipe(
        name: "pytorch-example",
        summary: "the VAE of PyTorch's examples: one hidden layer of 400, 20 latents, 10 epochs",
        settings: TrainingSettings(epochs: 10), networkRequest: NetworkRequest(latentSize: 20)
    ) { request throws(ArchitectureError) in
        let image = try request.image()
        return try Architecture(
            input: image, latentSize: request.latentSize, likelihood: request.likelihood,
            encoder: [.flatten, linear(image.count, 400), .activation(.relu), linear(400, 2 * request.latentSize)],
            decoder: [
                linear(request.latentSize, 400), .activation(.relu), linear(400, image.count), .unflatten(image),
                .activation(.sigmoid),
            ])
    }

    /// As good as fewer than 100,000 parameters get.
    public static let smallConvolutional = Recipe(
        name: "conv-small", summary: "a convolutional VAE of fewer than 100,000 parameters",
        settings: TrainingSettings(epochs: 30, learningRate: 3e-3, schedule: .oneCycle)
    ) { request throws(ArchitectureError) in
        let small = try request.reduced(by: 4)
        return try Architecture(
            input: try request.image(), latentSize: request.latentSize, likelihood: request.likelihood,
            encoder: [
                convolution(request.channels, 16), .activation(.relu), half,
                convolution(16, 32), .activation(.relu), half, convolution(32, 32), .activation(.relu), half, .flatten,
                linear(32 * (small.height / 2) * (small.width / 2), 64), .activation(.relu),
                linear(64, 2 * request.latentSize),
            ],
            decoder: [
                linear(request.latentSize, 64), .activation(.silu), linear(64, 128), .activation(.silu),
                linear(128, 8 * small.height * small.width), .activation(.silu),
                .unflatten(try Shape([8, small.height, small.width])),
                .upsampling(Extent(2)), convolution(8, 16), .activation(.silu),
                .upsampling(Extent(2)), convolution(16, 8), .activation(.silu),
                convolution(8, request.channels), .activation(.sigmoid),
            ])
    }
}

/// As fine as the posteriors of MNIST's digits are narrow, but for large images, whose templates would take much memory.
private func latticeEncoder(_ request: NetworkRequest) throws(ArchitectureError) -> [Operation] {
    let pixels = try request.image().count
    return LatticeEncoder.layers(
        pixels: pixels, rank: min(96, pixels),
        points: request.latentSize == 1 ? 512 : min(3943, max(512, (1 << 24) / pixels)),
        latentSize: request.latentSize)
}

private func convolutionalEncoder(_ request: NetworkRequest, _ small: (height: Int, width: Int)) -> [Operation] {
    [
        convolution(request.channels, 32), .activation(.relu), half,
        convolution(32, 64), .activation(.relu), half,
        convolution(64, 96), .activation(.relu), half, .flatten,
        linear(96 * (small.height / 2) * (small.width / 2), 256), .activation(.relu),
        linear(256, 2 * request.latentSize),
    ]
}

/// Three wide linear layers, which fold the plane into what varies among images, before the first up-sampling.
private func deepFrontDecoder(_ request: NetworkRequest, _ small: (height: Int, width: Int)) throws(ArchitectureError)
    -> [Operation]
{
    [
        linear(request.latentSize, 256), .activation(.silu), linear(256, 256), .activation(.silu),
        linear(256, 256), .activation(.silu),
        linear(256, 32 * small.height * small.width), .activation(.silu),
        .unflatten(try Shape([32, small.height, small.width])),
        .upsampling(Extent(2)), convolution(32, 16), .activation(.silu),
        .upsampling(Extent(2)), convolution(16, 16), .activation(.silu),
        convolution(16, request.channels), .activation(.sigmoid),
    ]
}

private func linear(_ inputs: Int, _ outputs: Int) -> Operation {
    .linear(inputs: inputs, outputs: outputs, bias: true)
}

/// A 3×3 convolution that keeps the image's size, or divides it by its stride.
private func convolution(_ inputs: Int, _ outputs: Int, stride: Int = 1) -> Operation {
    .convolution(
        Convolution(inputs: inputs, outputs: outputs, kernel: Extent(3), stride: Extent(stride), padding: Extent(1)))
}

/// A transposed 3×3 convolution that multiplies the image's size by its stride.
private func transposed(_ inputs: Int, _ outputs: Int, stride: Int) -> Operation {
    .transposedConvolution(
        TransposedConvolution(
            inputs: inputs, outputs: outputs, kernel: Extent(3), stride: Extent(stride), padding: Extent(1),
            outputPadding: Extent(stride - 1)))
}

/// Halves the image.
private let half = Operation.maxPooling(Pooling(kernel: Extent(2)))
