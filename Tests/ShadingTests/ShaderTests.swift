import Cells
import Pictures
import Testing

@testable import Shading

/// A ring on black, drawn by a formula.
private let ring = Picture(
    width: 16, height: 16,
    values: (0..<256).map { place in
        let (x, y) = (Float(place % 16) - 7.5, Float(place / 16) - 7.5)
        let distance = (x * x + y * y).squareRoot()
        return (2 - (distance - 5).magnitude).limitedToUnit
    })

@Suite("Shader")
struct ShaderTests {
    @Test("Without colors, half blocks show the ring")
    func half() {
        #expect(
            drawn(ring, 16, 8, mode: .half, depth: .none).text == """
                       ▄▄
                   ▄████████▄
                  ████▀▀▀▀████
                 ▄███      ███▄
                 ▀███      ███▀
                  ████▄▄▄▄████
                   ▀████████▀
                       ▀▀
                """)
    }

    @Test("Without colors, quadrants and eighths show the ring")
    func quadrants() {
        #expect(
            drawn(ring, 16, 8, mode: .quadrant, depth: .none).text == """
                      ▁▂▂▁
                   ▃▆██████▆▃
                  ▟██▛▀▀▀▀▜██▙
                 ▐██▛      ▜██▍
                 ▐██▙      ▟██▍
                  ▜██▇▄▃▃▄▇██▛
                   ▀▜██████▛▀
                       ▀▀
                """)
    }

    @Test("Without colors, sextants show the ring")
    func sextants() {
        #expect(
            drawn(ring, 12, 6, mode: .sextant, depth: .none, glyphs: .full).text == """
                   🬞🬭🬭🬭🬭🬏
                 🬞🬻██🬎🬎██🬺🬏
                 🬻█🬕    🬨█🬺
                 🬬█🬲    🬷█🬝
                 🬁🬬██🬹🬹██🬝🬀
                   🬁🬂🬂🬂🬂🬀
                """)
    }

    @Test("Without colors, braille shows the ring")
    func braille() {
        #expect(
            drawn(ring, 12, 6, mode: .braille, depth: .none, glyphs: .full).text == """
                   ⢀⣠⣤⣤⣀⡀
                 ⢀⣼⣿⣿⠟⠿⢿⣿⣧⡀
                 ⣺⣿⡏   ⠈⢹⣿⣗
                 ⢻⣿⣧    ⣼⣿⡟
                 ⠈⠻⣿⣿⣶⣵⣿⣿⠟⠁
                   ⠈⠉⠋⠛⠉⠁
                """)
    }

    @Test("Without colors, ASCII glyphs show the ring by their shapes")
    func ascii() {
        #expect(
            drawn(ring, 16, 8, mode: .ascii, depth: .none, glyphs: .ascii).text == """
                      .;;.
                   ;jZSSSSSi;
                  jZZT^^^^TZS|
                 |ZZI      IZI|
                 !ZS|      ]ZI!
                  TSSi;;;;jZZT`
                   ^TSSSSZST^
                      '""'
                """)
    }

    @Test("Without colors, the best from twice the picture's size are shades")
    func shades() {
        #expect(
            drawn(ring, 32, 4, mode: nil, depth: .none).text == """
                      ░░▒▒▒▓▓▓▓▓▓▓▓▓▓▒▒▒░░
                  ░▒▓████▓▒░░░░░░░░░░▒▓████▓▒░
                  ░▒▓████▓▒░░░░░░░░░░▒▓████▓▒░
                      ░░▒▒▒▓▓▓▓▓▓▓▓▓▓▒▒▒░░
                """)
    }
}
