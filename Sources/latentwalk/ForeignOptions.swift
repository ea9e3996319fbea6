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
            "Of the decoder's convolutions in order, then the encoder's; one number is for all of the decoder's.",
            valueName: "n,…"),
        transform: WholeNumbers.init(strides:))
    var stride: WholeNumbers?

    @Option(help: ArgumentHelp("The same of their padding.", valueName: "n,…"), transform: WholeNumbers.init(paddings:))
    var padding: WholeNumbers?

    @Option(
        help: ArgumentHelp("The same of their output padding.", valueName: "n,…"),
        transform: WholeNumbers.init(paddings:))
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

    @Option(
        help: ArgumentHelp(
            "All of it in a file, as inspect --write-architecture writes it, or Keras's to_json.",
            valueName: "file.json"),
        completion: .file(extensions: ["json"]))
    var architecture: String?

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

/// Whole numbers with commas between them.
struct WholeNumbers: Equatable {
    let values: [Int]

    init(text: String) throws { values = try valid { () throws(OptionProblem) in try OptionText.wholeNumbers(text) } }

    init(strides text: String) throws { try self.init(text, in: OptionText.strides) }

    init(paddings text: String) throws { try self.init(text, in: OptionText.paddings) }

    private init(_ text: String, in range: ClosedRange<Int>) throws {
        values = try valid { () throws(OptionProblem) in try OptionText.wholeNumbers(text, in: range) }
    }
}

/// `LO,HI` or `logits`.
struct GivenPixelRange: Equatable {
    let range: PixelRange

    init(text: String) throws { range = try valid { () throws(OptionProblem) in try OptionText.pixelRange(text) } }
}

extension ActivationName {
    init(text: String) throws { self = try valid { () throws(OptionProblem) in try ActivationName(text) } }
}

/// What an option's text is wrong in is told as a wrong use.
private func valid<Value>(_ body: () throws(OptionProblem) -> Value) throws -> Value {
    do {
        return try body()
    } catch {
        throw ValidationError("\(error)")
    }
}

extension ImportOptions.PaddingMode: ExpressibleByArgument {}
extension ImportOptions.Upsampling: ExpressibleByArgument {}
extension ImportOptions.Fit: ExpressibleByArgument {}
extension ImportOptions.Layout: ExpressibleByArgument {}
extension SecondHead: ExpressibleByArgument {}
