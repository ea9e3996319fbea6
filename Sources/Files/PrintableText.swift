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
}
