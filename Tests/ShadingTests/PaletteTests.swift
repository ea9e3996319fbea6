import Cells
import Testing

@testable import Shading

@Suite("Palettes")
struct PaletteTests {
    @Test(
        "viridis and magma have matplotlib's colors, within 2 of 255",
        arguments: [
            (Palette.viridis, Float(0), [68, 1, 84]), (.viridis, 0.25, [59, 82, 139]), (.viridis, 0.5, [33, 145, 140]),
            (.viridis, 0.75, [94, 201, 98]), (.viridis, 1, [253, 231, 37]), (.magma, 0, [0, 0, 4]),
            (.magma, 0.25, [81, 18, 124]), (.magma, 0.5, [183, 55, 121]), (.magma, 0.75, [252, 137, 97]),
            (.magma, 1, [252, 253, 191]),
        ])
    func maps(palette: Palette, tone: Float, expected: [Int]) {
        let color = palette.color(of: tone)
        for (found, wanted) in zip([color.red, color.green, color.blue], expected) {
            #expect(abs(found * 255 - Float(wanted)) <= 2.5)
        }
    }

    @Test("Gray, inverted and two-tone begin and end where they should, and limit what is beyond")
    func ends() {
        #expect(Color(Palette.gray.color(of: 2)) == .rgb(255, 255, 255))
        #expect(Color(Palette.inverted.color(of: 1)) == .rgb(0, 0, 0))
        #expect(Color(Palette.twoTone.color(of: -1)) == .rgb(16, 24, 64))
        #expect(Color(Palette.twoTone.color(of: 1)) == .rgb(255, 236, 208))
        #expect(Color(Palette.gray.color(of: .nan)) == .rgb(0, 0, 0))
    }

    @Test("Every map but inverted grows lighter", arguments: [Palette.gray, .viridis, .magma, .twoTone])
    func lightness(palette: Palette) {
        let lightness = (0...64).map { step -> Float in
            let color = palette.color(of: Float(step) / 64)
            return 0.299 * color.red + 0.587 * color.green + 0.114 * color.blue
        }
        #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("The nearest of the 256 colors is the nearest of them all")
    func nearest256() {
        let levels: [Float] = [0, 95, 135, 175, 215, 255]
        var entries: [SIMD4<Float>] = []
        for red in levels { for green in levels { for blue in levels { entries.append(SIMD4(red, green, blue, 0)) } } }
        for step in 0..<24 { entries.append(SIMD4(SIMD3(repeating: 8 + 10 * Float(step)), 0)) }
        var noise = Noise(seed: 1)
        for _ in 0..<500 {
            let color = SIMD4(noise.next(), noise.next(), noise.next(), 0)
            let found = TerminalPalette.nearest256(color)
            let best = entries.map { ($0 * (1 / 255) - color).squaredLength }.min()!
            #expect(abs((found.value - color).squaredLength - best) < 1e-6)
            let entry = entries[Int(found.index) - 16]
            #expect((entry * (1 / 255) - found.value).squaredLength < 1e-6)
        }
    }

    @Test("256 colors have thirty grays, sixteen have four, eight have two")
    func grayCounts() {
        #expect(ToneInks(palette: .gray, depth: .palette256).inks.count == 30)
        #expect(ToneInks(palette: .gray, depth: .palette16).inks.map(\.color) == [0, 8, 7, 15].map(Color.indexed))
        #expect(ToneInks(palette: .inverted, depth: .palette8).inks.map(\.color) == [7, 0].map(Color.indexed))
    }

    @Test("In direct color no more tones are used than a terminal library has pairs for")
    func directTones() {
        let colors = Set(ToneInks(palette: .magma, depth: .direct).inks.map(\.color))
        #expect(colors.count <= 240 && colors.count > 200)
    }
}
