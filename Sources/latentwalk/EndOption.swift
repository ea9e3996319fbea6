import ArgumentParser
import Datasets
import Files

/// `--from` and `--to`: where a walk begins and ends.
enum EndOption: Equatable {
    /// `z:A,B[,…]`
    case point([Float])
    /// `#N`: an image by its number, from 0.
    case image(Int)
    /// `CLASS:INDEX`: an image of a class by its number among these, from 0.
    case ofClass(String, Int)

    /// - Throws: `ValidationError` for what is none of these.
    init(text: String) throws {
        if text.hasPrefix("z:") {
            self = .point(try LatentCoordinates(text: String(text.dropFirst(2))).values)
            return
        }
        if let number = Int(text.hasPrefix("#") ? String(text.dropFirst()) : text), number >= 0 {
            self = .image(number)
            return
        }
        // A class may have a colon in its name.
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let index = Int(text[text.index(after: colon)...]), index >= 0
        else {
            throw ValidationError(
                "“\(text.printable)” is no end of a walk: name the INDEX-th image of a class as CLASS:INDEX, an image by "
                    + "its number as '#N', or a point as z:-1.3,0.4.")
        }
        self = .ofClass(String(text[..<colon]), index)
    }

    var needsData: Bool {
        if case .point = self { false } else { true }
    }
}

extension Dataset {
    /// The index of the image that an end of a walk names; nil for a point.
    ///
    /// - Throws: ``RenderError``
    func index(of end: EndOption) throws(RenderError) -> Int? {
        switch end {
        case .point: return nil
        case .image(let index):
            guard index < count else { throw .noSuchImage(index, title, count: count) }
            return index
        case .ofClass(let name, let place):
            guard hasLabels else { throw .noClasses(title) }
            // Names first: a class may be called by a number that is not its label.
            guard let label = classNames.firstIndex(of: name) ?? Int(name), classNames.indices.contains(label) else {
                throw .noSuchClass(name, title, classNames)
            }
            let images = (0..<count).lazy.filter { self.label($0) == label }
            guard let index = images.dropFirst(place).first else {
                throw .noSuchImageOfClass(name, place, title, count: images.count)
            }
            return index
        }
    }
}
