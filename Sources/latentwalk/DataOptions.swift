import ArgumentParser
import Datasets
import Files
import VAE

/// What `--data` takes, for help texts.
let dataHelp =
    "sample (the digits that ship), mnist, fashion-mnist, a folder of PNG, JPEG, IDX or NPY files, or an .npy or .npz file"

/// How data are read, the same for all commands.
struct DataOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "The first images only.")
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            """
            Bring the images to a size: “model” for the model's, N for N×N pixels, or CHANNELSxHEIGHTxWIDTH with 1 \
            (gray), 3 or 4 channels. What is too long is cut off at both ends, the rest is resampled.
            """, valueName: "size"),
        transform: ImageResize.init(text:))
    var resize: ImageResize?

    @Flag(help: "End at the first picture that cannot be read, with exit code 65; else it is named and passed over.")
    var strict = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
    }

    /// - Parameters:
    ///   - split: what `--split` says.
    ///   - model: what the model takes.
    /// - Throws: ``DataOptionsError``
    func request(split: Dataset.Split?, for model: Architecture) throws(DataOptionsError) -> DatasetRequest {
        let sizing: ImageSizing?
        switch resize {
        case nil: sizing = nil
        case .sizing(let explicit): sizing = explicit
        case .model:
            guard let image = model.imageSizing else { throw .modelImages("\(model.image)") }
            sizing = image
        }
        return DatasetRequest(split: split, limit: limit, sizing: sizing, isStrict: strict)
    }
}

extension Architecture {
    /// What the model takes; nil where images cannot be brought to it.
    var imageSizing: ImageSizing? {
        guard let image = image.image, [1, 3, 4].contains(image.channels),
            max(image.height, image.width) <= ImageSizing.largest
        else { return nil }
        return ImageSizing(channels: image.channels, height: image.height, width: image.width)
    }
}

/// `--resize SIZE`
enum ImageResize: Equatable {
    case model
    case sizing(ImageSizing)

    /// - Throws: `ValidationError`
    init(text: String) throws {
        guard text != "model" else {
            self = .model
            return
        }
        let wrong = ValidationError(
            "--resize takes “model”, N for N×N pixels, or 1, 3 or 4 channels with height and width, as in 3x64x48; at "
                + "most \(ImageSizing.largest) pixels a side.")
        let parts = text.replacing("×", with: "x").split(separator: "x", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, numbers.allSatisfy({ (1...ImageSizing.largest).contains($0) }) else {
            throw wrong
        }
        switch numbers.count {
        case 1: self = .sizing(ImageSizing(height: numbers[0], width: numbers[0]))
        case 3 where [1, 3, 4].contains(numbers[0]):
            self = .sizing(ImageSizing(channels: numbers[0], height: numbers[1], width: numbers[2]))
        default: throw wrong
        }
    }
}

/// Why images cannot be brought to a size. Each case prints one sentence.
enum DataOptionsError: CommandError, Equatable {
    case modelImages(String)

    var exit: SystemExit { .usage }

    var description: String {
        switch self {
        case .modelImages(let shape):
            "--resize cannot bring images to the model's \(shape): only gray and color images can be resized"
        }
    }
}

/// Tells on standard error what happens while data are read: what is passed over and how things were understood always,
/// how far it is on a terminal only.
final class DataNews {
    private let isQuiet: Bool
    private var skipped = 0
    private let begun = ContinuousClock.now

    /// Bad pictures that are named each; the others are counted.
    private static let named = 20

    init(isQuiet: Bool = false) { self.isQuiet = isQuiet }

    func hear(_ event: DatasetEvent) {
        guard !isQuiet else { return }
        switch event {
        case .read(let count, let total):
            // What is there at once needs no line.
            guard StandardError.isTerminal, begun.duration(to: .now) > .seconds(0.5) else { return }
            StandardError.write("\r\(count) of \(total) images read\u{1B}[K" + (count == total ? "\r\u{1B}[K" : ""))
        case .skipped(let sentence):
            skipped += 1
            if skipped <= DataNews.named { line(sentence) }
        case .finished(let skipped, let images):
            line("\(counted(skipped, "bad picture")) passed over, \(counted(images, "image")) read")
        case .noted(let sentence): line(sentence)
        }
    }

    private func line(_ sentence: String) {
        StandardError.write((StandardError.isTerminal ? "\r\u{1B}[K" : "") + "latentwalk: \(sentence)\n")
    }
}

extension DatasetLibrary {
    /// The library with the digits that are installed with the program.
    static var installed: DatasetLibrary {
        var library = current
        library.resources = try? Installation.current().resources
        return library
    }

    /// Reads what `--data` names, and tells what happens meanwhile.
    func load(_ data: String, _ request: DatasetRequest, news: DataNews) throws(DatasetError) -> Dataset {
        try load(data, request) { news.hear($0) }
    }
}
