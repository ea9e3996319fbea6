import Latent
import Testing

@Suite("Plane")
struct PlaneTests {
    @Test("One unit is as long on z₀ as on z₁, and the longer side shows more of the space")
    func scale() {
        let grid = PlaneGrid(.prior, columns: 48, rows: 20, cellRatio: 2)
        #expect(abs(grid.columnExtent - 0.15) < 1e-6)
        #expect(abs(grid.rowExtent - 0.3) < 1e-6)
        #expect(abs(grid.horizontal.upperBound - 3.6) < 1e-5)
        #expect(abs(grid.vertical.upperBound - 3) < 1e-5)
    }

    @Test("A cell's middle lies in the cell")
    func roundTrip() {
        let grid = PlaneGrid(
            PlaneWindow(-7.3...11, 0.5...0.9), columns: 37, rows: 23, cellRatio: 1.9)
        for row in 0..<23 {
            for column in 0..<37 {
                let point = grid.point(column: column, row: row)
                #expect(grid.column(of: point[0]) == column)
                #expect(grid.row(of: point[1]) == row)
            }
        }
        #expect(grid.column(of: .nan) < 0)
    }

    @Test("A window moved by whole cells lies on the cells of the one before; moved by half a cell, or zoomed, not")
    func offset() throws {
        let grid = PlaneGrid(.prior, columns: 40, rows: 20, cellRatio: 2)
        func moved(by columns: Float, _ rows: Float, zoom: Float = 1) -> PlaneGrid {
            var window = PlaneWindow.prior.zoomed(by: zoom, around: PlaneWindow.prior.center)
            window.center[0] += columns * grid.columnExtent
            window.center[1] -= rows * grid.rowExtent
            return PlaneGrid(window, columns: 40, rows: 20, cellRatio: 2)
        }
        let offset = try #require(grid.offset(to: moved(by: 13, -7)))
        #expect(offset == (-13, 7))
        let there = moved(by: 13, -7).point(column: 20 + offset.columns, row: 10 + offset.rows)
        #expect(there.distance(to: grid.point(column: 20, row: 10)) < 1e-4)
        #expect(grid.offset(to: moved(by: 0.5, 0)) == nil)
        #expect(grid.offset(to: moved(by: 0, 0.5)) == nil)
        #expect(grid.offset(to: moved(by: 0, 0, zoom: 0.5)) == nil)
    }

    @Test("Zooming keeps the fixed point where it is")
    func zoom() {
        let before = PlaneGrid(.prior, columns: 40, rows: 20, cellRatio: 2)
        let fixed = before.point(column: 31, row: 4)
        let after = PlaneGrid(PlaneWindow.prior.zoomed(by: 0.5, around: fixed), columns: 40, rows: 20, cellRatio: 2)
        #expect(abs(after.columnExtent - before.columnExtent / 2) < 1e-6)
        #expect(after.column(of: fixed[0]) == 31)
        #expect(after.row(of: fixed[1]) == 4)
    }

    @Test("Ticks are multiples of 1, 2 or 5 times a power of ten")
    func ticks() {
        #expect(roundTicks(in: -3...3, apart: 0.9) == [-3, -2, -1, 0, 1, 2, 3])
        #expect(roundTicks(in: -0.05...0.31, apart: 0.07) == [0, 0.1, 0.2, 0.3])
        #expect(roundTicks(in: 12...57, apart: 11) == [20, 40])
        #expect(roundTicks(in: 0.1...0.2, apart: 5).isEmpty)
        #expect(roundTicks(in: 0...1, apart: .nan).isEmpty)
    }

    @Test("Counts see each image once, and a cell has the class that most of its images have")
    func counts() {
        let cloud = LatentCloud(
            name: "", dimension: 2, means: [0.1, 0.1, 0.2, 0.2, 0.3, 0.3, -0.9, 0.9, 50, 50], labels: [7, 7, 2, 4, 4])
        let counts = PlaneCounts(
            of: plane.codes(of: cloud), on: PlaneGrid(PlaneWindow(-1...1, -1...1), columns: 2, rows: 2, cellRatio: 1))
        #expect(counts.counts == [1, 3, 0, 0])
        #expect(counts.majority == [4, 7, 0, 0])
        #expect(counts.greatest == 3)
    }

    private let plane = LatentPlane(latents: 0, 1, dimension: 2)

    @Test("The aggregate posterior's mass is one where the plane holds it all, and is where the posteriors are")
    func density() {
        let cloud = LatentCloud(
            name: "", dimension: 2, means: [-1, 1, 1, -1], deviations: [0.1, 0.1, 0.3, 0.3])
        let grid = PlaneGrid(.prior, columns: 12, rows: 12, cellRatio: 1)
        let density = aggregatePosterior(of: plane.codes(of: cloud), on: grid, columns: 24, rows: 24)
        #expect(abs(density.reduce(0, +) - 1) < 1e-3)
        let upperLeft = (0..<12).flatMap { row in (0..<12).map { density[row * 24 + $0] } }.reduce(0, +)
        #expect(abs(upperLeft - 0.5) < 1e-3)
    }

    @Test("A cell's density is the integral of the normal distribution over it")
    func integral() {
        // Cells one deviation wide, the mean on a boundary: Φ(1) − Φ(0) = 0.3413 each way.
        let cloud = LatentCloud(name: "", dimension: 2, means: [0, 0], deviations: [1, 1])
        let grid = PlaneGrid(PlaneWindow(-1...1, -1...1), columns: 2, rows: 2, cellRatio: 1)
        let density = aggregatePosterior(of: plane.codes(of: cloud), on: grid, columns: 2, rows: 2)
        for mass in density { #expect(abs(mass - 0.341_34 * 0.341_34) < 1e-4) }
    }
}
