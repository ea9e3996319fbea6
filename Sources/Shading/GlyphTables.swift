import Cells

extension SubcellGlyphs {
    /// Braille patterns: 2×4 dots. Unicode numbers the dots of the upper three rows down the columns, and the lowest
    /// row after them.
    static let dots = SubcellGlyphs(
        columns: 2, rows: 4,
        glyphs: (0..<256).map { mask in
            if mask == 0 { return " " }
            let bits: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
            let pattern = bits.indices.reduce(0) { $0 | (mask & (1 << $1) != 0 ? bits[$1] : 0) }
            return Unicode.Scalar(0x2800 + pattern)!
        })

    /// How much of its part a braille dot inks: a disc of 0.18 of a cell's width in radius.
    static let dotInk: Float = 0.41
}

extension GlyphSet {
    // More of it brings a drawing nearer to the truth pixel for pixel, less of it as an eye sees it: on digits in sextants,
    // direct color, 28×14 cells, 24.0 dB and 42.1 dB with 0.05, 24.4 and 39.6 with 0.2, 24.5 and 38.4 with 0.5.
    private static let sharpness: Float = 0.2
    // Where colors are mixed of neighbors each part alone is wrong anyway: digits in blocks, eight colors, 40×20 cells, 31.1 dB
    // with 0.2 and 32.5 with 0.05; color pictures in sextants, 256 colors, 28×14, 32.6 and 34.3.
    private static let mixing: Float = 0.05
    private static let dither: Float = 0.1

    /// The glyphs with two free colors, of as many as there are.
    static func colored(_ glyphs: Glyphs, in depth: ColorDepth = .direct) -> GlyphSet {
        // Halves in 256 colors show nearly every color, and would be rougher for it.
        let isFine = depth == .direct || depth == .palette256 && glyphs == .halves
        return (isFine ? coloredSets : mixedSets)[glyphs]!
    }
    /// The glyphs in ink on paper.
    static func inked(_ glyphs: Glyphs) -> GlyphSet { inkedSets[glyphs]! }

    private static let coloredSets = coloredSets(sharpness: sharpness)
    private static let mixedSets = coloredSets(sharpness: mixing)

    private static func coloredSets(sharpness: Float) -> [Glyphs: GlyphSet] {
        [
            .halves: GlyphSet(.halves, isPaired: true, sharpness: sharpness),
            .quadrants: GlyphSet(.quadrants, isPaired: true, sharpness: sharpness),
            .sextants: GlyphSet(.sextants, isPaired: true, sharpness: sharpness),
            .blocks: GlyphSet(blocksPaired: true, sharpness: sharpness),
            .dots: GlyphSet(dotsWithSharpness: sharpness),
            .ascii: GlyphSet(asciiWithSharpness: sharpness),
        ]
    }

    private static let inkedSets: [Glyphs: GlyphSet] = [
        .halves: GlyphSet(.halves, isPaired: false, sharpness: dither),
        .quadrants: GlyphSet(.quadrants, isPaired: false, sharpness: dither),
        .sextants: GlyphSet(.sextants, isPaired: false, sharpness: dither),
        .blocks: GlyphSet(blocksPaired: false, sharpness: dither),
        .dots: GlyphSet(.dots, isPaired: false, sharpness: dither),
        .ascii: GlyphSet(asciiWithSharpness: dither),
    ]
}
