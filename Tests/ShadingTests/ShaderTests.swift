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
                       ▄ ▄
                   ▄███████▄▄
                  ▄███▀▀ ▀███▄
                 ▄███      ███▄
                 ▄██▄      ▄██▄
                  ████▄ ▄▄████
                   ▀▀███████▀
                      ▀ ▀
                """)
    }

    @Test("Without colors, quadrants and eighths show the ring")
    func blocks() {
        #expect(
            drawn(ring, 16, 8, mode: .block, depth: .none).text == """
                      ▂▂▂▂
                   ▃▟██████▇▃
                  ▆██▛▀▘▀▀▜██▙
                 ▐██▛      ▜██▌
                 ▐██▊      ▟██▍▏
                  ▜██▇▄▃▂▄▟██▛
                   ▀▜██████▛▘
                       ▘▘▘
                """)
    }

    @Test("Without colors, sextants show the ring")
    func sextants() {
        #expect(
            drawn(ring, 12, 6, mode: .sextant, depth: .none, glyphs: .full).text == """
                   🬞🬭🬵🬭🬭🬏
                 🬞🬹██🬬🬎██🬹🬏
                 🬻█🬕    🬨█🬲
                 🬫█🬲    🬷█🬝
                 🬁🬎██🬹🬻🬻█🬎🬀
                   🬁🬂🬂🬆🬂🬀
                """)
    }

    @Test("Without colors, braille shows the ring")
    func braille() {
        #expect(
            drawn(ring, 12, 6, mode: .braille, depth: .none, glyphs: .full).text == """
                   ⢀⣠⣤⣤⣄⡀
                 ⢀⣾⣿⣿⢿⠿⣿⣿⣷⡀
                 ⣾⣿⡟⠁  ⠈⢻⣿⣷
                 ⢿⣿⣧    ⣽⣿⡿
                 ⠘⢻⣿⣿⣷⣾⣿⣿⡿⠁
                   ⠉⠙⠛⠛⠋⠁
                """)
    }

    @Test("Without colors, ASCII glyphs show the ring by their shapes")
    func ascii() {
        #expect(
            drawn(ring, 16, 8, mode: .ascii, depth: .none, glyphs: .ascii).text == """
                      ____
                   i@@M@M@@@i
                  @@MMTT*TMM@@
                 %MMM`     MMML
                 %MM@      @MM%
                  MM@@g__u@@MM`
                   TMMMMMMMMT`
                     '^^T"`
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

    @Test("On a light terminal without colors the ink is dark: the same picture, not its negative")
    func lightBackground() {
        let dark = drawn(gray([[255, 0], [255, 0]]), 2, 1, mode: .half, depth: .none)
        let light = drawn(gray([[255, 0], [255, 0]]), 2, 1, mode: .half, depth: .none, hasLightBackground: true)
        #expect(dark.text == "█")
        #expect(light.text == " █")
        let inverted = drawn(gray([[255, 0], [255, 0]]), 2, 1, mode: .half, palette: .inverted, depth: .none)
        #expect(inverted.text == " █")
    }

    @Test("In eight colors full cells are spaces on white, and every cell has a background of its own")
    func eightColors() {
        let canvas = drawn(ring, 16, 8, mode: nil, depth: .palette8)
        #expect(canvas.cells.allSatisfy { $0.glyph != "█" && $0.style.background != .standard })
        #expect(Set(canvas.cells.map(\.style.background)) == [.indexed(0), .indexed(7)])
    }

    @Test(
        "Each depth uses its own colors only",
        arguments: ColorDepth.allCases, ShadingMode.allCases)
    func depths(depth: ColorDepth, mode: ShadingMode) {
        for palette in Palette.allCases {
            let canvas = drawn(ring, 20, 9, mode: mode, palette: palette, depth: depth, glyphs: .full)
            for color in canvas.cells.flatMap({ [$0.style.foreground, $0.style.background] }) {
                switch (color, depth) {
                case (.standard, _): break
                case (.rgb, .direct): break
                case (.indexed(let index), .palette256): #expect(index >= 16)
                case (.indexed(let index), .palette16): #expect([0, 7, 8, 15].contains(index))
                case (.indexed(let index), .palette8): #expect([0, 7].contains(index))
                default: Issue.record("\(color) in \(depth)")
                }
            }
        }
    }

    @Test("A terminal of ASCII gets ASCII only, whatever is asked for")
    func asciiOnly() {
        for depth in ColorDepth.allCases {
            let canvas = drawn(ring, 20, 9, mode: .braille, depth: depth, glyphs: .ascii)
            #expect(canvas.cells.allSatisfy { $0.glyph.isASCII })
        }
    }

    @Test("The best technique follows the size, the glyphs and the colors")
    func defaults() {
        func technique(_ depth: ColorDepth, _ glyphs: GlyphRepertoire, columns: Int) -> Technique {
            Shader(mode: nil, palette: .gray, profile: TerminalProfile(depth: depth, glyphs: glyphs))
                .technique(for: ring, in: Rect(column: 0, row: 0, columns: columns, rows: columns / 2))
        }
        #expect(technique(.direct, .blocks, columns: 16) == .colors(.halves))
        #expect(technique(.palette256, .blocks, columns: 15) == .colors(.quadrants))
        #expect(technique(.palette256, .full, columns: 15) == .colors(.sextants))
        #expect(technique(.palette256, .console, columns: 15) == .colors(.halves))
        #expect(technique(.palette16, .blocks, columns: 32) == .colors(.blocks))
        #expect(technique(.palette8, .blocks, columns: 16) == .colors(.blocks))
        #expect(technique(.none, .blocks, columns: 16) == .ink(.blocks))
        #expect(technique(.none, .full, columns: 16) == .ink(.sextants))
        #expect(technique(.none, .console, columns: 16) == .ink(.halves))
        #expect(technique(.none, .blocks, columns: 17) == .ink(.quadrants))
        #expect(technique(.none, .full, columns: 31) == .ink(.sextants))
        #expect(technique(.none, .blocks, columns: 32) == .shades)
        #expect(technique(.direct, .ascii, columns: 16) == .colors(.ascii))
        #expect(technique(.none, .ascii, columns: 16) == .ink(.ascii))
    }

    @Test("Each mode draws with its own glyphs, whatever the depth", arguments: ColorDepth.allCases)
    func modes(depth: ColorDepth) {
        func glyphs(_ mode: ShadingMode) -> Set<Unicode.Scalar> {
            Set(drawn(ring, 20, 9, mode: mode, depth: depth, glyphs: .full).cells.map(\.glyph))
        }
        #expect(glyphs(.half).isSubset(of: Set(SubcellGlyphs.halves.glyphs)))
        #expect(glyphs(.quadrant).isSubset(of: Set(SubcellGlyphs.quadrants.glyphs)))
        #expect(glyphs(.sextant).isSubset(of: Set(SubcellGlyphs.sextants.glyphs)))
        #expect(glyphs(.braille).isSubset(of: Set(SubcellGlyphs.dots.glyphs)))
        #expect(glyphs(.block).allSatisfy { $0 == " " || (0x2580...0x259F).contains($0.value) })
        #expect(!glyphs(.block).isSubset(of: Set(SubcellGlyphs.quadrants.glyphs)))
    }

    @Test("Color pictures keep their colors, and maps color their luma")
    func colorPictures() {
        let picture = Picture(width: 1, height: 2, channels: 3, values: [1, 0, 0, 0, 0, 1])
        #expect(drawn(picture, 1, 1)[0, 0] == Cell("▄", Style(.rgb(0, 0, 255), on: .rgb(255, 0, 0))))
        let inverted = drawn(picture, 1, 1, palette: .inverted)[0, 0]
        #expect(inverted == Cell("▄", Style(.rgb(255, 255, 0), on: .rgb(0, 255, 255))))
        let reduced = drawn(picture, 1, 1, depth: .palette256)[0, 0]
        #expect(reduced == Cell("▄", Style(.indexed(21), on: .indexed(196))))
        let few = drawn(picture, 1, 1, depth: .palette16)[0, 0]
        #expect(few == Cell("▄", Style(.indexed(4), on: .indexed(1))))
        let mapped = drawn(picture, 1, 1, palette: .magma)
        #expect(mapped == drawn(gray([[76], [29]]), 1, 1, palette: .magma))
    }

    @Test("Drawing stays inside its rectangle, and a rectangle beyond the canvas is clipped")
    func rectangle() {
        let shader = Shader(mode: .half, palette: .gray, profile: TerminalProfile(depth: .direct, glyphs: .blocks))
        var canvas = Canvas(Size(columns: 6, rows: 4), filledWith: Cell("."))
        shader.draw(ring, into: &canvas, rect: Rect(column: 1, row: 1, columns: 4, rows: 2))
        for row in 0..<4 {
            for column in 0..<6 {
                let isInside = (1...4).contains(column) && (1...2).contains(row)
                #expect((canvas[column, row] == Cell(".")) == !isInside)
            }
        }
        shader.draw(ring, into: &canvas, rect: Rect(column: -3, row: 2, columns: 20, rows: 9))
        shader.draw(ring, into: &canvas, rect: Rect(column: 0, row: 0, columns: 0, rows: 3))
        #expect(canvas[5, 3] != Cell("."))
    }
}
