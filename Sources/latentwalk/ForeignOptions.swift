import ArgumentParser
import Importing
import Neural
import VAE

/// What a file of another framework may leave open: given, it needn't be found out.
struct ForeignOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Between the layers: relu, leaky_relu[:SLOPE], elu, selu, gelu, silu, tanh, softplus or none.",
            valueName: "name"), transform: ActivationName.init(text:))
    var activation: ActivationName?

    @Option(
        help: ArgumentHelp("After the last layer: sigmoid, tanh, softmax, none, or any of those.", valueName: "name"),
        transform: ActivationName.init(text:))
    var outputActivation: ActivationName?

    @Option(
        help: ArgumentHelp(
            "Of the decoder's convolutions and transposed ones in order; one number is for all.", valueName: "n,…"),
        transform: WholeNumbers.init(text:))
    var stride: WholeNumbers?

    @Option(help: ArgumentHelp("The same of their padding.", valueName: "n,…"), transform: WholeNumbers.init(text:))
    var padding: WholeNumbers?

    @Option(
        help: ArgumentHelp("The same of their output padding.", valueName: "n,…"), transform: WholeNumbers.init(text:))
    var outputPadding: WholeNumbers?

    @Option(help: "What lies around: zeros, replicate, reflect or circular.")
    var paddingMode: ImportOptions.PaddingMode?

    @Option(help: "Where the shapes say that something doubles: nearest, bilinear or bilinear-corners.")
    var upsample: ImportOptions.Upsampling?

    @Option(
        help: ArgumentHelp("The picture's height and width, perhaps its channels first.", valueName: "c,h,w"),
        transform: WholeNumbers.init(text:))
    var imageShape: WholeNumbers?

    @Option(
        help: ArgumentHelp("The shape of a latent that is a map.", valueName: "c,h,w"),
        transform: WholeNumbers.init(text:))
    var latentShape: WholeNumbers?

    @Option(help: "How a larger picture is brought to the shape: resize or crop.")
    var fit: ImportOptions.Fit?

    @Option(help: "How a vector of pixels in three channels lies: nchw or nhwc.")
    var layout: ImportOptions.Layout?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What the decoder returns: two numbers, or logits.", valueName: "lo,hi"),
        transform: GivenPixelRange.init(text:))
    var pixelRange: GivenPixelRange?

    @Option(help: "What the encoder says of a posterior's width: logvar, logsigma, sigma, softplus or none.")
    var secondHead: SecondHead?

    @Flag(help: "The encoder's first head is the second, and the second the mean.")
    var swapHeads = false

    @Option(help: ArgumentHelp("A graph's input that is the latent.", valueName: "name"))
    var latent: String?

    @Option(help: ArgumentHelp("A graph's input that is the label.", valueName: "name"))
    var label: String?

    @Option(help: ArgumentHelp("A graph's input or output that is the image.", valueName: "name"))
    var image: String?

    @Option(help: "The encoder's file, where the model's file is the decoder.", completion: .file())
    var encoder: String?

    @Option(help: "The decoder's file, where the model's file is the encoder.", completion: .file())
    var decoder: String?

    var options: ImportOptions {
        var options = ImportOptions()
        options.activation = activation.map { ImportOptions.Choice($0.operation) }
        options.outputActivation = outputActivation.map { ImportOptions.Choice($0.operation) }
        options.strides = stride?.values
        options.paddings = padding?.values
        options.outputPaddings = outputPadding?.values
        options.paddingMode = paddingMode
        options.upsampling = upsample
        options.imageShape = imageShape?.values
        options.latentShape = latentShape?.values
        options.fit = fit
        options.layout = layout
        options.pixelRange = pixelRange?.range
        options.secondHead = secondHead
        options.swapsHeads = swapHeads
        options.latentName = latent
        options.labelName = label
        options.imageName = image
        return options
    }

    func validate() throws {
        try check(imageShape, [2, 3], "--image-shape", "H,W or C,H,W")
        try check(latentShape, [3], "--latent-shape", "C,H,W")
    }

    private func check(_ shape: WholeNumbers?, _ counts: [Int], _ option: String, _ form: String) throws {
        guard let shape else { return }
        guard counts.contains(shape.values.count), shape.values.allSatisfy({ $0 >= 1 }) else {
            throw ValidationError("\(option) wants \(form), all above 0.")
        }
    }
}

/// The name of an activation, with its slope.
struct ActivationName: Equatable {
    /// Nil: none.
    let operation: Neural.Operation?

    private static let layers = [
        "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU", "silu": "SiLU",
        "tanh": "Tanh", "softplus": "Softplus", "sigmoid": "Sigmoid", "softmax": "Softmax",
    ]

    init(text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard text != "none" else {
            operation = nil
            return
        }
        guard let layer = parts.first.flatMap({ ActivationName.layers[$0] }), parts.count == 1 || layer == "LeakyReLU"
        else {
            throw ValidationError(
                "There is no activation \(text.printable): choose relu, leaky_relu, elu, selu, gelu, silu, tanh, softplus, "
                    + "sigmoid, softmax or none.")
        }
        var settings: [(name: String, value: Setting)] = layer == "Softmax" ? [("dim", .integer(1))] : []
        if parts.count == 2 {
            guard let slope = Float(parts[1]), slope.isFinite else {
                throw ValidationError("\(parts[1].printable) is no slope: write leaky_relu:0.2.")
            }
            settings.append(("negative_slope", .number(slope)))
        }
        operation = try LayerCatalog.entry(named: layer)?.make(settings)
    }
}

/// Whole numbers with commas between them.
struct WholeNumbers: Equatable {
    let values: [Int]

    init(text: String) throws {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0.drop { $0 == " " }) }.filter { (0...65536).contains($0) }
        guard numbers.count == parts.count, numbers.count <= 64 else {
            throw ValidationError("\(text.printable) is no list of whole numbers: write 2,2,1.")
        }
        values = numbers
    }
}

/// `LO,HI` or `logits`.
struct GivenPixelRange: Equatable {
    let range: PixelRange

    init(text: String) throws {
        guard text != "logits" else {
            range = .logits
            return
        }
        let ends = text.split(separator: ",").compactMap { Float($0) }
        guard ends.count == 2, ends[0] < ends[1], (ends[1] - ends[0]).isFinite else {
            throw ValidationError("\(text.printable) is no range of pixels: write -1,1 or logits.")
        }
        range = .bounded(ends[0], ends[1])
    }
}

extension ImportOptions.PaddingMode: ExpressibleByArgument {}
extension ImportOptions.Upsampling: ExpressibleByArgument {}
extension ImportOptions.Fit: ExpressibleByArgument {}
extension ImportOptions.Layout: ExpressibleByArgument {}
extension SecondHead: ExpressibleByArgument {}
