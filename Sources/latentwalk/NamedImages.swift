import Datasets
import Pictures

/// Images to encode, and what each is called in a table.
struct NamedImages {
    let dataset: Dataset
    /// The files' names; nil where images are told by their numbers.
    private let names: [String]?

    init(dataset: Dataset) { (self.dataset, names) = (dataset, nil) }

    /// Reads picture files, gray or in color as the first one is.
    ///
    /// - Parameters:
    ///   - files: one or more.
    ///   - sizing: what they are brought to, if they are.
    /// - Throws: ``EncodeError``
    init(files: [String], sizing: ImageSizing?) throws(EncodeError) {
        let resampler = Resampler()
        var pixels: [UInt8] = []
        var shape: ImageShape?
        for file in files {
            var image = try NamedImages.read(file, sizing)
            if let sizing {
                let channels = sizing.channels ?? shape?.channels ?? image.channels
                image = image.withChannels(channels).filling(width: sizing.width, height: sizing.height, by: resampler)
            }
            let found = ImageShape(channels: image.channels, height: image.height, width: image.width)
            guard found == shape ?? found else {
                throw .wrongSize(file, found: found, first: files[0], expected: shape ?? found)
            }
            shape = found
            pixels += image.planes
        }
        let all = shape ?? ImageShape(channels: 1, height: 1, width: 1)
        dataset = Dataset(
            name: files.count == 1 ? files[0] : "pictures", split: .test, channels: all.channels, height: all.height,
            width: all.width, pixels: pixels)
        names = files
    }

    private static func read(_ file: String, _ sizing: ImageSizing?) throws(EncodeError) -> PixelImage {
        do throws(PictureProblem) {
            return try PixelImage(
                path: file, reducedTo: sizing.map { ($0.width, $0.height) }, keepsOpacity: sizing?.channels == 4)
        } catch {
            throw .picture(file, error)
        }
    }

    func name(_ index: Int) -> String { names.map { $0[index] } ?? String(index) }

    /// The name of its class, empty where there is none.
    func label(_ index: Int) -> String { dataset.className(index) ?? "" }
}
