import Cells
import Testing

@testable import Explorer

@Suite("Layout")
struct LayoutTests {
    @Test(
        "The picture gets a whole multiple of its pixels, the plane the rest",
        arguments: [
            (60, 20, 28, 14, 28, 16, 1), (80, 24, 28, 14, 48, 20, 5), (120, 40, 56, 28, 60, 36, 7),
            (200, 60, 84, 42, 112, 56, 13),
        ])
    func room(
        columns: Int, rows: Int, pictureColumns: Int, pictureRows: Int, planeColumns: Int, planeRows: Int, here: Int
    )
        throws
    {
        let layout = try #require(
            Layout(size: Size(columns: columns, rows: rows), model: .digits, cellRatio: 2))
        #expect(layout.picture.size == Size(columns: pictureColumns, rows: pictureRows))
        #expect(layout.plane.size == Size(columns: planeColumns, rows: planeRows))
        #expect(layout.here.rows == here)
    }

    @Test("Between the sizes the plane grows and the picture keeps its size")
    func between() throws {
        var last = 0
        for columns in 80..<100 {
            let layout = try #require(Layout(size: Size(columns: columns, rows: 30), model: .digits, cellRatio: 2))
            #expect(layout.picture.columns == 28)
            #expect(layout.plane.columns > last)
            last = layout.plane.columns
        }
    }

    @Test(
        "A picture is no wider than was asked for, a whole multiple where one fits, and the plane takes the room",
        arguments: [(56, 56), (55, 28), (28, 28), (20, 20), (1000, 84)])
    func asked(width: Int, columns: Int) throws {
        let size = Size(columns: 200, rows: 60)
        let layout = try #require(Layout(size: size, model: .digits, cellRatio: 2, widest: width))
        #expect(layout.picture.columns == columns)
        #expect(layout.plane.columns == 200 - 4 - max(28, columns))
        #expect(layout.picture.rows >= columns / 2 - 1)
    }

    @Test("An option caps the picture's width on the screen")
    func option() throws {
        var options = Options()
        options.pictureWidth = 28
        let state = State(model: .digits, size: Size(columns: 200, rows: 60), profile: .plain, options: options)
        #expect(state.shared.layout?.picture.columns == 28)
    }

    @Test("Below 60×20 there is none")
    func tooSmall() {
        #expect(Layout(size: Size(columns: 59, rows: 50), model: .digits, cellRatio: 2) == nil)
        #expect(Layout(size: Size(columns: 90, rows: 19), model: .digits, cellRatio: 2) == nil)
    }
}
