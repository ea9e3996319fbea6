import Neural
import VAE

/// What to train and how: a network, and the settings of its training. Recipes are known by name.
public struct Recipe: Sendable {
    public let name: String
    /// One line for the list of recipes.
    public let summary: String
    public var latentSize: Int
    public var epochs: Int
    public var batchSize: Int
    /// The largest learning rate of the schedule.
    public var learningRate: Double
    public var schedule: Schedule
    private let network: @Sendable (_ latentSize: Int) throws(ArchitectureError) -> Architecture

    /// - Throws: ``ArchitectureError`` for a latent size that is no size.
    public func architecture() throws(ArchitectureError) -> Architecture { try network(latentSize) }

    public static let all = [standard, reference]

    public static func named(_ name: String) -> Recipe? { all.first { $0.name == name } }

    /// The recipe that the shipped models are trained with.
    public static let standard = Recipe(
        name: "default", summary: "deep front, two up-sampling steps; what the shipped model is trained with",
        latentSize: 2, epochs: 32, batchSize: 128, learningRate: 2e-3, schedule: .oneCycle
    ) { latentSize throws(ArchitectureError) in
        return try Architecture(
            input: try Shape([1, 28, 28]), latentSize: latentSize, likelihood: .bernoulli,
            encoder: [
                convolution(1, 32), .activation(.relu), half,
                convolution(32, 64), .activation(.relu), half,
                convolution(64, 96), .activation(.relu), half, .flatten,
                .linear(inputs: 864, outputs: 256, bias: true), .activation(.relu),
                .linear(inputs: 256, outputs: 2 * latentSize, bias: true),
            ],
            decoder: [
                .linear(inputs: latentSize, outputs: 256, bias: true), .activation(.silu),
                .linear(inputs: 256, outputs: 256, bias: true), .activation(.silu),
                .linear(inputs: 256, outputs: 256, bias: true), .activation(.silu),
                .linear(inputs: 256, outputs: 1568, bias: true), .activation(.silu),
                .unflatten(try Shape([32, 7, 7])),
                .upsampling(Extent(2)), convolution(32, 16), .activation(.silu),
                .upsampling(Extent(2)), convolution(16, 16), .activation(.silu),
                convolution(16, 1), .activation(.sigmoid),
            ])
    }

    /// The network that engines are compared on: a textbook's convolutional VAE.
    public static let reference = Recipe(
        name: "reference", summary: "a textbook's convolutional VAE, for comparing engines (make bench)",
        latentSize: 2, epochs: 30, batchSize: 128, learningRate: 1e-3, schedule: .constant
    ) { latentSize throws(ArchitectureError) in
        return try Architecture(
            input: try Shape([1, 28, 28]), latentSize: latentSize, likelihood: .bernoulli,
            encoder: [
                convolution(1, 32), .activation(.relu), half, convolution(32, 64), .activation(.relu), half, .flatten,
                .linear(inputs: 3136, outputs: 256, bias: true), .activation(.relu),
                .linear(inputs: 256, outputs: 2 * latentSize, bias: true),
            ],
            decoder: [
                .linear(inputs: latentSize, outputs: 256, bias: true), .activation(.relu),
                .linear(inputs: 256, outputs: 3136, bias: true), .activation(.relu), .unflatten(try Shape([64, 7, 7])),
                .upsampling(Extent(2)), convolution(64, 32), .activation(.relu),
                .upsampling(Extent(2)), convolution(32, 16), .activation(.relu),
                convolution(16, 1), .activation(.sigmoid),
            ])
    }
}

/// A 3×3 convolution that keeps the image's size.
private func convolution(_ inputs: Int, _ outputs: Int) -> Operation {
    .convolution(Convolution(inputs: inputs, outputs: outputs, kernel: Extent(3), padding: Extent(1)))
}

/// Halves the image.
private let half = Operation.maxPooling(Pooling(kernel: Extent(2)))
