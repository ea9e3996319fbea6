import Cells
import Pictures
import Testing

@testable import Explorer

@Suite("Differences of pictures")
struct DifferenceTests {
    private func gray(_ values: [Float], width: Int) -> Picture {
        Picture(width: width, height: values.count / width, values: values)
    }

    @Test("Too bright is orange, too dark is blue, and no difference is the background, dark or light")
    func colors() throws {
        let difference = try #require(
            Difference(of: gray([1, 0, 0.5], width: 3), from: gray([0, 1, 0.5], width: 3)))
        #expect(difference.values == [1, -1, 0])
        let dark = difference.picture(onLight: false)
        #expect(dark.channels == 3 && Array(dark.values[0..<3]) == [1, 0.55, 0.1])
        #expect(Array(dark.values[3..<6]) == [0.2, 0.55, 1] && Array(dark.values[6...]) == [0, 0, 0])
        let light = difference.picture(onLight: true)
        #expect(Array(light.values[6...]) == [1, 1, 1])
        #expect(light.values[0] > light.values[2] && light.values[3] < light.values[5])
    }

    @Test("Without colors signs say it, their weight how much")
    func signs() throws {
        let difference = try #require(
            Difference(
                of: gray([1, 1, 0, 0, 0.5, 0.65], width: 6), from: gray([0, 0, 1, 1, 0.5, 0.5], width: 6)))
        var canvas = Canvas(Size(columns: 6, rows: 1))
        let theme = Theme(profile: .ascii, borders: .ascii)
        difference.drawSigns(into: &canvas, rect: Rect(canvas.size), theme: theme)
        #expect(canvas.text == "++-- +")
        #expect(canvas[0, 0].style == theme.strong && canvas[5, 0].style == theme.faint)
        var half = Canvas(Size(columns: 3, rows: 1))
        difference.drawSigns(into: &half, rect: Rect(half.size), theme: theme)
        #expect(half.text == "+-")
    }

    @Test("Colors differ by the mean of their channels; pictures of different extents do not compare")
    func channels() throws {
        let one = Picture(width: 1, height: 1, channels: 3, values: [1, 0.5, 0])
        let other = Picture(width: 1, height: 1, channels: 3, values: [0, 0.5, 0.4])
        #expect(abs(try #require(Difference(of: one, from: other)).values[0] - 0.2) < 1e-6)
        #expect(Difference(of: one, from: gray([0], width: 1)) == nil)
        #expect(Difference(of: gray([0, 0], width: 1), from: gray([0, 0], width: 2)) == nil)
    }
}
