import ArgumentParser
import Checkpoints
import Datasets
import Files
import Inference
import ModelFiles
import Neural
import Pictures
import VAE

/// `latentwalk encode [MODEL] IMAGES…`: where images lie in the latent space.
struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Encode images into points of the latent space.",
        usage: "latentwalk encode [<model>] <images> ... [<options>]",
        discussion: """
            Images are PNG or JPEG files, or a data set: \(dataHelp). Prints CSV, a line an image: its number or file, \
            its label where there is one, then mu, the posterior's mean, and sigma, its standard deviation, of each \
            latent. In an .npy file that is float32 [N, 2·latents]: first all of mu, then all of sigma. With \
            --inference refined or exact mu is where the posterior is densest. Images of another size than the model's \
            are refused, unless --resize model brings them to it. A conditional model is asked for each image's own \
            label, or for --class, which images without labels need.

            latentwalk encode --data mnist --limit 100 --output codes.csv
            latentwalk encode drawing.png --resize model
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A model's file, if it is not the shipped one, and then the images: files, or one data set.",
            valueName: "images"),
        completion: .file())
    var names: [String] = []

    @Option(help: "The images, if no others are named: \(dataHelp).", completion: .file())
    var data: String?

    @Option(help: "Which part of the data: train or test. (default: test, or all where the data are one set)")
    var split: Dataset.Split?

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @OptionGroup(title: "Data")
    var reading: DataOptions

    @OptionGroup
    var answer: InferenceOptions

    @Option(help: "Write to a file instead: .csv, or .npy (float32, [N, 2·latents]).", completion: .file())
    var output: String?

    @OptionGroup
    var computing: ThreadOptions

    func validate() throws {
        if let output, CodeFormat(path: output) == nil {
            throw ValidationError("--output must end in .csv or .npy, which decides about the format.")
        }
        let images = ImageNames(names).images
        if data == nil, images.isEmpty {
            throw ValidationError("name images: PNG or JPEG files, or a data set as in --data mnist.")
        }
        if let data, !images.isEmpty {
            throw ValidationError("name either files or --data \(data.printable), not both.")
        }
        if split != nil, let picture = images.first(where: { !ImageNames.isDataset($0) }) {
            throw ValidationError("--split is for data sets: leave it out for \(picture.printable).")
        }
    }

    func run() throws {
        let named = ImageNames(names)
        for name in named.images where !ImageNames.isDataset(name) && GrowingFile.identity(of: name) == nil {
            throw FileError.notFound(path: name)
        }
        let model = try opening.read(named.model) { model in
            guard model.architecture.encoder != nil else { throw MissingPart.encoder }
            try model.checkFinite()
            try answer.method.check(model)
        }
        let images = try images(named.images, for: model)
        try images.dataset.check(for: model)
        // An exact or refined answer asks the decoder.
        if answer.method != .encoder || model.architecture.encoderTakesClass {
            try images.dataset.checkClasses(for: model)
        }
        let inference = try answer.method.makeInference(
            model, batch: min(64, images.dataset.count), pool: computing.makePool())
        let table = CodeTable(images: images, latents: model.architecture.latentSize)
        guard let output, let format = CodeFormat(path: output) else {
            try StandardOutput.write(table.header)
            return try inference.encode(images.dataset) { range, posteriors in
                try StandardOutput.write(table.lines(range, posteriors))
            }
        }
        try table.write(to: output, as: format, by: inference)
    }

    private func images(_ names: [String], for model: Model) throws -> NamedImages {
        let request = try reading.request(split: split, for: model.architecture)
        if names.isEmpty || ImageNames.isDataset(names[0]) {
            guard names.count < 2 else { throw EncodeError.severalDatasets(names[0]) }
            let name = data ?? names.first ?? ""
            return NamedImages(dataset: try DatasetLibrary.installed.load(name, request, news: DataNews()))
        }
        if let dataset = names.first(where: ImageNames.isDataset) { throw EncodeError.severalDatasets(dataset) }
        return try NamedImages(files: Array(names.prefix(request.limit ?? .max)), sizing: request.sizing)
    }
}

/// The arguments of `encode`: a model may come first, and images follow.
struct ImageNames: Equatable {
    let model: String?
    let images: [String]

    private static let pictureSuffixes = [".png", ".jpg", ".jpeg"]
    init(_ names: [String]) {
        let isModelFirst = names.first.map { ModelFile.isNamedLikeModel($0) || ModelFile.recognizes($0) }
        (model, images) = isModelFirst == true ? (names[0], Array(names.dropFirst())) : (nil, names)
    }

    /// What is no picture's file is left to the library of data sets, which has a sentence for what is none.
    static func isDataset(_ name: String) -> Bool { !pictureSuffixes.contains(where: name.lowercased().hasSuffix) }
}

/// Why images are not encoded. Each case prints one sentence.
enum EncodeError: CommandError, Equatable {
    case severalDatasets(String)
    case picture(String, PictureProblem)
    case wrongSize(String, found: ImageShape, first: String, expected: ImageShape)

    var exit: SystemExit {
        switch self {
        case .severalDatasets: .usage
        case .picture(_, .unreadable): .noInput
        case .picture, .wrongSize: .dataError
        }
    }

    var description: String {
        switch self {
        case .severalDatasets(let name):
            "name either picture files or one data set: \(name.printable) is no picture, and there is more beside it"
        case .picture(let path, let problem): "\(path.printable) \(problem)"
        case .wrongSize(let path, let found, let first, let expected):
            "\(path.printable) is \(found) and \(first.printable) is \(expected): bring all to one size with --resize"
        }
    }
}
