import Cells
import Testing

@testable import Shading

/// Numbers in 0…1 that are the same in every run (a linear congruential generator).
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24)
    }
}

@Suite("Fits against brute force")
struct FitTests {
    private static let grays = ToneInks(palette: .gray, depth: .palette16)

    /// The tone of one of the sixteen colors.
    private func tone(_ color: Color) -> Float {
        Self.grays.inks.first { $0.color == color }?.value ?? .nan
    }

    private func draw(_ size: Size, _ body: (inout Canvas, Rect) -> Void) -> Canvas {
        var canvas = Canvas(size)
        body(&canvas, Rect(size))
        return canvas
    }

    /// The squared error of a cell whose glyph inks each sample by so much.
    private func error(_ samples: [Float], ink: [Float], _ foreground: Float, _ background: Float) -> Float {
        zip(samples, ink).reduce(0) {
            let difference = $1.0 - background - (foreground - background) * $1.1
            return $0 + difference * difference
        }
    }

    @Test(
        "Two colors and their division are the best of all pairs and masks",
        arguments: [SubcellGlyphs.halves, .quadrants, .sextants])
    func twoColors(glyphs: SubcellGlyphs) throws {
        var noise = Noise(seed: 7)
        for _ in 0..<200 {
            let samples = (0..<glyphs.count).map { _ in noise.next() }
            let cell = draw(Size(columns: 1, rows: 1)) {
                TwoColorFit(glyphs: glyphs, inks: Self.grays).draw(samples, into: &$0, rect: $1)
            }[0, 0]
            let mask = try #require(glyphs.glyphs.firstIndex(of: cell.glyph))
            func ink(_ mask: Int) -> [Float] { samples.indices.map { mask & (1 << $0) != 0 ? 1 : 0 } }
            let background = tone(cell.style.background)
            let foreground = mask == 0 ? background : tone(cell.style.foreground)
            let found = error(samples, ink: ink(mask), foreground, background)
            var best = Float.infinity
            for mask in 0..<1 << glyphs.count {
                for first in Self.grays.inks {
                    for second in Self.grays.inks {
                        best = min(best, error(samples, ink: ink(mask), first.value, second.value))
                    }
                }
            }
            #expect(abs(found - best) < 1e-4)
        }
    }

    @Test("In direct color the division of a cell's colors is the best of all")
    func twoDirectColors() throws {
        var noise = Noise(seed: 3)
        let glyphs = SubcellGlyphs.sextants
        for _ in 0..<50 {
            let samples = (0..<6).map { _ in SIMD4(noise.next(), noise.next(), noise.next(), 0) }
            func error(_ mask: Int) -> Float {
                [true, false].reduce(0) { sum, isInside in
                    let group = samples.indices.filter { (mask & (1 << $0) != 0) == isInside }.map { samples[$0] }
                    let mean = group.reduce(.zero, +) * (1 / Float(max(1, group.count)))
                    return sum + group.reduce(0) { $0 + ($1 - mean).squaredLength }
                }
            }
            let cell = draw(Size(columns: 1, rows: 1)) {
                TwoColorFit(glyphs: glyphs, inks: DirectInks()).draw(samples, into: &$0, rect: $1)
            }[0, 0]
            let mask = try #require(glyphs.glyphs.firstIndex(of: cell.glyph))
            #expect(error(mask) < (0..<64).map(error).min()! + 1e-4)
        }
    }

    /// The samples of 8×8 that a block element inks, from its name in Unicode.
    private func inked(_ glyph: Unicode.Scalar) -> [Float] {
        let quadrants = SubcellGlyphs.quadrants.glyphs.firstIndex(of: glyph)
        return (0..<64).map { place in
            let (row, column) = (place / 8, place % 8)
            let isInked: Bool
            if let quadrants {
                isInked = quadrants & (1 << (row / 4 * 2 + column / 4)) != 0
            } else if (0x2581...0x2587).contains(glyph.value) {
                isInked = row >= 8 - Int(glyph.value - 0x2580)
            } else {
                isInked = column < 8 - Int(glyph.value - 0x2588)
            }
            return isInked ? 1 : 0
        }
    }

