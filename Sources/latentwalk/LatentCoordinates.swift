import ArgumentParser

/// `--z A,B[,…]`
struct LatentCoordinates {
    let text: String
    let values: [Float]

    /// The greatest coordinate: far beyond any code, and near enough for all that is computed from it.
    static let greatest: Float = 1e6

    /// - Throws: `ValidationError` unless the text is numbers between commas.
    init(text: String) throws {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { Float($0) }
        guard values.count == parts.count, values.allSatisfy(\.isFinite) else {
            throw ValidationError("a point is numbers between commas, as in --z -1.3,0.4")
        }
        guard values.allSatisfy({ abs($0) <= LatentCoordinates.greatest }) else {
            throw ValidationError("a point's numbers lie between -1000000 and 1000000")
        }
        (self.text, self.values) = (text, values)
    }
}

/// `--latent-range LO,HI`
struct LatentRange {
    let range: ClosedRange<Float>

    /// Shorter ones would be lost in the rounding of coordinates.
    private static let leastSpan: Float = 1e-5

    /// - Throws: `ValidationError` unless the text is two numbers, the lower one first.
    init(text: String) throws {
        let ends = text.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) ?? .nan }
        guard ends.count == 2, ends.allSatisfy({ abs($0) <= LatentCoordinates.greatest }),
            ends[1] - ends[0] >= LatentRange.leastSpan
        else {
            throw ValidationError(
                "a range is two numbers between -1000000 and 1000000, the lower one first, as in -3,3")
        }
        range = ends[0]...ends[1]
    }
}
