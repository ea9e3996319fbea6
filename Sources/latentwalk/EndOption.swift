import ArgumentParser
import Datasets
import Files

/// `--from` and `--to`: where a walk begins and ends, and with `@CLASS` behind it as which class of a conditional model.
struct EndOption: Equatable {
    enum Place: Equatable {
        /// `z:A,B[,…]`
        case point([Float])
        /// `#N`: an image by its number, from 0.
        case image(Int)
        /// `CLASS:INDEX`: an image of a class by its number among these, from 0.
        case ofClass(String, Int)
    }

    let place: Place
    /// The class that it is decoded as, a number or a name; nil: an image's own, and of a point the one of `--class`.
    let label: String?

    /// - Throws: `ValidationError` for what is none of these.
    init(text: String) throws {
        // A class may have that sign in its name: behind the place there is no colon any more.
        let sign = text.lastIndex(of: "@").flatMap { text[$0...].contains(":") ? nil : $0 }
        place = try Place(text: String(text[..<(sign ?? text.endIndex)]))
        label = sign.map { String(text[text.index(after: $0)...]) }
    }

    var needsData: Bool {
        if case .point = place { false } else { true }
    }
}

extension EndOption.Place {
    /// - Throws: `ValidationError` for what is none of these.
    fileprivate init(text: String) throws {
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
}

extension Dataset {
    /// The index of the image that an end of a walk names; nil for a point.
    ///
    /// - Throws: ``RenderError``
    func index(of end: EndOption) throws(RenderError) -> Int? {
        switch end.place {
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
