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

    @Test("Below 60×20 there is none")
    func tooSmall() {
        #expect(Layout(size: Size(columns: 59, rows: 50), model: .digits, cellRatio: 2) == nil)
        #expect(Layout(size: Size(columns: 90, rows: 19), model: .digits, cellRatio: 2) == nil)
    }
}
