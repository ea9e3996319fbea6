import Cells
import Foundation
import Testing

@testable import Explorer

@Suite("Class colors")
struct ThemeTests {
    private typealias RGB = SIMD3<Double>

    /// Linear sRGB of an entry of the 256 palette's cube.
    private func linear(_ index: UInt8) -> RGB {
        guard case .rgb(let red, let green, let blue) = ClassColors.color(index, .direct) else { return .zero }
        return RGB(decode(red), decode(green), decode(blue))
    }

    private func decode(_ value: UInt8) -> Double {
        let share = Double(value) / 255
        return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }

    private func product(_ rows: [RGB], _ color: RGB) -> RGB {
        RGB((rows[0] * color).sum(), (rows[1] * color).sum(), (rows[2] * color).sum())
    }

    private func lab(_ linear: RGB) -> RGB {
        let toXYZ = [
            RGB(0.412_456_4, 0.357_576_1, 0.180_437_5), RGB(0.212_672_9, 0.715_152_2, 0.072_175_0),
            RGB(0.019_333_9, 0.119_192_0, 0.950_304_1),
        ]
        let white = RGB(0.950_47, 1, 1.088_83)
        let xyz = product(toXYZ, linear.clamped(lowerBound: .zero, upperBound: .one)) / white
        func f(_ value: Double) -> Double {
            value > 216.0 / 24_389 ? cbrt(value) : (24_389.0 / 27 * value + 16) / 116
        }
        return RGB(116 * f(xyz.y) - 16, 500 * (f(xyz.x) - f(xyz.y)), 200 * (f(xyz.y) - f(xyz.z)))
    }

    private func luminance(_ color: RGB) -> Double { (RGB(0.212_6, 0.715_2, 0.072_2) * color).sum() }

    /// Complete dichromacy, linear sRGB (Machado, Oliveira and Fernandes 2009).
    private let visions: [[RGB]] = [
        [RGB(1, 0, 0), RGB(0, 1, 0), RGB(0, 0, 1)],
        [
            RGB(0.152_286, 1.052_583, -0.204_868), RGB(0.114_503, 0.786_281, 0.099_216),
            RGB(-0.003_882, -0.048_116, 1.051_998),
        ],
        [
            RGB(0.367_322, 0.860_646, -0.227_968), RGB(0.280_085, 0.672_501, 0.047_413),
            RGB(-0.011_820, 0.042_940, 0.968_881),
        ],
        [
            RGB(1.255_528, -0.076_749, -0.178_779), RGB(-0.078_411, 0.930_809, 0.147_602),
            RGB(0.004_733, 0.691_367, 0.303_900),
        ],
    ]

    /// CIEDE2000 (Sharma, Wu and Dalal 2005).
    private func distance(_ one: RGB, _ other: RGB) -> Double {
        func chroma(_ lab: RGB, stretched: Double = 1) -> Double { hypot(lab.y * stretched, lab.z) }
        func share(_ chroma: Double) -> Double { (pow(chroma, 7) / (pow(chroma, 7) + pow(25, 7))).squareRoot() }
        func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
        let stretch = 1 + 0.5 * (1 - share((chroma(one) + chroma(other)) / 2))
        func hue(_ lab: RGB) -> Double {
            let angle = atan2(lab.z, lab.y * stretch) * 180 / .pi
            return angle < 0 ? angle + 360 : angle
        }
        let (chromas, hues) = ([one, other].map { chroma($0, stretched: stretch) }, [hue(one), hue(other)])
        let isGray = chromas[0] * chromas[1] == 0
        var turn = isGray ? 0 : hues[1] - hues[0]
        if abs(turn) > 180 { turn -= turn > 0 ? 360 : -360 }
        var middle = isGray ? hues[0] + hues[1] : (hues[0] + hues[1]) / 2
        if !isGray, abs(hues[0] - hues[1]) > 180 { middle += middle < 180 ? 180 : -180 }
        let (lightness, mean) = ((one.x + other.x) / 2 - 50, (chromas[0] + chromas[1]) / 2)
        let t =
            1 - 0.17 * cos(radians(middle - 30)) + 0.24 * cos(radians(2 * middle))
            + 0.32 * cos(radians(3 * middle + 6)) - 0.2 * cos(radians(4 * middle - 63))
        let bend = exp(-pow((middle - 275) / 25, 2))
        let parts = RGB(
            (other.x - one.x) / (1 + 0.015 * lightness * lightness / (20 + lightness * lightness).squareRoot()),
            (chromas[1] - chromas[0]) / (1 + 0.045 * mean),
            2 * (chromas[0] * chromas[1]).squareRoot() * sin(radians(turn / 2)) / (1 + 0.015 * mean * t))
        let turned = -sin(radians(60 * bend)) * 2 * share(mean) * parts.y * parts.z
        return ((parts * parts).sum() + turned).squareRoot()
    }

