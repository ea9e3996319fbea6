import Pictures

/// Pictures of the images around the current one, as far as they have come.
struct NeighborPictures: Sendable {
    /// By the images' indices in the cloud.
    private(set) var pictures: [Int: Picture] = [:]
    private var asked: (number: Int, images: [Int])?

    /// More than a screen shows at once.
    private static let most = 400

    subscript(image: Int) -> Picture? { pictures[image] }

    /// Those that have to be asked for, so that all are there; none where they are on their way.
    func missing(of wanted: [Int]) -> [Int] {
        let missing = wanted.filter { pictures[$0] == nil }
        let coming = Set(asked?.images ?? [])
        return missing.allSatisfy(coming.contains) ? [] : missing
    }

    mutating func ask(_ number: Int, for images: [Int]) { asked = (number, images) }

    /// What was asked for may have been replaced by another view's wishes.
    mutating func forgetAsked() { asked = nil }

    mutating func take(_ arrived: [Picture], first: Int, number: Int) {
        guard let asked, asked.number == number, first >= 0 else { return }
        if pictures.count > Self.most { pictures = [:] }
        for (offset, picture) in arrived.enumerated() where first + offset < asked.images.count {
            pictures[asked.images[first + offset]] = picture
        }
    }
}
