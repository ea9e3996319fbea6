extension JSONValue {
    /// The document on one line, as Python's `json.dumps` with compact separators writes it; the same value always gives
    /// the same text.
    public var compactText: String {
        var text = ""
        write(into: &text, indent: nil)
        return text
    }

    /// The document with two spaces a level, for people; lists of plain values stay on their line.
    public var indentedText: String {
        var text = ""
        write(into: &text, indent: 0)
        return text
    }

    private func write(into text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let boolean): text += boolean ? "true" : "false"
        case .integer(let integer): text += String(integer)
        // JSON has no word for what isn't finite.
        case .number(let number): text += number.isFinite ? number.description : "null"
        case .string(let string): JSONValue.quote(string, into: &text)
        case .array(let array):
            let isPlain = array.allSatisfy { $0.array == nil && $0.object == nil }
            let separator = isPlain && indent != nil ? ", " : ","
            JSONValue.list(array, "[]", separator, into: &text, indent: isPlain ? nil : indent) { item, text, indent in
                item.write(into: &text, indent: indent)
            }
        case .object(let object):
            JSONValue.list(object.members, "{}", ",", into: &text, indent: indent) { member, text, indent in
                JSONValue.quote(member.name, into: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(into: &text, indent: indent)
            }
        }
    }

    private static func list<Item>(
        _ items: [Item], _ brackets: String, _ separator: String, into text: inout String, indent: Int?,
        write: (Item, inout String, Int?) -> Void
    ) {
        text.append(contentsOf: brackets.prefix(1))
        for (index, item) in items.enumerated() {
            if index > 0 { text += separator }
            if let indent { text += "\n" + String(repeating: "  ", count: indent + 1) }
            write(item, &text, indent.map { $0 + 1 })
        }
        if let indent, !items.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text.append(contentsOf: brackets.suffix(1))
    }

    private static func quote(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            // C0, DEL and C1: none of them may reach a terminal through a printed document.
            case "\0"..<" ", "\u{7F}"..."\u{9F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
