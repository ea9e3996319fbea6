import Cells
import Shading
import Testing

@Suite("Fitting size")
struct FittingSizeTests {
    private func size(_ width: Int, _ height: Int, in columns: Int, _ rows: Int, ratio: Double = 2) -> Size {
        Shader.fittingSize(of: (width, height), in: Size(columns: columns, rows: rows), cellRatio: ratio)
    }

    @Test("The largest whole multiple of the picture's pixels is taken where one fits")
    func wholeMultiples() {
        #expect(size(28, 28, in: 30, 20) == Size(columns: 28, rows: 14))
        #expect(size(28, 28, in: 83, 50) == Size(columns: 56, rows: 28))
        #expect(size(28, 28, in: 200, 42) == Size(columns: 84, rows: 42))
        #expect(size(28, 28, in: 200, 41) == Size(columns: 56, rows: 28))
    }

    @Test("Below one to one the picture is as large as its proportions allow")
    func reduced() {
        #expect(size(28, 28, in: 20, 20) == Size(columns: 20, rows: 10))
        #expect(size(28, 28, in: 100, 5) == Size(columns: 10, rows: 5))
        #expect(size(200, 20, in: 10, 10) == Size(columns: 10, rows: 1))
        #expect(size(1000, 1, in: 5, 5) == Size(columns: 5, rows: 1))
    }

    @Test("Cells that are nearly twice as high as wide count as such; others keep the proportions")
    func ratios() {
        #expect(size(28, 28, in: 30, 20, ratio: 2.2) == Size(columns: 28, rows: 14))
        #expect(size(28, 28, in: 60, 60, ratio: 1) == Size(columns: 56, rows: 56))
        #expect(size(28, 28, in: 30, 20, ratio: 3) == Size(columns: 30, rows: 10))
        #expect(size(28, 28, in: 30, 20, ratio: .nan) == Size(columns: 28, rows: 14))
    }

    @Test("An odd height takes half a cell more")
    func oddHeight() {
        #expect(size(3, 3, in: 3, 3) == Size(columns: 3, rows: 2))
    }

    @Test("No room, no size")
    func empty() {
        #expect(size(28, 28, in: 0, 10) == Size(columns: 0, rows: 0))
        #expect(size(0, 28, in: 10, 10) == Size(columns: 0, rows: 0))
    }
}
