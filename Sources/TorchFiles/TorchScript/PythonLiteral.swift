import Neural

/// Constants as TorchScript's code writes them.
enum PythonLiteral {
    /// The plain value that a text is; nil for a variable or a call.
    static func setting(_ text: some StringProtocol) -> Setting? {
        let text = text.trimmed
        switch text {
        case "True": return .boolean(true)
        case "False": return .boolean(false)
        case "None": return .some(.none)
        default: break
        }
        if let integer = integer(text) { return .integer(integer) }
        if let number = number(text) { return .number(number) }
        guard let first = text.first, let last = text.last, text.count > 1 else { return nil }
        switch (first, last) {
        case ("\"", "\""), ("'", "'"):
            let inner = text.dropFirst().dropLast()
            return inner.contains(first) || inner.contains("\\") ? nil : .text(String(inner))
        case ("[", "]"), ("(", ")"):
            let elements = arguments(of: text.dropFirst().dropLast())
            let integers = elements.compactMap(integer)
            if integers.count == elements.count { return .integers(integers) }
            let numbers = elements.compactMap(number)
            return numbers.count == elements.count ? .numbers(numbers) : nil
        default: return nil
        }
    }

    private static func integer(_ text: some StringProtocol) -> Int? {
        Int(text).flatMap { abs(Double($0)) <= Double(Setting.largestInteger) ? $0 : nil }
    }

    private static func number(_ text: some StringProtocol) -> Float? {
        guard let first = text.first, first.isNumber || "-.+".contains(first) else { return nil }
        return Float(text)
    }

    /// What stands between the commas that are in no brackets and no quotation marks.
    static func arguments(of text: some StringProtocol) -> [String] {
        var (parts, current) = ([String](), "")
        var nesting = Nesting()
        for character in text {
            nesting.take(character)
            if character == ",", nesting.isOutside {
                parts.append(current.trimmed)
                current = ""
                continue
            }
            current.append(character)
        }
        parts.append(current.trimmed)
        return parts.filter { !$0.isEmpty }
    }

    /// What stands in the brackets that begin a text.
    static func bracketed(_ text: Substring) -> Substring? {
        guard text.first == "(" else { return nil }
        var nesting = Nesting()
        for index in text.indices {
            nesting.take(text[index])
            if nesting.isOutside { return text[text.index(after: text.startIndex)..<index] }
        }
        return nil
    }

    /// How many brackets, and whether a quotation mark, are open at a place in a text.
    private struct Nesting {
        private var depth = 0
        private var quote: Character?

        var isOutside: Bool { depth == 0 && quote == nil }

        mutating func take(_ character: Character) {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if "([{".contains(character) {
                depth += 1
            } else if ")]}".contains(character) {
                depth -= 1
            }
        }
    }
}

extension StringProtocol {
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
