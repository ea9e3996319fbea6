import Testing

@testable import Explorer

@Suite("Centering")
struct CenteringTests {
    /// Ink where it is wanted, by column and row.
    private func image(_ side: Int = 28, _ isInk: (Int, Int) -> Bool) -> [Float] {
        (0..<side * side).map { isInk($0 % side, $0 / side) ? 1 : 0 }
    }

    private func centered(_ values: [Float], side: Int = 28) -> [Float] {
        Centering.centered(values, width: side, height: side)
    }

    @Test("A square in a corner fills the 20×20 in the middle")
    func square() {
        let result = centered(image { $0 < 10 && $1 < 10 })
        #expect(
            zip(result, image { (4..<24).contains($0) && (4..<24).contains($1) }).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test("Proportions are kept: a bar twice as high as wide is 10×20")
    func bar() {
        let result = centered(image { (20..<25).contains($0) && (3..<13).contains($1) })
        #expect(
            zip(result, image { (9..<19).contains($0) && (4..<24).contains($1) }).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// An L of 20×20: a stem 4 wide and a foot 4 high. Its mass is 20·4 + 16·4 = 144, its center of mass along x
    /// (80·2 + 64·12)/144 = 6.44, along y (80·10 + 64·18)/144 = 13.56: to get to 14, it moves by 7.56 ≈ 8 and 0.44 ≈ 0.
    @Test("The center of mass comes to the middle, not the box's")
    func mass() {
        func isInk(_ column: Int, _ row: Int) -> Bool {
            (0..<20).contains(column) && (0..<20).contains(row) && (column < 4 || row >= 16)
        }
        let result = centered(image { isInk($0 - 5, $1 - 3) })
        #expect(zip(result, image { isInk($0 - 8, $1) }).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test("What would reach beyond the edge is cut, a dot becomes a blot, and blank stays blank")
    func extremes() {
        // A long thin foot with all the mass at one end.
        let heavy = centered(image { ($0 < 4 && $1 < 20) || ($1 == 19 && $0 < 20) })
        #expect(heavy.count == 28 * 28 && heavy.allSatisfy { (0...1).contains($0) })
        let dot = centered(image { $0 == 3 && $1 == 3 })
        #expect(dot.filter { $0 == 1 }.count == 400)
        #expect(centered(image { _, _ in false }).allSatisfy { $0 == 0 })
    }

    @Test("What an eraser leaves of a stroke is no ink: it moves nothing, and alone it is blank")
    func traces() {
        let square = image { (4..<14).contains($0) && (4..<14).contains($1) }
        var pad = Pad(width: 28, height: 28)
        for (shift, erases) in [(Float(0), false), (0.8, true)] {
            pad.begin(at: Pad.Place(20.5, 22.5 + shift), erasing: erases)
            pad.extend(to: Pad.Place(26.5, 22.5 + shift))
        }
        #expect(pad.values.contains { $0 > 0.2 } && pad.isBlank)
        #expect(centered(pad.values).allSatisfy { $0 == 0 })
        #expect(centered(zip(square, pad.values).map { max($0, $1) }) == centered(square))
        pad.clear()
        #expect(!pad.values.contains { $0 > 0 })
    }

    @Test("Larger images have a larger box, in proportion")
    func larger() {
        let result = centered(image(56) { $0 < 8 && $1 < 8 }, side: 56)
        let wanted = image(56) { (8..<48).contains($0) && (8..<48).contains($1) }
        #expect(zip(result, wanted).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test("A smaller stroke is antialiased: its ink keeps its share of the box")
    func antialiased() {
        // 27 pixels wide, brought to 20: stripes of one pixel become grays.
        let result = centered(image { $0 < 27 && $1 < 27 && $0 % 2 == 0 })
        let middle = (5..<23).map { result[14 * 28 + $0] }
        #expect(abs(middle.reduce(0, +) / 18 - 0.52) < 0.05)
        #expect(middle.contains { $0 > 0.1 && $0 < 0.9 })
    }
}
