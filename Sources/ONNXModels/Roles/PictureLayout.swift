import Importing
import VAE

/// How the elements of a value are those of a picture.
struct PictureLayout {
    /// Channels, height, width.
    let image: [Int]
    /// Whether a pixel's channels lie beside each other.
    let hasChannelsLast: Bool
    let certainty: Certainty

    /// - Parameters:
    ///   - extents: of a value of ONNX's graph, for one sample.
    ///   - known: the shape of the pictures, where another part of the model has said it.
    /// - Returns: nil where they cannot be a picture.
    init?(_ extents: [Int], options: ImportOptions, known: PictureLayout? = nil) {
        let bare = extents.count > 1 && extents[0] == 1 ? Array(extents.dropFirst()) : extents
        let count = bare.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        func isColor(_ count: Int) -> Bool { [1, 3, 4].contains(count) }
        switch bare.count {
        case 3 where isColor(bare[0]) || isColor(bare[2]):
            let mayBeFirst = isColor(bare[0])
            let mayBeLast = isColor(bare[2])
            hasChannelsLast =
                mayBeLast
                && (!mayBeFirst || options.layout == .channelsLast || bare[0] == 1 && bare[2] > 1 && bare[1] == 1)
            image = hasChannelsLast ? [bare[2], bare[0], bare[1]] : bare
            certainty = mayBeFirst && mayBeLast ? .inferred : .known
        case 2 where bare[0] > 1 && bare[1] > 1:
            (image, hasChannelsLast, certainty) = ([1] + bare, false, .known)
        case 3: return nil
        default:
            guard bare.filter({ $0 > 1 }).count <= 1 else { return nil }
            let given = options.imageShape.map { $0.count == 2 ? [0] + $0 : $0 }
            if let given, given.count == 3, given[1] > 0, given[2] > 0 {
                let channels = given[0] > 0 ? given[0] : count / (given[1] * given[2])
                guard channels * given[1] * given[2] == count else { return nil }
                image = [channels, given[1], given[2]]
                certainty = .known
            } else if let known, known.image.reduce(1, *) == count {
                (image, certainty) = (known.image, .inferred)
            } else if let side = PictureLayout.root(count) {
                (image, certainty) = ([1, side, side], .inferred)
            } else if count % 3 == 0, let side = PictureLayout.root(count / 3) {
                (image, certainty) = ([3, side, side], options.layout == nil ? .guessed : .inferred)
            } else {
                return nil
            }
            hasChannelsLast =
                image[0] > 1 && options.layout.map { $0 == .channelsLast } ?? known?.hasChannelsLast ?? false
        }
    }

    /// What is made of a picture of more channels before it is one of this layout.
    private(set) var source: (image: [Int], scale: Float, offset: Float)?

    /// Gray pictures of 0…1, as the first channel of others.
    func taken(from image: [Int], range: PixelRange) -> PictureLayout {
        var layout = self
        layout.source = (image, 1, 0)
        if case .bounded(let low, let high) = range { layout.source = (image, 1 / (high - low), -low / (high - low)) }
        return layout
    }

    var count: Int { image.reduce(1, *) }

    private static func root(_ count: Int) -> Int? {
        let side = Int(Double(count).squareRoot().rounded())
        return side >= 4 && side * side == count ? side : nil
    }
}
