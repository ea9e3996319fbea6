/// Reads functions out of lines of TorchScript's code.
enum ScriptFunctionParser {
    private static let deepest = 32

    struct Line {
        let indent: Int
        let text: String
        /// Where it stands: `line 12 of models/vae.py`.
        let place: String

        /// - Parameter number: counted from 1.
        init(_ line: Substring, number: Int, of file: String) {
            indent = line.prefix { $0 == " " }.count
            text = line.trimmed
            place = "line \(number) of \(file)"
        }
    }

    /// The functions that begin at a depth of indentation, by their names.
    static func functions(in lines: [Line], indent: Int) -> [String: ScriptFunction] {
        var functions: [String: ScriptFunction] = [:]
        var place = 0
        while place < lines.count {
            let line = lines[place]
            guard line.indent == indent, line.text.hasPrefix("def ") else {
                place += 1
                continue
            }
            // The parameters may take several lines.
            var header = line.text
            while !header.hasSuffix(":"), place + 1 < lines.count, header.utf8.count < 1 << 16 {
                place += 1
                header += " " + lines[place].text
            }
            place += 1
            let start = place
            while place < lines.count, lines[place].indent > indent { place += 1 }
            let name = String(header.dropFirst(4).prefix { $0 != "(" })
            if let parameters = parameters(header) {
                functions[name] = ScriptFunction(
                    parameters: parameters, body: block(Array(lines[start..<place]), depth: 0))
            }
        }
        return functions
    }

    private static func parameters(_ header: String) -> [(name: String, preset: ScriptExpression?)]? {
        guard let inside = PythonLiteral.bracketed(header.drop { $0 != "(" }) else { return nil }
        return PythonLiteral.arguments(of: inside).map { text in
            let name = String(text.prefix { $0 != ":" && $0 != "=" }).trimmed
            let preset = text.firstIndex(of: "=").flatMap {
                ScriptExpressionParser.parse(text[text.index(after: $0)...].trimmed)
            }
            return (name, preset)
        }
    }

    private static func block(_ lines: [Line], depth: Int) -> [ScriptStatement] {
        guard depth < deepest else {
            return [ScriptStatement(action: .unsupported("blocks within blocks"), place: lines.first?.place ?? "")]
        }
        var statements: [ScriptStatement] = []
        var place = 0
        func inner() -> [ScriptStatement] {
            let indent = lines[place].indent
            let start = place + 1
            place = start
            while place < lines.count, lines[place].indent > indent { place += 1 }
            return block(Array(lines[start..<place]), depth: depth + 1)
        }
        while place < lines.count {
            let (text, start) = (lines[place].text, lines[place].place)
            func append(_ action: ScriptAction?) {
                statements.append(ScriptStatement(action: action ?? .unsupported(text), place: start))
            }
            if text.hasPrefix("if "), text.hasSuffix(":") {
                let condition = ScriptExpressionParser.parse(text.dropFirst(3).dropLast())
                let body = inner()
                let otherwise = place < lines.count && lines[place].text == "else:" ? inner() : []
                append(condition.map { .choose($0, body, otherwise: otherwise) })
            } else if text.hasPrefix("for "), text.hasSuffix("):"), let range = text.firstRange(of: " in range(") {
                let variable = String(text[..<range.lowerBound].dropFirst(4))
                let bound = ScriptExpressionParser.parse(text[range.upperBound...].dropLast(2))
                let body = inner()
                append(bound.map { .count(variable, upTo: $0, body) })
            } else if text.hasSuffix(":") {
                _ = inner()
                append(nil)
            } else {
                append(action(text))
                place += 1
            }
        }
        return statements
    }

    private static func action(_ text: String) -> ScriptAction {
        if text == "pass" { return .nothing }
        if text.hasPrefix("return ") {
            return ScriptExpressionParser.parse(text.dropFirst(7)).map { .give($0) } ?? .unsupported(text)
        }
        if let equals = text.firstRange(of: " = ") {
            let left = text[..<equals.lowerBound].filter { $0 != "(" && $0 != ")" }
            let names = left.split(separator: ",").map { String($0.prefix { $0 != ":" }).trimmed }.filter {
                !$0.isEmpty
            }
            let arePlain = names.allSatisfy { $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }
            if arePlain, let value = ScriptExpressionParser.parse(text[equals.upperBound...]) {
                // `a, = b` takes the only element.
                return .assign(left.contains(",") && names.count == 1 ? names + [""] : names, value)
            }
        }
        return ScriptExpressionParser.parse(text).map { .evaluate($0) } ?? .unsupported(text)
    }
}
