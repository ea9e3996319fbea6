import Foundation
import Neural
import Testing

/// A network and what PyTorch computes with it; made by Fixtures/make_layers.py.
struct LayerFixture: Decodable, Sendable, CustomTestStringConvertible {
    struct Values: Decodable, Sendable {
        let extents: [Int]
        let values: [Float]
    }

    struct Layer: Decodable, Sendable {
        let type: String
        let inputs: Int?
        let outputs: Int?
        let kernel: [Int]?
        let stride: [Int]?
        let padding: [Int]?
        let outputPadding: [Int]?
        let shape: [Int]?
        let bias: Bool?
        let slope: Float?
        let epsilon: Float?
    }

    let name: String
    let input: [Int]
    let batch: Int
    let layers: [Layer]
    let tensors: [String: Values]
    let x: [Float]
    let y: [Float]
    /// For the input and each parameter: the gradient's weighted sum and sum of squares.
    let gradients: [String: [Double]]

    var testDescription: String { name }
    /// Whether the inputs are smaller than a finite difference's step.
    var isNarrow: Bool { name.hasSuffix("0.001") }
    /// Whether some of its many maxima change places within any finite difference's step.
    var hasManyMaxima: Bool { name.contains("strips") }
    var isActivation: Bool { name.contains("inputs about") }

    static let all: [LayerFixture] = {
        guard let url = Bundle.module.url(forResource: "layers", withExtension: "json", subdirectory: "Fixtures"),
            let data = try? Data(contentsOf: url),
            let fixtures = try? JSONDecoder().decode([LayerFixture].self, from: data)
        else { return [] }
        return fixtures
    }()

    static func named(_ name: String) -> LayerFixture? { all.first { $0.name == name } }

    func network() throws -> Network {
        try Network(sequential: layers.map { try $0.operation() }, input: Shape(input), name: "layer")
    }

    var parameters: [String: Tensor] { tensors.mapValues { Tensor(extents: $0.extents, values: $0.values) } }
}

extension LayerFixture.Layer {
    func operation() throws -> Neural.Operation {
        func extent(_ pair: [Int]?, _ standard: Int) -> Extent {
            pair.map { Extent($0[0], $0[1]) } ?? Extent(standard)
        }
        switch type {
        case "Linear": return .linear(inputs: inputs ?? 0, outputs: outputs ?? 0, bias: bias ?? true)
        case "Conv2d":
            return .convolution(
                Convolution(
                    inputs: inputs ?? 0, outputs: outputs ?? 0, kernel: extent(kernel, 1), stride: extent(stride, 1),
                    padding: extent(padding, 0), bias: bias ?? true))
        case "ConvTranspose2d":
            return .transposedConvolution(
                TransposedConvolution(
                    inputs: inputs ?? 0, outputs: outputs ?? 0, kernel: extent(kernel, 1), stride: extent(stride, 1),
                    padding: extent(padding, 0), outputPadding: extent(outputPadding, 0), bias: bias ?? true))
        case "MaxPool2d":
            return .maxPooling(
                Pooling(kernel: extent(kernel, 1), stride: extent(stride, 1), padding: extent(padding, 0)))
        case "AvgPool2d":
            return .averagePooling(
                Pooling(kernel: extent(kernel, 1), stride: extent(stride, 1), padding: extent(padding, 0)))
        case "Upsample": return .upsampling(extent(kernel, 1))
        case "BatchNorm2d":
            return .batchNormalization(BatchNormalization(channels: inputs ?? 0, epsilon: epsilon ?? 1e-5))
        case "ReLU": return .activation(.relu)
        case "LeakyReLU": return .activation(.leakyReLU(slope: slope ?? 0.01))
        case "SiLU": return .activation(.silu)
        case "Tanh": return .activation(.tanh)
        case "Sigmoid": return .activation(.sigmoid)
        case "Softplus": return .activation(.softplus)
        case "Softmax": return .softmax
        case "Flatten": return .flatten
        case "Unflatten": return .unflatten(try Shape(shape ?? []))
        default: throw ArchitectureError.invalid("no operation \(type)")
        }
    }
}

/// Uneven numbers for weighted sums; the script has the same.
func unevenWeights(_ count: Int) -> [Float] { (0..<count).map { Float(Double($0 * 7919 % 23) / 11 - 1) } }

/// Images `[count, channels, height, width]` with their channels innermost, as a plan's input wants them.
func channelsInnermost(_ values: [Float], shape: Shape, count: Int) -> [Float] {
    guard let image = shape.image else { return values }
    var result = values
    let pixels = image.height * image.width
    for index in 0..<count {
        for channel in 0..<image.channels {
            for pixel in 0..<pixels {
                result[index * shape.count + pixel * image.channels + channel] =
                    values[index * shape.count + channel * pixels + pixel]
            }
        }
    }
    return result
}

/// The inverse of ``channelsInnermost(_:shape:count:)``.
func channelsOutermost(_ values: [Float], shape: Shape, count: Int) -> [Float] {
    guard let image = shape.image else { return values }
    var result = values
    let pixels = image.height * image.width
    for index in 0..<count {
        for channel in 0..<image.channels {
            for pixel in 0..<pixels {
                result[index * shape.count + channel * pixels + pixel] =
                    values[index * shape.count + pixel * image.channels + channel]
            }
        }
    }
    return result
}
