extension Sequence<String> {
    /// The name that a mistyped word was probably meant as; nil where none is near.
    ///
    /// Near is a name that differs in one letter, or in as many as a third of its own: left out, put in, replaced, or
    /// swapped with the next one (Damerau 1964). So is one that begins with the word, from three letters on. Capitals
    /// count as small letters. Of several that are equally near the first one is taken.
    public func nearest(to word: String) -> String? {
        let typed = Array(word.lowercased())
        var best: (name: String, distance: Int)?
        for name in self {
            let letters = Array(name.lowercased())
            let limit = Swift.max(1, letters.count / 3)
            let distance =
                typed.count >= 3 && letters.starts(with: typed)
                ? Swift.min(1, letters.count - typed.count)
                : abs(letters.count - typed.count) > limit ? limit + 1 : edits(from: typed, to: letters)
            if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }
}

/// How many letters are put in, left out, replaced or swapped with the next one to get from one word to another.
private func edits(from word: [Character], to other: [Character]) -> Int {
    // Three rows of the table of all beginnings of both words: `rows[i][j]` is for the first i and the first j letters.
    var before = [Int](repeating: 0, count: other.count + 1)
    var above = Array(0...other.count)
    for (row, letter) in word.enumerated() {
        var current = [row + 1]
        for (column, wanted) in other.enumerated() {
            var least = Swift.min(
                above[column + 1] + 1, current[column] + 1, above[column] + (letter == wanted ? 0 : 1))
            if row > 0, column > 0, letter == other[column - 1], word[row - 1] == wanted {
                least = Swift.min(least, before[column - 1] + 1)
            }
            current.append(least)
        }
        (before, above) = (above, current)
    }
    return above[other.count]
}
