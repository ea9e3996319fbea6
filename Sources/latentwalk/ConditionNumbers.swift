import ArgumentParser

/// `--condition A,B[,…]`: the whole vector that a model is conditioned on, or which places of it are 1.
struct ConditionNumbers: Equatable {
    let values: [Float]

    /// - Throws: `ValidationError` unless the text is numbers between commas.
    init(text: String) throws {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        values = parts.compactMap { Float($0) }
        guard values.count == parts.count, values.allSatisfy({ $0.magnitude <= LatentCoordinates.greatest }) else {
            throw ValidationError(
                "a condition is numbers between commas, of at most 1000000: the whole vector, as in 0,1,0.5, or the places "
                    + "that are 1, as in 3,5")
        }
    }

    /// The vector: as many numbers as it has are the vector itself, and fewer the places, from 0, that are set to 1 among
    /// zeros.
    ///
    /// - Parameter count: how many numbers the model takes.
    /// - Returns: nil where they are neither.
    func vector(of count: Int) -> [Float]? {
        if values.count == count { return values }
        let places = values.compactMap { Int(exactly: $0) }.filter { (0..<count).contains($0) }
        guard values.count < count, places.count == values.count else { return nil }
        return places.reduce(into: [Float](repeating: 0, count: count)) { $0[$1] = 1 }
    }
}
