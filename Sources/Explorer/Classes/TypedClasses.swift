import Latent

/// Classes of the data as they are typed: by number, by mark, by name, or by how a name begins.
extension Shared {
    /// The class of the data that somebody typed; nil: they have no such class.
    func dataClass(typed text: String) -> UInt8? {
        guard let classes = cloud?.classes else { return nil }
        let typed = text.split(separator: " ").joined(separator: " ").lowercased()
        guard !typed.isEmpty else { return nil }
        // Names first: a class may be called by a number that is not its label.
        let names = classes.map { (label: $0, name: name(ofClass: Int($0))?.lowercased() ?? "") }
        if let named = names.first(where: { $0.name == typed }) { return named.label }
        if let label = classes.first(where: { "\($0)" == typed || String(Self.classMark($0)) == typed }) {
            return label
        }
        let begun = names.filter { $0.name.hasPrefix(typed) }
        return begun.count == 1 ? begun[0].label : nil
    }

    /// What the classes of the data are called, as one may type them: the first of many.
    var typedClasses: String {
        let classes = cloud?.classes ?? []
        let shown = classes.prefix(12).map { label in
            name(ofClass: Int(label)).map(cellText) ?? String(Self.classMark(label))
        }
        return shown.joined(separator: ", ")
            + (classes.count > 12 ? " \(theme.typography.ellipsis) (\(classes.count) in all)" : "")
    }

    /// A line with the names of classes turned into their numbers, by which commands know them: "an ankle boot" is "an 9",
    /// "Dress:3" is "3:3".
    ///
    /// What is a number or a single letter means a place or a mark, and a class only behind "a", "an" or "class".
    func numberingClasses(in line: String) -> String {
        let words = line.split(separator: " ").map(String.init)
        var (result, place) = ([String](), 0)
        while place < words.count {
            let isClass = place > 0 && ["a", "an", "class"].contains(words[place - 1].lowercased())
            let longest = (place + 1...words.count).reversed().first { end in
                number(ofClass: words[place..<end].joined(separator: " "), isClass: isClass) != nil
            }
            let end = longest ?? place + 1
            let phrase = words[place..<end].joined(separator: " ")
            result.append(number(ofClass: phrase, isClass: isClass) ?? phrase)
            place = end
        }
        return result.joined(separator: " ")
    }

    /// The number of a class that is called like this, with `:N` behind it kept.
    private func number(ofClass phrase: String, isClass: Bool) -> String? {
        let colon = phrase.lastIndex(of: ":").flatMap { Int(phrase[phrase.index(after: $0)...]) == nil ? nil : $0 }
        let (text, rest) = (phrase[..<(colon ?? phrase.endIndex)], phrase[(colon ?? phrase.endIndex)...])
        let isWord = text.count > 1 && Float(text) == nil && !["an", "class"].contains(text.lowercased())
        guard isClass || isWord else { return nil }
        return dataClass(typed: String(text)).map { "\($0)\(rest)" }
    }
}
