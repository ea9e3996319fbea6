import Checkpoints
import Neural
import Pictures
import Testing
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
        return try Model(
            architecture: architecture, tensors: tensors(of: architecture), provenance: Provenance(dataset: dataset))
    }

    private static func tensors(of architecture: Architecture) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (place, parameter) in architecture.parameters.enumerated() {
            let values = (0..<parameter.count).map { Float(($0 * 7 + place * 5) % 11 - 5) / 4 }
            tensors[parameter.name] = Tensor(extents: parameter.extents, values: values)
        }
        return tensors
    }

    /// Its decoder alone.
    static func decoderAlone() throws -> Model {
        let whole = try model()
        let architecture = try Architecture(
            encoder: nil, decoder: Architecture.Part(whole.architecture.decoder, roles: [.latent]),
            likelihood: .bernoulli)
        return try Model(
            architecture: architecture, tensors: whole.tensors.filter { $0.key.hasPrefix("decoder.") })
    }

    /// A model whose encoder and decoder are told one of two classes beside the image, or the point.
    static func conditional() throws -> Model {
        let join = try #require(LayerCatalog.entry(named: "cat")).make([(name: "dim", value: .integer(1))])
        let encoder = try Network(
            inputs: [Shape([1, height, width]), Shape([2])],
            nodes: [
                .init(.flatten, inputs: [0], name: "encoder.flat"),
                .init(join, inputs: [2, 1], name: "encoder.joined"),
                .init(.linear(inputs: height * width + 2, outputs: 4), inputs: [3], name: "encoder.heads"),
            ], outputs: [4], inputNames: ["image", "label"], outputNames: ["posterior"])
        let image = try Shape([1, height, width])
        let decoder = try Network(
            inputs: [Shape([2]), Shape([2])],
            nodes: [
                .init(join, inputs: [0, 1], name: "decoder.joined"),
                .init(.linear(inputs: 4, outputs: image.count), inputs: [2], name: "decoder.pixels"),
                .init(.unflatten(image), inputs: [3], name: "decoder.picture"),
                .init(.activation(.sigmoid), inputs: [4], name: "decoder.output"),
            ], outputs: [5], inputNames: ["z", "label"], outputNames: ["image"])
        let label = InputRole.label(classes: 2, .oneHot)
        let architecture = try Architecture(
            encoder: Architecture.Part(encoder, roles: [.image, label]),
            decoder: Architecture.Part(decoder, roles: [.latent, label]), likelihood: .bernoulli)
        return try Model(architecture: architecture, tensors: tensors(of: architecture))
    }

    /// A model with a bias that is no number.
    static func notFinite() throws -> Model {
        let whole = try model()
        var tensors = whole.tensors
        tensors["decoder.0.bias"] = Tensor(
            extents: [height * width], values: [.nan] + Array(repeating: 0, count: height * width - 1))
        return try Model(architecture: whole.architecture, tensors: tensors)
    }

    /// Writes it into a folder.
    static func write(to folder: String) throws -> String { try write(try model(), to: folder) }

    /// Writes one of its relatives into a folder.
    static func write(_ model: Model, to folder: String) throws -> String {
        let path = "\(folder)/small.safetensors"
        try Checkpoint.write(model, to: path)
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

    /// Adds a picture of another class to images of its shape.
    static func writeImage(of name: String, to folder: String) throws {
        try makeFolder("\(folder)/\(name)")
        let values = (0..<height * width).map { Float($0) / 12 }
        try PictureFile.write(
            [Picture(width: width, height: height, values: values)], to: "\(folder)/\(name)/0.png")
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
