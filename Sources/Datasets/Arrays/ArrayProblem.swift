import Files
import Pictures

/// What is wrong with an array of NumPy's; reads as the rest of a sentence that begins with the file's name.
public enum ArrayProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case header(NPYProblem)
    case fortranOrder
    case elementType(String)
    /// What an array is wanted for, and its shape.
    case imageShape([Int])
    case ambiguousChannels([Int])
    case labelShape([Int])
    case tooLarge([Int])
    case truncated(expected: Int, found: Int)
    case trailingBytes(expected: Int)
    case notFinite(image: Int)
    case range(least: Double, most: Double)
    case labels(place: Int)
    case archive(String)
    /// None of the arrays has a name, or a shape, that says images.
    case noImages(names: [String])

    public var description: String {
        switch self {
        case .header(let problem): "\(problem)"
        case .fortranOrder: "is stored column by column: save numpy.ascontiguousarray(x)"
        case .elementType(let type):
            "has elements of type \(type.printable): images are unsigned bytes, other whole numbers or floats"
        case .imageShape(let shape):
            "has the shape \(text(shape)): images are [N, height, width], with 1, 3 or 4 channels at the end or second, "
                + "of at most \(ImageSizing.largest) pixels a side"
        case .ambiguousChannels(let shape):
            "has the shape \(text(shape)), where the second extent could be the channels and the last one too: save "
                + "[N, height, width, channels] with more than 4 rows"
        case .labelShape(let shape):
            "has the shape \(text(shape)): labels are one whole number an image, or a row with a single 1"
        case .tooLarge(let shape):
            "has the shape \(text(shape)), more than \(PictureFolder.maximumSize >> 30) GiB of pixels: read fewer with "
                + "--limit"
        case .truncated(let expected, let found):
            "is cut off: \(found) of \(expected) bytes are there"
        case .trailingBytes(let expected): "goes on after the \(expected) bytes that its header announces"
        case .notFinite(let image): "has a value in image \(image) that is not finite"
        case .range(let least, let most):
            "has values from \(least) to \(most): images are 0…1, −1…1 or 0…255"
        case .labels(let place):
            "has a label for image \(place) that is no whole number from 0 to \(UInt16.max)"
        case .archive(let reason): "cannot be read: \(reason.printable)"
        case .noImages(let names):
            "has no images that can be told: call the array x_train, x_test or images (there is "
                + (names.isEmpty ? "none" : names.sorted().map(\.printable).joined(separator: ", ")) + ")"
        }
    }

    private func text(_ shape: [Int]) -> String { "[\(shape.map(String.init).joined(separator: ", "))]" }
}
