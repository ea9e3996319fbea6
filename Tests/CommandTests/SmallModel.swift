import Checkpoints
import Neural
import Pictures
import VAE

/// A model of two latents and gray images of 3×4 pixels whose decoder bends a little, so that straight and geodesic differ.
enum SmallModel {
    static let (height, width) = (3, 4)

    static func model(dataset: String? = nil, input: Shape? = nil, latents: Int = 2) throws -> Model {
        let input = try input ?? Shape([1, height, width])
        let architecture = try Architecture(
            input: input, latentSize: latents, likelihood: .bernoulli,
            encoder: [.flatten, .linear(inputs: input.count, outputs: 2 * latents, bias: true)],
            decoder: [
                .linear(inputs: latents, outputs: input.count, bias: true), .unflatten(input), .activation(.sigmoid),
            ])
        var tensors: [String: Tensor] = [:]
        for (place, parameter) in architecture.parameters.enumerated() {
            let values = (0..<parameter.count).map { Float(($0 * 7 + place * 5) % 11 - 5) / 4 }
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: values)
        }
        return try Model(architecture: architecture, tensors: tensors, provenance: Provenance(dataset: dataset))
    }

    /// Writes it into a folder.
    static func write(to folder: String) throws -> String {
        let path = "\(folder)/small.safetensors"
        try Checkpoint.write(try model(), to: path)
        return path
    }

    /// Writes images of its shape into a folder of classes, as PNG: three of "cat" and two of "dog: big".
    static func writeImages(to folder: String) throws -> String {
        for (name, count, tone) in [("cat", 3, Float(0.2)), ("dog: big", 2, Float(0.7))] {
            let folder = "\(folder)/images/\(name)"
            try makeFolder(folder)
            for index in 0..<count {
                let values = (0..<12).map { ($0 + index) % 3 == 0 ? tone : Float(index) / 5 }
                try PictureFile.write(
                    [Picture(width: width, height: height, values: values)], to: "\(folder)/\(index).png")
            }
        }
        return "\(folder)/images"
    }

    static func decoded(_ points: [Float]) throws -> [Float] {
        Decoder(try model(), pool: WorkerPool(threads: 1)).decode(points, count: points.count / 2)
    }

    /// Where the encoder puts a picture file.
    static func posterior(of path: String) throws -> Posteriors {
        let image = try PixelImage(path: path)
        return try Encoder(try model(), pool: WorkerPool(threads: 1)).encode(
            image.bytes.map { Float($0) / 255 }, count: 1)
    }
}
