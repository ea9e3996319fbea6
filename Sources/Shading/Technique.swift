import Cells
import Pictures

/// How one picture is drawn in one rectangle.
enum Technique: Hashable {
    /// In colors that are fitted to each cell.
    case colors(ColorTechnique)
    /// By glyphs that ink more or less of each cell.
    case ink(InkTechnique)
    /// Halves, quadrants and eighths, for few colors or none.
    case blocks
}

enum ColorTechnique: Hashable {
    /// The parts of each cell in the two colors that fit best.
    case parts(SubcellGlyphs)
    /// Braille dots in one color a cell.
    case dots
    /// The ASCII glyph, foreground and background that fit best.
    case glyphs
}

enum InkTechnique: Hashable {
    /// The parts of each cell inked or not, each by itself or with what it loses handed on.
    case parts(SubcellGlyphs, isDiffused: Bool)
    /// One of four shades a cell.
    case shades
    /// The ASCII glyph of the nearest shape.
    case shapes
}

extension Shader {
    /// The best technique for a picture in a rectangle, within the mode asked for.
    func technique(for picture: Picture, in rect: Rect) -> Technique {
        let hasColors = profile.depth > .palette8
        switch mode {
        case .half: return hasColors ? .colors(.parts(.halves)) : inked(.halves, picture, rect)
        case .sextant: return hasColors ? .colors(.parts(.sextants)) : inked(.sextants, picture, rect)
        case .quadrant:
            if profile.depth > .palette16 { return .colors(.parts(.quadrants)) }
            return hasColors || !isEnlarged(picture, rect) ? .blocks : inked(.quadrants, picture, rect)
        case .braille: return hasColors ? .colors(.dots) : .ink(.parts(.dots, isDiffused: true))
        case .ascii: return ascii
        case nil where profile.glyphs == .ascii: return ascii
        case nil: return hasColors ? bestInColors(picture, rect) : bestInInk(picture, rect)
        }
    }

    private var ascii: Technique { profile.depth == .none ? .ink(.shapes) : .colors(.glyphs) }

    /// Where the picture has more pixels than the rectangle has half cells, finer glyphs show more of them; elsewhere
    /// they would only be restricted to two colors a cell.
    private func bestInColors(_ picture: Picture, _ rect: Rect) -> Technique {
        guard profile.glyphs >= .blocks else { return .colors(.parts(.halves)) }
        if profile.depth == .palette16 { return .blocks }
        let isReduced = rect.columns < picture.width || 2 * rect.rows < picture.height
        guard isReduced else { return .colors(.parts(.halves)) }
        return .colors(.parts(profile.glyphs == .full ? .sextants : .quadrants))
    }

    /// Up to the picture's own size shapes matter most, beyond it tones.
    private func bestInInk(_ picture: Picture, _ rect: Rect) -> Technique {
        if rect.columns >= 2 * picture.width { return .ink(.shades) }
        if isEnlarged(picture, rect) {
            switch profile.glyphs {
            case .ascii, .console: return .ink(.parts(.halves, isDiffused: true))
            case .blocks: return .ink(.parts(.quadrants, isDiffused: true))
            case .full: return .ink(.parts(.sextants, isDiffused: true))
            }
        }
        return profile.glyphs >= .blocks ? .blocks : .ink(.parts(.halves, isDiffused: false))
    }

    private func inked(_ glyphs: SubcellGlyphs, _ picture: Picture, _ rect: Rect) -> Technique {
        .ink(.parts(glyphs, isDiffused: isEnlarged(picture, rect)))
    }

    private func isEnlarged(_ picture: Picture, _ rect: Rect) -> Bool { rect.columns > picture.width }
}

extension ColorDepth {
    /// By the number of colors.
    fileprivate static func > (left: Self, right: Self) -> Bool {
        allCases.firstIndex(of: left)! > allCases.firstIndex(of: right)!
    }
}
