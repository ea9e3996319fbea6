import Cells
import Pictures

/// Draws pictures in cells, as well as a terminal can show them.
///
/// A picture is resampled once, straight to the parts of cells that its glyphs can color apart.
public struct Shader: Sendable {
    /// The mode asked for; nil for the best one at each size.
    public let mode: ShadingMode?
    public let palette: Palette
    public let profile: TerminalProfile

    private let tones: ToneInks
    private let pen: Pen
    private let resampler = Resampler()

    /// - Parameters:
    ///   - mode: nil for the best one for this terminal and the size of each picture. A mode whose glyphs the terminal
    ///     does not have gives way to the best as well.
    ///   - palette: the colors of tones.
    ///   - profile: what the terminal can show.
    public init(mode: ShadingMode?, palette: Palette, profile: TerminalProfile) {
        self.mode = mode.flatMap { Shader.modes(for: profile).contains($0) ? $0 : nil }
        self.palette = palette
        self.profile = profile
        tones = ToneInks(palette: palette, depth: profile.depth)
        pen = Pen(profile: profile)
    }

    /// The modes that a terminal can show, the most useful first.
    public static func modes(for profile: TerminalProfile) -> [ShadingMode] {
        switch profile.glyphs {
        case .ascii: [.ascii]
        case .console: [.half, .ascii]
        case .blocks, .full: [.half, .quadrant, .sextant, .braille, .ascii]
        }
    }

    /// Fills a rectangle with a picture; its proportions are the caller's affair (see
    /// ``fittingSize(of:in:cellRatio:)``).
    public func draw(_ picture: Picture, into canvas: inout Canvas, rect: Rect) {
        guard !rect.isEmpty, picture.width > 0, picture.height > 0 else { return }
        switch technique(for: picture, in: rect) {
        case .ink(let technique): drawInk(picture, technique, into: &canvas, rect)
        case .blocks: drawBlocks(picture, into: &canvas, rect)
        case .colors(let technique) where picture.channels == 3 && palette.isGray && profile.depth == .direct:
            drawColors(technique, inks: DirectInks(), into: &canvas, rect) { colors(of: picture, rect, $0, $1) }
        case .colors(let technique) where picture.channels == 3 && palette.isGray && profile.depth == .palette256:
            drawColors(technique, inks: PaletteInks(), into: &canvas, rect) { colors(of: picture, rect, $0, $1) }
        case .colors(let technique):
            drawColors(technique, inks: tones, into: &canvas, rect) { tones(of: picture, rect, $0, $1) }
        }
    }

    /// - Parameter samples: gives the picture at so many columns and rows of samples for each cell.
    private func drawColors<Colors: Inks>(
        _ technique: ColorTechnique, inks: Colors, into canvas: inout Canvas, _ rect: Rect,
        samples: (_ columns: Int, _ rows: Int) -> [Colors.Value]
    ) {
        switch technique {
        case .parts(let glyphs):
            let fit = TwoColorFit(glyphs: glyphs, inks: inks)
            fit.draw(samples(glyphs.columns, glyphs.rows), into: &canvas, rect: rect)
        case .dots:
            let dots = SubcellGlyphs.dots
            DotDrawing(inks: inks).draw(samples(dots.columns, dots.rows), into: &canvas, rect: rect)
        case .glyphs:
            GlyphFit(inks: inks).draw(samples(GlyphInk.columns, GlyphInk.rows), into: &canvas, rect: rect)
        }
    }

    private func drawInk(_ picture: Picture, _ technique: InkTechnique, into canvas: inout Canvas, _ rect: Rect) {
        switch technique {
        case .parts(let glyphs, let isDiffused):
            var amounts = amounts(of: picture, rect, glyphs.columns, glyphs.rows)
            if isDiffused { amounts = diffused(amounts, width: rect.columns * glyphs.columns) }
            InkDrawing(glyphs: glyphs, pen: pen).draw(amounts, into: &canvas, rect: rect)
        case .shades:
            ShadeDrawing(pen: pen).draw(amounts(of: picture, rect, 1, 1), into: &canvas, rect: rect)
        case .shapes:
            let contrasts = inkTones(of: picture, rect, GlyphInk.columns, GlyphInk.rows).map(pen.contrast)
            ShapeDrawing(pen: pen).draw(contrasts, into: &canvas, rect: rect)
        }
    }

    private func drawBlocks(_ picture: Picture, into canvas: inout Canvas, _ rect: Rect) {
        let side = BlockFit.side
        if profile.depth == .none {
            BlockFit(paint: .pen(pen)).draw(amounts(of: picture, rect, side, side), into: &canvas, rect: rect)
        } else {
            BlockFit(paint: .inks(tones)).draw(tones(of: picture, rect, side, side), into: &canvas, rect: rect)
        }
    }

    // The picture at `columns`×`rows` samples for each cell of the rectangle.

    private func tones(of picture: Picture, _ rect: Rect, _ columns: Int, _ rows: Int) -> [Float] {
        resampler.resample(
            picture.tones, width: picture.width, height: picture.height,
            to: (rect.columns * columns, rect.rows * rows))
    }

    private func amounts(of picture: Picture, _ rect: Rect, _ columns: Int, _ rows: Int) -> [Float] {
        inkTones(of: picture, rect, columns, rows).map(pen.amount)
    }

    /// Tones for a pen, which knows no palette.
    private func inkTones(of picture: Picture, _ rect: Rect, _ columns: Int, _ rows: Int) -> [Float] {
        let tones = tones(of: picture, rect, columns, rows)
        return palette == .inverted ? tones.map { 1 - $0 } : tones
    }

    private func colors(of picture: Picture, _ rect: Rect, _ columns: Int, _ rows: Int) -> [SIMD4<Float>] {
        resampler.resample(
            picture.colors(inverted: palette == .inverted), width: picture.width, height: picture.height,
            to: (rect.columns * columns, rect.rows * rows))
    }
}

extension Picture {
    /// Gray values, or the luma (Rec. 601) of colors.
    fileprivate var tones: [Float] {
        guard channels == 3 else { return values }
        return (0..<width * height).map { pixel in
            0.299 * values[3 * pixel] + 0.587 * values[3 * pixel + 1] + 0.114 * values[3 * pixel + 2]
        }
    }

    /// Red, green, blue and an unused fourth for each pixel of a picture of three channels.
    fileprivate func colors(inverted: Bool) -> [SIMD4<Float>] {
        (0..<width * height).map { pixel in
            let color = SIMD4(values[3 * pixel], values[3 * pixel + 1], values[3 * pixel + 2], 0)
            return inverted ? SIMD4(1, 1, 1, 0) - color : color
        }
    }
}
