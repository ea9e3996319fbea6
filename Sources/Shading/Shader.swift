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
        case .ascii, .console: [.half]
        case .blocks, .full: [.half, .quadrant, .sextant]
        }
    }

    /// Fills a rectangle with a picture; its proportions are the caller's affair (see
    /// ``fittingSize(of:in:cellRatio:)``).
    public func draw(_ picture: Picture, into canvas: inout Canvas, rect: Rect) {
        guard !rect.isEmpty, picture.width > 0, picture.height > 0 else { return }
        switch technique(for: picture, in: rect) {
        case .twoColors(let glyphs):
            drawTwoColors(picture, glyphs, into: &canvas, rect)
        case .inkedParts(let glyphs, let isDiffused):
            let amounts = amounts(of: picture, rect, glyphs.columns, glyphs.rows)
            let width = rect.columns * glyphs.columns
            InkDrawing(glyphs: glyphs, pen: pen).draw(
                isDiffused ? diffused(amounts, width: width, steps: 1) : amounts, into: &canvas, rect: rect)
        case .blocks:
            let side = BlockFit.side
            if profile.depth == .none {
                BlockFit(paint: .pen(pen)).draw(amounts(of: picture, rect, side, side), into: &canvas, rect: rect)
            } else {
                BlockFit(paint: .inks(tones)).draw(tones(of: picture, rect, side, side), into: &canvas, rect: rect)
            }
        case .shades:
            ShadeDrawing(pen: pen).draw(amounts(of: picture, rect, 1, 1), into: &canvas, rect: rect)
        }
    }

    private func drawTwoColors(_ picture: Picture, _ glyphs: SubcellGlyphs, into canvas: inout Canvas, _ rect: Rect) {
        let showsColors = picture.channels == 3 && palette.isGray
        if showsColors, profile.depth == .direct {
            let samples = colors(of: picture, rect, glyphs.columns, glyphs.rows)
            TwoColorFit(glyphs: glyphs, inks: DirectInks()).draw(samples, into: &canvas, rect: rect)
        } else if showsColors, profile.depth == .palette256 {
            let samples = colors(of: picture, rect, glyphs.columns, glyphs.rows)
            TwoColorFit(glyphs: glyphs, inks: PaletteInks()).draw(samples, into: &canvas, rect: rect)
        } else {
            let samples = tones(of: picture, rect, glyphs.columns, glyphs.rows)
            TwoColorFit(glyphs: glyphs, inks: tones).draw(samples, into: &canvas, rect: rect)
        }
    }

    // The picture at `columns`×`rows` samples for each cell of the rectangle.

    private func tones(of picture: Picture, _ rect: Rect, _ columns: Int, _ rows: Int) -> [Float] {
        resampler.resample(
            picture.tones, width: picture.width, height: picture.height,
            to: (rect.columns * columns, rect.rows * rows))
    }

    private func amounts(of picture: Picture, _ rect: Rect, _ columns: Int, _ rows: Int) -> [Float] {
        let isInverted = palette == .inverted
        return tones(of: picture, rect, columns, rows).map { pen.amount(of: isInverted ? 1 - $0 : $0) }
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
