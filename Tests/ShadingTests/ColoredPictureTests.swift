import Pictures
import Testing

@testable import Shading

@Suite("Pictures in a palette's colors")
struct ColoredPictureTests {
    private let gray = Picture(width: 3, height: 1, values: [0, 0.5, 1])

    @Test("A map colors the tones of a gray picture, and scales of grays leave it gray")
    func tones() {
        let colored = Palette.viridis.colored(gray)
        #expect(colored.channels == 3 && colored.width == 3 && colored.height == 1)
        for (pixel, tone) in [0, Float(128) / 255, 1].enumerated() {
            let (red, green, blue) = Palette.viridis.color(of: tone)
            #expect(Array(colored.pixel(pixel, 0)) == [red, green, blue])
        }
        #expect(Palette.gray.colored(gray) == gray)
        #expect(Palette.inverted.colored(gray) == Picture(width: 3, height: 1, values: [1, 0.5, 0]))
    }

    @Test("A picture in color keeps its colors under gray, and shows its luma under a map")
    func colors() {
        let picture = Picture(width: 1, height: 1, channels: 3, values: [1, 0, 0.5])
        #expect(Palette.gray.colored(picture) == picture)
        #expect(Palette.inverted.colored(picture).values == [0, 1, 0.5])
        let (red, green, blue) = Palette.magma.color(of: Float(91) / 255)
        #expect(Palette.magma.colored(picture).values == [red, green, blue])
    }

    @Test("There are never more than 256 colors, and what is beyond or no number is limited")
    func limits() {
        let values = (0..<4000).map { Float($0) / 3000 - 0.1 } + [.nan, .infinity]
        let colored = Palette.twoTone.colored(Picture(width: values.count, height: 1, values: values))
        let colors = Set((0..<values.count).map { Array(colored.pixel($0, 0)) })
        #expect(colors.count == 256)
        #expect(colored.pixel(4000, 0) == colored.pixel(0, 0))
        #expect(colored.pixel(4001, 0) == colored.pixel(3999, 0))
    }
}
