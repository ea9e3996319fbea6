import Latent

/// Where `g` and `:goto` can go.
enum Destination: Hashable {
    case point(LatentPoint)
    case mark(Character)
    case image(Int)

    /// Coordinates beyond this are not even brought within what the explorer reaches.
    static let farthest: Float = 1e6

    /// What can be typed, for the prompt.
    static func example(latentCount: Int) -> String {
        "\((0..<latentCount).map { $0 == 0 ? "0.4" : "-1.3" }.joined(separator: " ")), a mark (A), an image (#42)"
    }

    /// Reads coordinates (apart by blanks or commas), a mark's letter, or an image's number.
    static func parse(_ text: String, latentCount: Int) -> Result<Destination, Sentence> {
        let words = text.replacing(",", with: " ").replacing("−", with: "-").split(separator: " ").map(String.init)
        guard let first = words.first else {
            return .failure(Sentence("Say where to go: \(example(latentCount: latentCount))."))
        }
        if words.count == 1 {
            if let letter = first.first, first.count == 1, letter.isASCII, letter.isLetter {
                return .success(.mark(Character(letter.uppercased())))
            }
            let digits = first.hasPrefix("#") ? String(first.dropFirst()) : first
            if latentCount > 1 || first.hasPrefix("#"), let number = Int(digits), number >= 0 {
                return .success(.image(number))
            }
        }
        let values = words.map { Float($0) }
        guard values.count == latentCount, values.allSatisfy({ $0?.isNaN == false }) else {
            return .failure(
                Sentence("“\(cellText(text))” is no place: type \(example(latentCount: latentCount))."))
        }
        guard values.allSatisfy({ abs($0 ?? .nan) <= Destination.farthest }) else {
            return .failure(Sentence("“\(cellText(text))” is too far away: type \(example(latentCount: latentCount))."))
        }
        return .success(.point(LatentPoint(values.compactMap { $0 })))
    }
}

/// One sentence for the person before the screen.
struct Sentence: Error, Hashable {
    let text: String
    init(_ text: String) { self.text = text }
}
