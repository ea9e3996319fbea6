import Cells
import Foundation
import Testing

@testable import Explorer

@Suite("Class colors")
struct ThemeTests {
    private typealias RGB = SIMD3<Double>

    /// Linear sRGB of an entry of the 256 palette's cube.
    private func linear(_ index: UInt8) -> RGB {
        guard case .rgb(let red, let green, let blue) = Theme.direct(index) else { return .zero }
        func decode(_ value: UInt8) -> Double {
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return RGB(decode(red), decode(green), decode(blue))
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

    @Test(
        "Color-blind people tell any two of the ten apart",
        arguments: [Theme.onDark, Theme.onLight])
    func distances(colors: [UInt8]) {
        #expect(Set(colors).count == 10)
        for vision in visions {
            let labs = colors.map { lab(product(vision, linear($0))) }
            for first in 0..<10 {
                for second in 0..<first {
                    let difference = labs[first] - labs[second]
                    #expect((difference * difference).sum().squareRoot() > 20)
                }
            }
        }
    }

    @Test("Each is at least 4.5:1 against its background")
    func contrast() {
        for color in Theme.onDark { #expect((luminance(linear(color)) + 0.05) / 0.05 >= 4.5) }
        for color in Theme.onLight { #expect(1.05 / (luminance(linear(color)) + 0.05) >= 4.5) }
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
