import Cells
import Pictures

/// Draws pictures in cells, as well as a terminal can show them.
///
/// A picture is resampled once, straight to the parts of cells that its glyphs can color apart.
public struct Shader: Sendable {
    /// The mode asked for; nil for the best one at each size.
    public let mode: ShadingMode?
    public private(set) var palette: Palette
    public let profile: TerminalProfile

    /// In cells; no screen is nearly as large, and a rectangle that came of a mistake must not take all memory.
    private static let longestSide = 4096

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
        case .blocks, .full: [.half, .quadrant, .block, .sextant, .braille, .ascii]
        }
    }

    /// Fills a rectangle with a picture; its proportions are the caller's affair (see
    /// ``fittingSize(of:in:cellRatio:)``). A picture with opacity lies over the terminal's background.
    public func draw(_ picture: Picture, into canvas: inout Canvas, rect: Rect) {
        guard !rect.isEmpty, picture.width > 0, picture.height > 0, max(rect.columns, rect.rows) <= Self.longestSide
        else { return }
        if picture.hasOpacity {
            let background: Float = profile.hasLightBackground ? 1 : 0
            // In few colors other palettes show tones as grays do.
            if palette.isGray || profile.depth == .direct || profile.depth == .palette256 {
                withoutPalette.drawOpaque(palette.colored(picture).over(background), into: &canvas, rect)
            } else {
                drawOpaque(picture.over(background), into: &canvas, rect)
            }
            canvas.clear(where: picture, in: rect)
        } else {
            drawOpaque(picture, into: &canvas, rect)
        }
    }

    /// Fills a rectangle with a gray picture in shades, one a cell, however many colors there are; in ASCII glyphs where the
    /// terminal has nothing else.
    public func drawShades(_ picture: Picture, into canvas: inout Canvas, rect: Rect) {
        guard !rect.isEmpty, picture.width > 0, picture.height > 0, max(rect.columns, rect.rows) <= Self.longestSide
        else { return }
        guard profile.glyphs != .ascii else { return draw(picture, into: &canvas, rect: rect) }
        ShadeDrawing(pen: pen).draw(amounts(of: picture, rect, 1, 1), into: &canvas, rect: rect)
    }

    /// The colors are the picture's own, whatever the palette.
    private var withoutPalette: Shader {
        var shader = self
        shader.palette = .gray
        return shader
    }

    private func drawOpaque(_ picture: Picture, into canvas: inout Canvas, _ rect: Rect) {
        switch technique(for: picture, in: rect) {
        case .shades: ShadeDrawing(pen: pen).draw(amounts(of: picture, rect, 1, 1), into: &canvas, rect: rect)
        case .ink(let glyphs): drawInk(picture, glyphs, into: &canvas, rect)
        case .colors(let glyphs):
            let set = GlyphSet.colored(glyphs, in: profile.depth)
            let showsOwn = picture.channels == 3 && palette.isGray
            switch profile.depth {
            case .direct where showsOwn:
                draw(colors(of: picture, rect, set), ColorChooser(set: set, inks: DirectInks()), into: &canvas, rect)
            case .palette256 where showsOwn:
                let samples = colors(of: picture, rect, set).map { $0.weighed(luma: PaletteInks.lumaWeight) }
                draw(samples, ColorChooser(set: set, inks: PaletteInks()), into: &canvas, rect)
            case .palette16 where showsOwn, .palette8 where showsOwn:
                let inks = SystemInks(depth: profile.depth, glyphs: glyphs)
                let samples = colors(of: picture, rect, set).map { $0.weighed(luma: inks.lumaWeight) }
                draw(samples, ColorChooser(set: set, inks: inks), into: &canvas, rect)
            default:
                let tones = tones(of: picture, rect, set.columns, set.rows)
                draw(tones, ColorChooser(set: set, inks: self.tones), into: &canvas, rect)
            }
        }
    }

    private func draw<Chooser: CellChooser>(
        _ samples: [Chooser.Value], _ chooser: Chooser, into canvas: inout Canvas, _ rect: Rect
    ) {
        SeenFit(chooser: chooser).draw(samples, into: &canvas, rect: rect)
    }

    private func drawInk(_ picture: Picture, _ glyphs: Glyphs, into canvas: inout Canvas, _ rect: Rect) {
        let set = GlyphSet.inked(glyphs)
        let amounts: [Float]
        let gain: Float
        if glyphs == .ascii {
            // Letters ink a quarter of a cell at most, and with their true tones all would be the densest of them: a
            // compromise between shape (4.5 shows outlines only) and tone (1).
            gain = 2.4
            amounts = inkTones(of: picture, rect, set.columns, set.rows).map(pen.contrast)
        } else {
            // Dots are thinner than the parts that they stand for: a few more of them.
            gain = glyphs == .dots ? 0.85 : 1
            amounts = self.amounts(of: picture, rect, set.columns, set.rows)
        }
        draw(amounts, PenChooser(set: set, pen: pen, gain: gain), into: &canvas, rect)
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

    private func colors(of picture: Picture, _ rect: Rect, _ set: GlyphSet) -> [SIMD4<Float>] {
        resampler.resample(
            picture.colors(inverted: palette == .inverted), width: picture.width, height: picture.height,
            to: (rect.columns * set.columns, rect.rows * set.rows))
    }
}

extension Picture {
    /// Gray values, or the luma (Rec. 601) of colors.
    var tones: [Float] {
        guard channels == 3 else { return values }
        return (0..<width * height).map { Picture.luma(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
    }

    static func luma(_ red: Float, _ green: Float, _ blue: Float) -> Float {
        0.299 * red + 0.587 * green + 0.114 * blue
    }

    /// Red, green, blue and an unused fourth for each pixel of a picture of three channels.
    fileprivate func colors(inverted: Bool) -> [SIMD4<Float>] {
        (0..<width * height).map { pixel in
            let color = SIMD4(values[3 * pixel], values[3 * pixel + 1], values[3 * pixel + 2], 0)
            return inverted ? SIMD4(1, 1, 1, 0) - color : color
        }
    }
}

extension Canvas {
    /// Leaves the terminal's own background where a picture with opacity shows nothing.
    fileprivate mutating func clear(where picture: Picture, in rect: Rect) {
        func pixels(_ place: Int, of count: Int, _ extent: Int) -> Range<Int> {
            let first = place * extent / count
            return first..<max(first + 1, ((place + 1) * extent + count - 1) / count)
        }
        for row in 0..<rect.rows {
            let lines = pixels(row, of: rect.rows, picture.height)
            for column in 0..<rect.columns {
                let isClear = pixels(column, of: rect.columns, picture.width).allSatisfy { x in
                    lines.allSatisfy { y in picture.values[(y * picture.width + x) * 4 + 3] < 1 / 512 }
                }
                if isClear { self[rect.column + column, rect.row + row] = Cell.blank }
            }
        }
    }
}
