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
struct EncodeCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk encode --data sample --limit 100"),
        Example("latentwalk encode mnist-8d --data sample --limit 100 --output codes.npy"),
        Example("latentwalk encode --data sample --looks-like", endsSoon: false),
    ]

    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Encode images into points of the latent space.",
        usage: "latentwalk encode [<model>] <images> ... [<options>]",
        discussion: help(
            """
            Images are PNG or JPEG files, or a data set: \(dataHelp). Prints CSV, a line an image: its number or file, \
            its label where there is one, then mu, the posterior's mean, and sigma, its standard deviation, of each \
            latent. With --looks-like two columns tell what class each image looks like among others, so that one can measure \
            how often that is right; an image that is among those others itself doesn't count. In an .npy file that is float32 [N, 2·latents]: first all of mu, then all of sigma. With \
            --inference refined or exact mu is where the posterior is densest. Images of another size than the model's \
            are refused, unless --resize model brings them to it. A conditional model is asked for each image's own \
            label, or for --class, which images without labels need.
            """)
    )

    @Argument(
        help: ArgumentHelp(
            "A model's file, if it is not the shipped one, and then the images: files, or one data set.",
            valueName: "images"),
        completion: .file())
    var names: [String] = []

    @OptionGroup(title: "Data")
    var chosen: NamedData<EncodedData>

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @OptionGroup
    var answer: InferenceOptions

    @Flag(
        help: """
            Add the columns looks_like and share: the class that the nearest codes of other images have, and how much of \
            their votes. Empty where none are near.
            """)
    var looksLike = false

    @Option(
        help: """
            What --looks-like compares with, its training part: \(dataHelp). (default: sample, and for a model of \
            fashion-mnist that)
            """, completion: .file())
    var reference: String?

    @Option(help: "Write to a file instead: .csv, or .npy (float32, [N, 2·latents]).", completion: .file())
    var output: String?

    @OptionGroup
    var computing: ThreadOptions

    func validate() throws {
        if let output, CodeFormat(path: output) == nil {
            throw ValidationError("--output must end in .csv or .npy, which decides about the format.")
        }
        if reference != nil, !looksLike { throw ValidationError("--reference is for --looks-like: name both.") }
        if looksLike, let output, CodeFormat(path: output) == .npy {
            throw ValidationError("--looks-like adds words, and an .npy file holds numbers alone: write .csv.")
        }
        let images = ImageNames(names).images
        if chosen.data == nil, images.isEmpty {
            throw ValidationError("name images: PNG or JPEG files, or a data set as in --data mnist.")
        }
        if let data = chosen.data, !images.isEmpty {
            throw ValidationError("name either files or --data \(data.printable), not both.")
        }
        if chosen.split != nil, let picture = images.first(where: { !ImageNames.isDataset($0) }) {
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
        try check(images.dataset, for: model)
        let reference = looksLike ? try referenceImages(for: model) : nil
        let inference = try answer.method.makeInference(
            model, batch: min(64, max(images.dataset.count, reference?.count ?? 0)), pool: computing.makePool())
        let latents = model.architecture.latentSize
        let table = CodeTable(
            images: images, latents: latents,
            lookAlikes: try reference.map { try LookAlikes($0, by: inference, latents: latents) })
        guard let output, let format = CodeFormat(path: output) else {
            try StandardOutput.write(table.header)
            return try inference.encode(images.dataset) { range, posteriors in
                try StandardOutput.write(table.lines(range, posteriors))
            }
        }
        try table.write(to: output, as: format, by: inference)
    }

    private func check(_ dataset: Dataset, for model: Model) throws {
        try dataset.check(for: model)
        // An exact or refined answer asks the decoder.
        if answer.method != .encoder || model.architecture.encoderTakesClass { try dataset.checkClasses(for: model) }
    }

    /// What images are compared with: what was asked for, else what the model was trained on, of MNIST the sample that ships.
    private func referenceImages(for model: Model) throws -> Dataset {
        var request = try chosen.request(for: model.architecture)
        request.split = .train
        // The first images are those to encode.
        request.limit = nil
        let known = model.provenance.dataset.flatMap { KnownDataset(rawValue: $0) }
        let behind = known.flatMap { $0 == .mnist ? nil : $0.rawValue } ?? SampleDigits.name
        let dataset = try DatasetLibrary.installed.load(reference ?? behind, request, news: DataNews())
        try check(dataset, for: model)
        return dataset
    }

    private func images(_ names: [String], for model: Model) throws -> NamedImages {
        let request = try chosen.request(for: model.architecture)
        if names.isEmpty || ImageNames.isDataset(names[0]) {
            guard names.count < 2 else { throw EncodeError.severalDatasets(names[0]) }
            let name = chosen.data ?? names.first ?? ""
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
        let isModelFirst = names.first.map { name in
            ModelFile.isNamedLikeModel(name) || ModelFile.recognizes(name) || Installation.ships(name)
        }
        (model, images) = isModelFirst == true ? (names[0], Array(names.dropFirst())) : (nil, names)
    }

    /// What is no picture's file is left to the library of data sets, which has a sentence for what is none.
    static func isDataset(_ name: String) -> Bool { !pictureSuffixes.contains(where: name.lowercased().hasSuffix) }
}

/// Why images are not encoded. Each case prints one sentence.
enum EncodeError: CommandError, Equatable {
    case severalDatasets(String)
    case noClasses(String)
    case tooManyClasses(String, Int)
    case picture(String, PictureProblem)
    case wrongSize(String, found: ImageShape, first: String, expected: ImageShape)

    var exit: SystemExit {
        switch self {
        case .severalDatasets, .noClasses, .tooManyClasses: .usage
        case .picture(_, .unreadable): .noInput
        case .picture, .wrongSize: .dataError
        }
    }

    var description: String {
        switch self {
        case .severalDatasets(let name):
            "name either picture files or one data set: \(name.printable) is no picture, and there is more beside it"
        case .noClasses(let name):
            "\(name.printable) has no classes that an image could look like: name data with labels as --reference"
        case .tooManyClasses(let name, let count):
            "\(name.printable) has \(count) classes, and --looks-like tells at most 256 apart: name other data as --reference"
        case .picture(let path, let problem): "\(path.printable) \(problem)"
        case .wrongSize(let path, let found, let first, let expected):
            "\(path.printable) is \(found) and \(first.printable) is \(expected): bring all to one size with --resize"
        }
    }
}
