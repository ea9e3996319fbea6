import Cells
import Pictures
import Testing

@testable import Shading

@Suite("Opacity")
struct OpacityTests {
    /// A disc of some color, opaque in its middle, with nothing around it.
    private static let disc = Picture(
        width: 16, height: 16, channels: 4,
        values: (0..<256).flatMap { place -> [Float] in
            let (x, y) = (Float(place % 16) - 7.5, Float(place / 16) - 7.5)
            return [0.9, 0.4, 0.2, (6 - (x * x + y * y).squareRoot()).limitedToUnit]
        })

    private func drawn(
        _ picture: Picture, mode: ShadingMode = .half, palette: Palette = .gray, depth: ColorDepth, isLight: Bool
    ) -> Canvas {
        var canvas = Canvas(Size(columns: 16, rows: 8), filledWith: Cell("x"))
        let profile = TerminalProfile(
            depth: depth, glyphs: mode == .sextant ? .full : .blocks, background: isLight ? .light : .dark)
        Shader(mode: mode, palette: palette, profile: profile).draw(picture, into: &canvas, rect: Rect(canvas.size))
        return canvas
    }

    @Test(
        "A picture with opacity lies over the terminal's background, and leaves it where it shows nothing",
        arguments: [ColorDepth.direct, .palette256, .palette16, .none],
        [ShadingMode.half, .quadrant, .sextant, .ascii])
    func over(depth: ColorDepth, mode: ShadingMode) {
        for isLight in [false, true] {
            let canvas = drawn(Self.disc, mode: mode, depth: depth, isLight: isLight)
            let opaque = drawn(Self.disc.over(isLight ? 1 : 0), mode: mode, depth: depth, isLight: isLight)
            for place in [(0, 0), (15, 0), (0, 7), (15, 7), (1, 1)] {
                #expect(canvas[place.0, place.1] == Cell.blank)
            }
            for row in 2..<6 {
                for column in 4..<12 { #expect(canvas[column, row] == opaque[column, row]) }
            }
        }
    }

    private func opacities(of picture: Picture) -> [Float] {
        stride(from: 3, to: picture.values.count, by: 4).map { picture.values[$0] }
    }

    @Test("Color maps and inversion change the colors, never the opacity")
    func palettes() {
        for palette in Palette.allCases {
            let colored = palette.colored(Self.disc)
            #expect(colored.hasOpacity)
            #expect(opacities(of: colored) == opacities(of: Self.disc))
            let canvas = drawn(Self.disc, palette: palette, depth: .direct, isLight: false)
            #expect(canvas[0, 0] == Cell.blank)
            let own = drawn(colored.over(0), depth: .direct, isLight: false)
            #expect(canvas[8, 4] == own[8, 4])
        }
        let inverted = Palette.inverted.colored(Self.disc).values.prefix(3)
        for (value, expected) in zip(inverted, [Float(0.1), 0.6, 0.8]) { #expect(abs(value - expected) < 1e-6) }
    }
}
