extension StringProtocol {
    /// The text without what could move a cursor, change a color or hide a letter: control characters, invisible
    /// format characters (such as those that reverse the direction of writing) and line separators are left out;
    /// tabs and line feeds become spaces.
    ///
    /// For every text that comes from a file and is shown: names of files, tensors and classes, metadata.
    public var printable: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control:
                if scalar == "\t" || scalar == "\n" { result.append(" ") }
            case .format, .lineSeparator, .paragraphSeparator, .surrogate:
                break
            default:
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The same of a text that may be of any length: no more than so many characters, with an ellipsis for the rest.
    public func printable(atMost most: Int) -> String {
        // A character may have many scalars; no honest text has many such.
        let start = String(String.UnicodeScalarView(unicodeScalars.prefix(8 * most)))
        let text = start.printable
        let isWhole = text.count <= most && start.unicodeScalars.count == unicodeScalars.count
        return isWhole ? text : text.prefix(most - 1) + "…"
    }
}
