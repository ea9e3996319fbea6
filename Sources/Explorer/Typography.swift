import Cells

/// The signs that words, numbers and frames are set with, as far as the terminal's font can be trusted.
struct Typography: Hashable, Sendable {
    let glyphs: GlyphRepertoire
    let borders: Options.Borders

    init(glyphs: GlyphRepertoire, borders: Options.Borders) {
        self.glyphs = glyphs
        self.borders = glyphs == .ascii ? .ascii : borders
    }

    private var isRich: Bool { glyphs >= .blocks }

    var minus: Unicode.Scalar { isRich ? "−" : "-" }
    var times: String { isRich ? "×" : "x" }
    var ellipsis: String { isRich ? "…" : ".." }
    var dot: Unicode.Scalar { glyphs == .ascii ? "-" : "·" }
    var gridDot: Unicode.Scalar { glyphs == .ascii ? "." : "·" }
    /// Points at what is above it.
    var pointer: Unicode.Scalar { isRich ? "▲" : "^" }
    var trailDot: Unicode.Scalar { isRich ? "•" : "*" }
    /// The densest place of a distribution.
    var modeMark: Unicode.Scalar { isRich ? "×" : "x" }
    var mean: String { glyphs == .ascii ? "mu" : "μ" }
    var deviation: String { glyphs == .ascii ? "sigma" : "σ" }
    var plusMinus: String { isRich ? "±" : "+-" }
    var micro: String { glyphs == .ascii ? "u" : "µ" }

    /// z₀, z₁ …
    func latent(_ number: Int) -> String { numbered("z", number) }

    /// A letter with a number below the line.
    func numbered(_ letter: String, _ number: Int) -> String {
        guard isRich else { return "\(letter)\(number)" }
        let digits = String(number).unicodeScalars.map { Unicode.Scalar(0x2080 + $0.value - 0x30) ?? $0 }
        return letter + String(String.UnicodeScalarView(digits))
    }

    /// Text with the signs that this font has.
    func worded(_ text: String) -> String {
        guard !isRich else { return text }
        let plain = [
            "−": "-", "×": "x", "±": "+-", "√": "root of ", "JᵀJ": "J'J", "β": "beta", "μ": mean, "σ": deviation,
            "…": "..", "“": "\"", "”": "\"",
        ]
        return plain.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }

    func quoted(_ text: String) -> String { isRich ? "“\(text)”" : "\"\(text)\"" }

    // Frames.
    private func line(_ drawn: Unicode.Scalar, _ plain: Unicode.Scalar) -> Unicode.Scalar {
        borders == .line ? drawn : plain
    }
    var horizontal: Unicode.Scalar { line("─", "-") }
    var vertical: Unicode.Scalar { line("│", "|") }
    var upperLeft: Unicode.Scalar { line("┌", "+") }
    var upperRight: Unicode.Scalar { line("┐", "+") }
    var lowerLeft: Unicode.Scalar { line("└", "+") }
    var lowerRight: Unicode.Scalar { line("┘", "+") }
    // What marks something among pictures has to be seen beside them.
    private func heavy(_ drawn: Unicode.Scalar, _ plain: Unicode.Scalar) -> Unicode.Scalar {
        borders == .line && isRich ? drawn : plain
    }
    var heavyHorizontal: Unicode.Scalar { heavy("━", "=") }
    var heavyVertical: Unicode.Scalar { heavy("┃", "|") }
    var heavyUpperLeft: Unicode.Scalar { heavy("┏", "+") }
    var heavyUpperRight: Unicode.Scalar { heavy("┓", "+") }
    var heavyLowerLeft: Unicode.Scalar { heavy("┗", "+") }
    var heavyLowerRight: Unicode.Scalar { heavy("┛", "+") }
    var leftTee: Unicode.Scalar { line("├", "+") }
    /// Before a number on the border, where "+" would be read as its sign.
    var leftTick: Unicode.Scalar { line("├", "|") }
    var rightTee: Unicode.Scalar { line("┤", "+") }
    var downTee: Unicode.Scalar { line("┬", "+") }
    var upTee: Unicode.Scalar { line("┴", "+") }
    var cross: Unicode.Scalar { line("┼", "+") }

    /// A bar of `share` (0…1) of `width` cells, in eighths where the font has them; never quite nothing for a share
    /// above a hundredth.
    func bar(_ share: Float, width: Int) -> String {
        let parts = isRich ? 8 : (glyphs == .console ? 2 : 1)
        let full = Float(width * parts)
        let wanted = Int((max(0, min(1, share)) * full).rounded())
        let units = share > 0.01 ? max(1, wanted) : wanted
        let whole: Unicode.Scalar = glyphs == .ascii ? "#" : "█"
        var scalars = Array(repeating: whole, count: units / parts)
        switch (parts, units % parts) {
        case (_, 0): break
        case (8, let eighths): scalars.append(Unicode.Scalar(UInt32(0x2590 - eighths)) ?? "▌")
        default: scalars.append("▌")
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
