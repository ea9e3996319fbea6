import Pictures
import Testing

@Suite("Contact sheets")
struct ContactSheetTests {
    private func pixels(_ count: Int) -> [Picture] {
        (0..<count).map { Picture(width: 1, height: 1, values: [Float($0 + 1)]) }
    }

    @Test("Few pictures stand in a row, line by line")
    func row() {
        let first = Picture(width: 2, height: 2, values: [1, 2, 3, 4])
        let second = Picture(width: 2, height: 2, values: [5, 6, 7, 8])
        let sheet = Picture.sheet(of: [first, second])
        #expect(sheet == Picture(width: 4, height: 2, values: [1, 2, 5, 6, 3, 4, 7, 8]))
        #expect(Picture.sheet(of: pixels(10)).width == 10)
    }

    @Test("Many make a sheet about as wide as high, in reading order, with black places at the end")
    func rows() {
        let sheet = Picture.sheet(of: pixels(11))
        #expect(sheet == Picture(width: 4, height: 3, values: (1...11).map(Float.init) + [0]))
    }

    @Test("How many stand in a row can be said")
    func columns() {
        #expect(Picture.sheet(of: pixels(11), columns: 11).height == 1)
        #expect(Picture.sheet(of: pixels(3), columns: 2) == Picture(width: 2, height: 2, values: [1, 2, 3, 0]))
    }

    @Test("Colors keep their channels together")
    func colors() {
        let red = Picture(width: 1, height: 1, channels: 3, values: [1, 0, 0])
        let blue = Picture(width: 1, height: 1, channels: 3, values: [0, 0, 1])
        #expect(Picture.sheet(of: [red, blue]).values == [1, 0, 0, 0, 0, 1])
    }
}
