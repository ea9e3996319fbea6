import Foundation
import Testing

@testable import Shading

@Suite("Eye")
struct EyeTests {
    /// The squared error of a pattern of parts on 8×16 pixels a cell, blurred by half a cell, summed over all around it.
    private func blurred(_ pattern: [Float], columns: Int, rows: Int) -> Double {
        let margin = 20
        let (width, height) = (8 + 2 * margin, 16 + 2 * margin)
        var image = [Double](repeating: 0, count: width * height)
        for y in 0..<16 {
            for x in 0..<8 {
                image[(y + margin) * width + x + margin] = Double(pattern[y * rows / 16 * columns + x * columns / 8])
            }
        }
        let kernel = (-16...16).map { exp(-Double($0 * $0) / 32) }
        func smooth(_ image: [Double], step: Int, length: Int, position: (Int) -> Int) -> [Double] {
            image.indices.map { place in
                (-16...16).reduce(0) { sum, offset in
                    let there = position(place) + offset
                    return there < 0 || there >= length ? sum : sum + kernel[offset + 16] * image[place + offset * step]
                }
            }
        }
        let across = smooth(image, step: 1, length: width) { $0 % width }
        return smooth(across, step: width, length: height) { $0 / width }.reduce(0) { $0 + $1 * $1 }
    }

    @Test(
        "Errors count by what is left of them after a blur of half a cell",
        arguments: [(1, 2), (2, 2), (2, 4), (4, 4)])
    func common(columns: Int, rows: Int) {
        let common = Eye(columns: columns, rows: rows).common(columns: columns, rows: rows)
        var noise = Noise(seed: 5)
        func error(_ pattern: [Float]) -> Double {
            var sum = 0.0
            for row in pattern.indices {
                for column in pattern.indices {
                    sum += Double(pattern[row] * common[row * pattern.count + column] * pattern[column])
                }
            }
            return sum
        }
        let whole = [Float](repeating: 1, count: columns * rows)
        for _ in 0..<5 {
            let pattern = whole.map { _ in 2 * noise.next() - 1 }
            let expected = blurred(pattern, columns: columns, rows: rows) / blurred(whole, columns: columns, rows: rows)
            #expect(abs(error(pattern) / error(whole) - expected) < 0.01)
        }
    }

    @Test("All that the parts around have in common with one is 1: an error everywhere counts as it is")
    func total() {
        for (columns, rows) in [(1, 2), (2, 2), (2, 3), (2, 4), (4, 4)] {
            let eye = Eye(columns: columns, rows: rows)
            let across = eye.across[..<(columns + 2 * eye.reach.across)].reduce(0, +)
            let down = eye.down[..<(rows + 2 * eye.reach.down)].reduce(0, +)
            #expect(across > 0.85 && across < 1.001 && down > 0.85 && down < 1.001)
        }
    }
}