    @Test("Distances are those of the formula's published examples")
    func formula() {
        let examples: [(RGB, RGB, Double)] = [
            (RGB(50, 2.6772, -79.7751), RGB(50, 0, -82.7485), 2.0425),
            (RGB(50, 2.5, 0), RGB(56, -27, -3), 31.9030),
            (RGB(60.2574, -34.0099, 36.2677), RGB(60.4626, -34.1751, 39.4387), 1.2644),
            (RGB(22.7233, 20.0904, -46.6940), RGB(23.0331, 14.9730, -42.5619), 2.0373),
        ]
        for (one, other, expected) in examples { #expect(abs(distance(one, other) - expected) < 1e-4) }
    }

    @Test(
        "Color-blind people tell any two of the ten apart",
        arguments: [(ClassColors.onDark, 15.8), (ClassColors.onLight, 11.1), (ClassColors.onEither, 10.9)])
    func distances(colors: [UInt8], bound: Double) {
        #expect(Set(colors).count == 10)
        for vision in visions {
            let labs = colors.map { lab(product(vision, linear($0))) }
            for first in 0..<10 {
                for second in 0..<first { #expect(distance(labs[first], labs[second]) > bound, "\(first) \(second)") }
            }
        }
    }

    /// Linear sRGB of the sixteen as terminals have them unless their owner chose others.
    private let palettes: [[UInt32]] = [
        [
            0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000,
            0x00FF00,
            0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
        ],
        [
            0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA, 0x555555, 0xFF5555,
            0x55FF55,
            0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF,
        ],
        [
            0x2E3436, 0xCC0000, 0x4E9A06, 0xC4A000, 0x3465A4, 0x75507B, 0x06989A, 0xD3D7CF, 0x555753, 0xEF2929,
            0x8AE234,
            0xFCE94F, 0x729FCF, 0xAD7FA8, 0x34E2E2, 0xEEEEEC,
        ],
    ]

    private func linear(_ entry: UInt32) -> RGB {
        RGB(decode(UInt8(entry >> 16)), decode(UInt8(entry >> 8 & 255)), decode(UInt8(entry & 255)))
    }

    @Test(
        "Of sixteen colors too any two that differ are apart, on the usual palettes",
        arguments: [(ClassColors.sixteenOnDark, 10, 11.1), (ClassColors.sixteenOnLight, 8, 9.9)])
    func sixteen(colors: [UInt8?], count: Int, bound: Double) {
        let different = Set(colors.compactMap(\.self)).sorted()
        #expect(different.count == count)
        for palette in palettes {
            let labs = different.map { lab(linear(palette[Int($0)])) }
            for first in labs.indices {
                for second in 0..<first { #expect(distance(labs[first], labs[second]) > bound, "\(first) \(second)") }
            }
        }
    }

    /// WCAG's contrast ratio.
    private func contrast(_ color: RGB, on background: TerminalBackground) -> Double {
        background == .dark ? (luminance(color) + 0.05) / 0.05 : 1.05 / (luminance(color) + 0.05)
    }

    @Test(
        "Each color of 256 has 4.5:1 against a known background, and 3:1 against black and white where it is not known")
    func contrast() {
        let choices = [Theme.accent256, Theme.error256, Theme.brown256, Theme.purple256]
        for color in ClassColors.onDark + choices.map(\.dark) { #expect(contrast(linear(color), on: .dark) >= 4.5) }
        for color in ClassColors.onLight + choices.map(\.light) { #expect(contrast(linear(color), on: .light) >= 4.5) }
        for color in ClassColors.onEither + choices.map(\.either) {
            for background in TerminalBackground.allCases { #expect(contrast(linear(color), on: background) >= 3) }
        }
    }

    @Test("Each color of 16 and 8 has 3:1 on xterm's palette, and where the background is not known on black and white")
    func contrastOfFew() {
        let choices = [Theme.accent8, Theme.error8, Theme.brown8, Theme.purple8]
        func ratio(_ color: UInt8, on background: TerminalBackground) -> Double {
            contrast(linear(palettes[0][Int(color)]), on: background)
        }
        let dark = ClassColors.eightOnDark + ClassColors.sixteenOnDark + choices.map(\.dark)
        for color in dark.compactMap(\.self) { #expect(ratio(color, on: .dark) >= 3, "\(color)") }
        let light = ClassColors.eightOnLight + ClassColors.sixteenOnLight + choices.map(\.light)
        for color in light.compactMap(\.self) { #expect(ratio(color, on: .light) >= 3, "\(color)") }
        let either = ClassColors.eightOnEither + ClassColors.sixteenOnEither + choices.map(\.either)
        for color in either.compactMap(\.self) {
            for background in TerminalBackground.allCases { #expect(ratio(color, on: background) >= 3, "\(color)") }
        }
    }

    @Test("Digits that are often taken for each other never share a color, however few there are")
    func confused() {
        let tables = [
            ClassColors.eightOnDark, ClassColors.eightOnLight, ClassColors.eightOnEither, ClassColors.sixteenOnDark,
            ClassColors.sixteenOnLight, ClassColors.sixteenOnEither,
        ]
        for colors in tables {
            for (one, other) in [(4, 9), (3, 5), (7, 9), (3, 8), (5, 8)] { #expect(colors[one] != colors[other]) }
        }
    }

    @Test("Where the background is not known no class is dimmed: it would be too faint on one of the two")
    func faint() {
        func style(_ background: TerminalBackground?) -> Style {
            let profile = TerminalProfile(depth: .palette256, glyphs: .blocks, background: background)
            return Theme(profile: profile, borders: .line).classStyle(6, .faint)
        }
        #expect(style(nil) == Style(.indexed(103), on: .standard))
        #expect(style(.light) == Style(.indexed(90), on: .standard, .dim))
    }

    @Test("A terminal without colors gets none", arguments: [ColorDepth.none])
    func colorless(depth: ColorDepth) {
        var session = Session(profile: TerminalProfile(depth: depth, glyphs: .blocks), cloud: .blobs)
        session.press(.right, .character("m"))
        session.send(.failed("no"))
        let colors = Set(Screen.canvas(of: session.state).cells.flatMap { [$0.style.foreground, $0.style.background] })
        #expect(colors == [.standard])
    }

    @Test("Few colors are indices that the terminal has", arguments: [(ColorDepth.palette8, 8), (.palette16, 16)])
    func fewColors(depth: ColorDepth, count: Int) {
        let session = Session(profile: TerminalProfile(depth: depth, glyphs: .blocks), cloud: .blobs)
        for cell in Screen.canvas(of: session.state).cells {
            for color in [cell.style.foreground, cell.style.background] {
                switch color {
                case .standard: break
                case .indexed(let index): #expect(Int(index) < count)
                case .rgb: Issue.record("direct color")
                }
            }
        }
    }
}
