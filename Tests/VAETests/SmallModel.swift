import Neural
import VAE

extension Model {
    /// A small convolutional VAE of every kind of stage, with random weights.
    static func small(seed: UInt64 = 3) throws -> Model {
        let architecture = try Architecture(
            input: Shape([1, 8, 8]), latentSize: 2, likelihood: .bernoulli,
            encoder: [
                .convolution(Convolution(inputs: 1, outputs: 8, kernel: Extent(3), padding: Extent(1))),
                .activation(.relu), .maxPooling(Pooling(kernel: Extent(2))),
                .convolution(Convolution(inputs: 8, outputs: 8, kernel: Extent(3), padding: Extent(1))),
                .batchNormalization(BatchNormalization(channels: 8)), .activation(.silu), .flatten,
                .linear(inputs: 128, outputs: 4, bias: true),
            ],
            decoder: [
                .linear(inputs: 2, outputs: 48, bias: true), .activation(.silu), .unflatten(Shape([12, 2, 2])),
                .upsampling(Extent(2)),
                .convolution(Convolution(inputs: 12, outputs: 8, kernel: Extent(3), padding: Extent(1))),
                .activation(.silu),
                .transposedConvolution(
                    TransposedConvolution(
                        inputs: 8, outputs: 6, kernel: Extent(4), stride: Extent(2), padding: Extent(1))),
                .activation(.relu),
                .convolution(Convolution(inputs: 6, outputs: 1, kernel: Extent(3), padding: Extent(1))),
                .activation(.sigmoid),
            ])
        return try Model(architecture: architecture, tensors: architecture.initialTensors(seed: seed))
    }
}
