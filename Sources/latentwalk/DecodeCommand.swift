import ArgumentParser
import Files
import Neural
import Pictures
import Session
import Shading
import VAE

/// `latentwalk decode`: points of the latent space as shaded text, or as a file of pictures.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decode points of the latent space into pictures.",
        usage: "latentwalk decode [<model>] --z <a,b> ... [<options>]",
        discussion: """
            Prints each picture as shaded text, or writes them all to a file.

            latentwalk decode --z 0.4,-1.3 --z 2,1 --output digits.png
            """
    )

    @Argument(help: "A model's file; the shipped model if none is named.", completion: .file())
    var model: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A point, with all its coordinates; may be given several times.", valueName: "a,b"),
        transform: LatentCoordinates.init(text:))
    var z: [LatentCoordinates] = []

    @OptionGroup(title: "The model")
    var opening: ModelOptions

    @OptionGroup(title: "Files")
    var file: FileOptions

    @Option(
        parsing: .unconditional,
        help: "Columns of text that a picture takes; as many as the model's images have pixels if not given.")
    var width: Int?

    @OptionGroup(title: "Drawing as text; --palette is for .png and .gif too")
    var drawing: DrawingOptions

    @OptionGroup
    var computing: ThreadOptions

    func validate() throws {
        guard !z.isEmpty else { throw ValidationError("name at least one point: --z -1.3,0.4") }
        if let width, !(1...1000).contains(width) { throw ValidationError("--width must lie between 1 and 1000.") }
    }

    func run() throws {
        // A name that says no format is refused before any work.
        let format = try file.format(drawing, width: width)
        let model = try opening.read(model)
        try model.checkFinite()
        _ = try model.architecture.picture()
        let latents = model.architecture.latentSize
        for point in z where point.values.count != latents {
            throw DecodeError.coordinateCount(point.text, found: point.values.count, latents: latents)
        }
        let pool = computing.makePool()
        let decoder = Decoder(model, pool: pool, maximumBatch: min(64, z.count))
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