    @Test("Blocks and colors are the best of all, with colors and with ink alone")
    func blocks() {
        var noise = Noise(seed: 11)
        let glyphs = ([0x20] + Array(0x2580...0x258F) + Array(0x2596...0x259F)).compactMap(Unicode.Scalar.init)
        let all = (glyphs + ["▐"]).map { ($0, inked($0)) }
        let pen = Pen(profile: TerminalProfile(depth: .none, glyphs: .blocks))
        for _ in 0..<60 {
            // A soft edge of any direction, so that eighths matter.
            let (a, b, c) = (noise.next() - 0.5, noise.next() - 0.5, noise.next())
            let samples = (0..<64).map { (c + a * Float($0 % 8) / 4 + b * Float($0 / 8) / 4).limitedToUnit }
            let one = Size(columns: 1, rows: 1)
            let colored = draw(one) { BlockFit(paint: .inks(Self.grays)).draw(samples, into: &$0, rect: $1) }[0, 0]
            let background = tone(colored.style.background)
            let foreground = colored.glyph == " " ? background : tone(colored.style.foreground)
            let found = error(samples, ink: inked(colored.glyph), foreground, background)
            var best = Float.infinity
            for (_, ink) in all {
                for first in Self.grays.inks {
                    for second in Self.grays.inks {
                        best = min(best, error(samples, ink: ink, first.value, second.value))
                    }
                }
            }
            #expect(abs(found - best) < 1e-3)

            let plain = draw(one) { BlockFit(paint: .pen(pen)).draw(samples, into: &$0, rect: $1) }[0, 0]
            let least = all.map { error(samples, ink: $0.1, 1, 0) }.min()!
            #expect(abs(error(samples, ink: inked(plain.glyph), 1, 0) - least) < 1e-3)
        }
    }

    @Test("ASCII glyph, foreground and background are the best of all in sixteen colors")
    func glyphs() throws {
        var noise = Noise(seed: 5)
        for _ in 0..<60 {
            let samples = (0..<6).map { _ in noise.next() }
            let cell = draw(Size(columns: 1, rows: 1)) {
                GlyphFit(inks: Self.grays).draw(samples, into: &$0, rect: $1)
            }[0, 0]
            let ink = try #require(GlyphInk.ascii.first { $0.glyph == cell.glyph }).parts
            let background = tone(cell.style.background)
            let foreground = cell.glyph == " " ? background : tone(cell.style.foreground)
            let found = error(samples, ink: ink, foreground, background)
            var best = Float.infinity
            for glyph in GlyphInk.ascii {
                for first in Self.grays.inks {
                    for second in Self.grays.inks {
                        best = min(best, error(samples, ink: glyph.parts, first.value, second.value))
                    }
                }
            }
            #expect(found < best + 1e-3)
        }
    }

    @Test("With colors enough, the ASCII fit comes close to the best of a fine search")
    func regressed() throws {
        var noise = Noise(seed: 23)
        let tones = ToneInks(palette: .gray, depth: .direct)
        let steps = (0...20).map { Float($0) / 20 }
        for _ in 0..<10 {
            let samples = (0..<6).map { _ in noise.next() }
            let cell = draw(Size(columns: 1, rows: 1)) {
                GlyphFit(inks: tones).draw(samples, into: &$0, rect: $1)
            }[0, 0]
            let ink = try #require(GlyphInk.ascii.first { $0.glyph == cell.glyph }).parts
            func tone(_ color: Color) -> Float { tones.inks.first { $0.color == color }?.value ?? .nan }
            let background = tone(cell.style.background)
            let foreground = cell.glyph == " " ? background : tone(cell.style.foreground)
            var best = Float.infinity
            for glyph in GlyphInk.ascii {
                for first in steps {
                    for second in steps { best = min(best, error(samples, ink: glyph.parts, first, second)) }
                }
            }
            #expect(error(samples, ink: ink, foreground, background) < best + 0.02)
        }
    }
}
