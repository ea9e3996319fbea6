import Explorer
import Neural
import VAE

/// Why a model cannot be explored. Prints one sentence.
public enum ExplorableModelError: Error, Hashable, CustomStringConvertible {
    case channels(Int)
    case size(Int, Int)

    /// The longest side of a picture, in pixels.
    public static let longestSide = 512

    public var description: String {
        switch self {
        case .channels(let count):
            "the model's images have \(count) channels, but only gray (1), color (3) and color with opacity (4) can be "
                + "shown: choose another model"
        case .size(let width, let height):
            "the model's images are \(width)×\(height) pixels, and at most \(Self.longestSide) a side can be shown: choose "
                + "another model"
        }
    }
}

extension ModelFacts {
    /// What the explorer knows of a model. The one place where that is made of an architecture.
    ///
    /// - Parameter name: as it is shown.
    /// - Throws: ``ExplorableModelError`` where its images are no pictures.
    public init(of architecture: Architecture, name: String) throws(ExplorableModelError) {
        let image = try architecture.picture()
        self.init(
            name: name, latentCount: architecture.latentSize, width: image.width, height: image.height,
            channels: image.channels, pixelRange: architecture.pixelRange.text,
            hasEncoder: architecture.encoder != nil)
        missingLikelihood = architecture.likelihood == nil ? MissingPart.likelihood.description : nil
        hasPosteriors = architecture.encoder != nil && architecture.secondHead != .none
        classCount = architecture.classCount
        blendsClasses = architecture.blendsClasses
    }

    /// - Throws: ``ExplorableModelError`` where its images are no pictures.
    public init(of model: Model, name: String) throws(ExplorableModelError) {
        try self.init(of: model.architecture, name: name)
        label = model.condition.label
        if let count = model.architecture.conditionCount {
            let numbers = (0..<count).map { $0 < model.condition.vector.count ? model.condition.vector[$0] : 0 }
            condition = "condition " + ModelFacts.text(ofCondition: numbers)
        }
    }

    /// "1 0.5"; of many numbers the first, or where all are 0 or 1 the places of those, as the option has them: "3,5".
    private static func text(ofCondition numbers: [Float]) -> String {
        let places = numbers.indices.filter { numbers[$0] == 1 }
        let (first, dots) = (4, numbers.count > 4 ? " …" : "")
        guard numbers.count > first, !places.isEmpty, numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else {
            return numbers.prefix(first).map(number).joined(separator: " ") + dots
        }
        return places.prefix(first).map(String.init).joined(separator: ",") + (places.count > first ? dots : "")
    }
}

extension Architecture {
    /// The shape of its images, which can be shown.
    ///
    /// - Throws: ``ExplorableModelError``.
    public func picture() throws(ExplorableModelError) -> (channels: Int, height: Int, width: Int) {
        guard let image = image.image, [1, 3, 4].contains(image.channels) else {
            throw .channels(image.image?.channels ?? 0)
        }
        guard max(image.width, image.height) <= ExplorableModelError.longestSide else {
            throw .size(image.width, image.height)
        }
        return image
    }
}

extension PixelRange {
    /// As the picture's title has it; nil for 0…1.
    fileprivate var text: String? {
        switch self {
        case .unit: nil
        case .bounded(let low, let high): "\(number(low))…\(number(high))"
        case .free: "free"
        case .logits: "logits"
        }
    }

}

private func number(_ value: Float) -> String {
    let text = value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
    return text.replacing("-", with: "−")
}
