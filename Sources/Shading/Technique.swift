import Cells
import Pictures

/// How one picture is drawn in one rectangle.
enum Technique: Hashable {
    /// The parts of each cell in the two colors that fit best.
    case twoColors(SubcellGlyphs)
    /// The parts of each cell inked or not, each by itself or with what it loses handed on.
    case inkedParts(SubcellGlyphs, isDiffused: Bool)
    /// Halves, quadrants and eighths in few colors.
    case blocks
    /// One of four shades a cell.
    case shades
}

extension Shader {
    /// The best technique for a picture in a rectangle, within the mode asked for.
    func technique(for picture: Picture, in rect: Rect) -> Technique {
        let hasColors = profile.depth > .palette8
        switch mode {
        case .half: return hasColors ? .twoColors(.halves) : inked(.halves, picture, rect)
        case .sextant: return hasColors ? .twoColors(.sextants) : inked(.sextants, picture, rect)
        case .quadrant:
            if profile.depth > .palette16 { return .twoColors(.quadrants) }
            return hasColors || !isEnlarged(picture, rect) ? .blocks : inked(.quadrants, picture, rect)
        case nil: return hasColors ? bestInColors(picture, rect) : bestInInk(picture, rect)
        }
    }

    /// Where the picture has more pixels than the rectangle has half cells, finer glyphs show more of them; elsewhere
    /// they would only be restricted to two colors a cell.
    private func bestInColors(_ picture: Picture, _ rect: Rect) -> Technique {
        guard profile.glyphs >= .blocks else { return .twoColors(.halves) }
        if profile.depth == .palette16 { return .blocks }
        let isReduced = rect.columns < picture.width || 2 * rect.rows < picture.height
        guard isReduced else { return .twoColors(.halves) }
        return .twoColors(profile.glyphs == .full ? .sextants : .quadrants)
    }

    /// Up to the picture's own size shapes matter most, beyond it tones.
    private func bestInInk(_ picture: Picture, _ rect: Rect) -> Technique {
        if rect.columns >= 2 * picture.width { return .shades }
        if isEnlarged(picture, rect) {
            switch profile.glyphs {
            case .ascii, .console: return .inkedParts(.halves, isDiffused: true)
            case .blocks: return .inkedParts(.quadrants, isDiffused: true)
            case .full: return .inkedParts(.sextants, isDiffused: true)
            }
        }
        return profile.glyphs >= .blocks ? .blocks : .inkedParts(.halves, isDiffused: false)
    }

    private func inked(_ glyphs: SubcellGlyphs, _ picture: Picture, _ rect: Rect) -> Technique {
        .inkedParts(glyphs, isDiffused: isEnlarged(picture, rect))
    }

    private func isEnlarged(_ picture: Picture, _ rect: Rect) -> Bool { rect.columns > picture.width }
}

extension ColorDepth {
    /// By the number of colors.
    fileprivate static func > (left: Self, right: Self) -> Bool {
        allCases.firstIndex(of: left)! > allCases.firstIndex(of: right)!
    }
}
