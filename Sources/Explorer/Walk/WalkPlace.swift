import Latent

/// Where a walk can begin or end, as it is typed.
enum WalkPlace: Hashable {
    /// By the data set's own number.
    case image(Int)
    /// An image of a class, at random.
    case anyOf(UInt8)
    /// An image of a class by its place among them, as `render walk` counts them.
    case ofClass(UInt8, Int)
    case mark(Character)
    case point(LatentPoint)
    /// The point under the cross-hair of Explore.
    case crosshair

    /// What can be typed, for the prompt.
    ///
    /// - Parameter className: of data whose classes have names.
    static func example(latentCount: Int, className: String? = nil) -> String {
        let point = (0..<latentCount).prefix(4).map { $0 == 0 ? "0.4" : "-1.3" }.joined(separator: " ")
        let label = className ?? "3"
        return "#18, \(label) (a random \(className == nil ? "3" : "one")), \(point), a mark (A), . (the cross-hair)"
    }

    /// Reads `#18`; `3:12`; `3`, `a 3` or `class 3`; a mark's letter; coordinates apart by blanks or commas; `.`.
    static func parse(_ text: String, latentCount: Int) -> Result<WalkPlace, Sentence> {
        var words = text.replacing(",", with: " ").replacing("−", with: "-").split(separator: " ").map(String.init)
        let example = example(latentCount: latentCount)
        guard let first = words.first else { return .failure(Sentence("Say where: \(example).")) }
        if words.count == 1 {
            if first == "." { return .success(.crosshair) }
            if first.hasPrefix("#"), let number = Int(first.dropFirst()), number >= 0 {
                return .success(.image(number))
            }
            let parts = first.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count == 2, let label = UInt8(parts[0]), let place = Int(parts[1]), place >= 0 {
                return .success(.ofClass(label, place))
            }
            if let letter = first.first, first.count == 1, letter.isASCII, letter.isLetter {
                return .success(.mark(Character(letter.uppercased())))
            }
        }
        if words.count == 2, ["a", "an", "class"].contains(first) { words.removeFirst() }
        if words.count == 1, let label = UInt8(words[0]) { return .success(.anyOf(label)) }
        let values = words.map { Float($0) }
        guard values.count == latentCount, values.allSatisfy({ $0?.isNaN == false }) else {
            return .failure(Sentence("“\(cellText(text))” is no end of a walk: type \(example)."))
        }
        guard values.allSatisfy({ abs($0 ?? .nan) <= Destination.farthest }) else {
            return .failure(Sentence("“\(cellText(text))” is too far away: type \(example)."))
        }
        return .success(.point(LatentPoint(values.compactMap { $0 })))
    }
}
