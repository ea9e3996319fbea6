/// Text that came from a file, fit for cells: one scalar takes one cell, and nothing acts on the terminal.
///
/// Control and format characters and marks that combine with others are left out; letters two cells wide, which would
/// push all that follows out of its column, become "?".
func cellText(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .nonspacingMark, .enclosingMark:
            continue
        default: result.append(isWide(scalar) ? "?" : scalar)
        }
    }
    return String(result)
}

/// The blocks whose letters are two cells wide (East Asian Width W and F, Unicode Annex 11).
private func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
        0x1F900...0x1FAFF, 0x20000...0x3FFFD:
        true
    default: false
    }
}
