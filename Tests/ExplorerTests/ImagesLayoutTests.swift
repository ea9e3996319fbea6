import Cells
import Testing

@testable import Explorer

@Suite("Layout of the Images view")
struct ImagesLayoutTests {
    private func layout(_ columns: Int, _ rows: Int, _ model: ModelFacts = .digits) -> ImagesLayout {
        ImagesLayout(size: Size(columns: columns, rows: rows), model: model, cellRatio: 2)
    }

    @Test(
        "Two pictures at a whole multiple, and beside them a third one and the plane where there is room",
        arguments: [(60, 20, 28, 0, 0), (80, 24, 28, 14, 12), (120, 40, 28, 28, 21), (200, 60, 56, 56, 27)])
    func rooms(columns: Int, rows: Int, picture: Int, third: Int, planeRows: Int) {
        let layout = layout(columns, rows)
        #expect(layout.first.size == Size(columns: picture, rows: picture / 2))
        #expect(layout.second.size == layout.first.size)
        #expect(layout.third?.columns ?? 0 == third)
        #expect(layout.plane?.rows ?? 0 == planeRows)
    }

    @Test("Nothing lies over anything else, or outside of the screen, at any size")
    func apart() {
        let color = ModelFacts(name: "faces", latentCount: 16, width: 64, height: 48, channels: 3)
        for model in [.digits, color] {
            for columns in stride(from: 60, through: 300, by: 7) {
                for rows in stride(from: 20, through: 100, by: 3) {
                    let layout = layout(columns, rows, model)
                    let body = Rect(column: 0, row: 1, columns: columns, rows: rows - 2)
                    let parts = [
                        layout.first, layout.second, layout.numbers, layout.strip, layout.lowerStrip, layout.third,
                        layout.plane,
                    ].compactMap { $0 }
                    for (index, part) in parts.enumerated() {
                        #expect(!part.isEmpty, "\(columns)×\(rows) \(index)")
                        #expect(
                            part.column > 0 && part.row > body.row && part.column + part.columns < columns
                                && part.row + part.rows < rows - 1, "\(columns)×\(rows) \(index)")
                        #expect(
                            !parts.dropFirst(index + 1).contains { $0.intersects(part) }, "\(columns)×\(rows) \(index)")
                    }
                }
            }
        }
    }
}
