import ArgumentParser
import Files
import Neural
import Pictures
import Session
import Shading
import VAE

/// `latentwalk decode`: points of the latent space as shaded text, or as a file of pictures.
struct DecodeCommand: ExampledCommand {
    static let examples = [
        Example("latentwalk decode --z 0.4,-1.3"),
        Example("latentwalk decode --z 0.4,-1.3 --z 2,1 --output digits.png"),
        Example("latentwalk decode fashion-2d --z -1,0.5 --palette magma"),
    ]

    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decode points of the latent space into pictures.",
        usage: "latentwalk decode [<model>] --z <a,b> ... [<options>]",
        discussion: help(
            """
            Prints each picture as shaded text, or writes them all to a file.
            """)
    )

    @Argument(help: "A model's file; the shipped model if none is named.", completion: .file())
    var model: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A point, with all its coordinates; may be given several times.", valueName: "a,b"),
        transform: LatentCoordinates.init(text:))
    var z: [LatentCoordinates] = []

    @OptionGroup(title: "Files")
    var file: FileOptions

    @Flag(help: "Write what the decoder returns, before anything is brought to 0…1: .npy and .csv files alone.")
    var raw = false

    @Option(
        parsing: .unconditional,
        help: "Columns of text that a picture takes; as many as the model's images have pixels if not given.")
    var width: Int?

    @OptionGroup(title: "Drawing as text; --palette is for .png and .gif too")
    var drawing: DrawingOptions

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @OptionGroup
    var computing: ThreadOptions

    func validate() throws {
        guard !z.isEmpty else { throw ValidationError("name at least one point: --z -1.3,0.4") }
        if raw, !isArray {
            throw ValidationError(
                "--raw gives numbers, which pictures and text cannot show: name an .npy or .csv file with --output.")
        }
        if let width, !(1...1000).contains(width) { throw ValidationError("--width must lie between 1 and 1000.") }
    }

    func run() throws {
        // A name that says no format is refused before any work.
        let format = try file.format(drawing, width: width)
        let model = try opening.read(model, uses: .decoder) { model in
            try model.checkFinite()
            if !raw { _ = try model.architecture.picture() }
            let latents = model.architecture.latentSize
            for point in z where point.values.count != latents {
                throw DecodeError.coordinateCount(point.text, found: point.values.count, latents: latents)
            }
        }
        let pool = computing.makePool()
        let decoder = Decoder(model, pool: pool, maximumBatch: min(64, z.count), isRaw: raw)
        if raw, let output = file.output { return try writeRaw(decoder, to: output) }
        let pictures = decoder.pictures(z.flatMap(\.values), count: z.count)
        let text = PictureText(drawing, toFile: file.output != nil)
        func lines() -> String { pictures.map { text.text(of: $0, columns: width) }.joined(separator: "\n") }
        switch format {
        case nil: try StandardOutput.write(lines())
        case .text: try Exhibit.text(lines()).write(to: file.output ?? "")
        case .pictures:
            let palette = drawing.palette ?? .gray
            try PictureFile.write(
                pictures.map(palette.colored), to: file.output ?? "", PictureShowing(scale: file.scale))
        }
    }
}

extension DecodeCommand {
    private var isArray: Bool {
        let name = file.output?.lowercased()
        return name?.hasSuffix(".npy") == true || name?.hasSuffix(".csv") == true
    }

    /// The decoder's own numbers: an array as pictures have it, channels last, or a line an image.
    private func writeRaw(_ decoder: Decoder, to path: String) throws {
        let (numbers, shape) = channelsLast(decoder)
        guard path.lowercased().hasSuffix(".csv") else {
            return try AtomicFile.write(NPYHeader.file(of: numbers, shape: shape), to: path)
        }
        let size = decoder.imageShape.count
        let lines = z.indices.map { index in
            numbers[index * size..<(index + 1) * size].map(\.description).joined(separator: ",") + "\n"
        }
        try AtomicFile.write(Array(lines.joined().utf8), to: path)
    }

    /// All images `[N, height, width, channels]`, without the last axis where there is one channel.
    private func channelsLast(_ decoder: Decoder) -> (numbers: [Float], shape: [Int]) {
        let shape = decoder.imageShape.extents
        let (channels, pixels, size) = (shape[0], shape[1] * shape[2], decoder.imageShape.count)
        let planes = decoder.decode(z.flatMap(\.values), count: z.count)
        let numbers = planes.indices.map { index in
            let (image, place) = index.quotientAndRemainder(dividingBy: size)
            return planes[image * size + place % channels * pixels + place / channels]
        }
        return (numbers, [z.count, shape[1], shape[2]] + (channels > 1 ? [channels] : []))
    }
}

/// Why points are not decoded. Each case prints one sentence.
enum DecodeError: CommandError {
    case coordinateCount(String, found: Int, latents: Int)

    var exit: SystemExit { .usage }

    var description: String {
        switch self {
        case .coordinateCount(let text, let found, let latents):
            "--z \(text.printable) has \(counted(found, "coordinate")), but the model has \(counted(latents, "latent"))"
        }
    }
}
