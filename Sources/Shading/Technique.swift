import Cells
import Pictures

/// How one picture is drawn in one rectangle.
enum Technique: Hashable {
    /// By glyphs and colors that are fitted together.
    case colors(Glyphs)
    /// By glyphs alone, which ink more or less of each cell.
    case ink(Glyphs)
    /// By one of four shades a cell.
    case shades
}

/// What a cell is divided into.
enum Glyphs: Hashable {
    case halves, quadrants, blocks, sextants, dots, ascii
}

extension Shader {
    /// The best technique for a picture in a rectangle, within the mode asked for.
    func technique(for picture: Picture, in rect: Rect) -> Technique {
        guard let glyphs = mode.map(\.glyphs) ?? bestGlyphs(picture, rect) else { return .shades }
        return profile.depth == .none ? .ink(glyphs) : .colors(glyphs)
    }

    /// Nil stands for shades.
    private func bestGlyphs(_ picture: Picture, _ rect: Rect) -> Glyphs? {
        if profile.glyphs == .ascii { return .ascii }
        return profile.depth > .palette8 ? bestInColors(picture, rect) : bestInInk(picture, rect)
    }

    /// Where the picture has more pixels than the rectangle has half cells, finer glyphs show more of them; elsewhere
    /// they would only be restricted to two colors a cell.
    private func bestInColors(_ picture: Picture, _ rect: Rect) -> Glyphs {
        guard profile.glyphs >= .blocks else { return .halves }
        if profile.depth == .palette16 { return .blocks }
        let isReduced = rect.columns < picture.width || 2 * rect.rows < picture.height
        guard isReduced else { return .halves }
        return profile.glyphs == .full ? .sextants : .quadrants
    }

    /// From twice the picture's size tones matter more than edges, which finer glyphs show better.
    private func bestInInk(_ picture: Picture, _ rect: Rect) -> Glyphs? {
        if rect.columns >= 2 * picture.width { return nil }
        switch profile.glyphs {
        case .ascii, .console: return .halves
        case .blocks: return rect.columns > picture.width ? .quadrants : .blocks
        case .full: return .sextants
        }
    }
}

extension ShadingMode {
    fileprivate var glyphs: Glyphs {
        switch self {
        case .half: .halves
        case .quadrant: .quadrants
        case .block: .blocks
        case .sextant: .sextants
        case .braille: .dots
        case .ascii: .ascii
        }
    }
}

extension ColorDepth {
    /// By the number of colors.
    fileprivate static func > (left: Self, right: Self) -> Bool {
        allCases.firstIndex(of: left)! > allCases.firstIndex(of: right)!
    }
}
