import Foundation
import Testing

@testable import Pictures

@Suite("Resampling")
struct ResamplingTests {
    private struct Fixture: Decodable {
        struct Case: Decodable {
            let width: Int
            let height: Int
            let values: [Float]
        }
        let width: Int
        let height: Int
        let values: [Float]
        let resampled: [Case]
    }

    @Test("Enlarged, equal and reduced, the values are those of Pillow's antialiased bicubic filter")
    func likePillow() throws {
        let url = try #require(
            Bundle.module.url(forResource: "resampled", withExtension: "json", subdirectory: "Fixtures"))
        let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
        for expected in fixture.resampled {
            let found = Resampler().resample(
                fixture.values, width: fixture.width, height: fixture.height, to: (expected.width, expected.height))
            #expect(found.count == expected.values.count)
            for (left, right) in zip(found, expected.values) { #expect(abs(left - right) < 2e-5) }
        }
    }

    @Test("A constant stays constant at any size", arguments: [1, 2, 9, 28, 100])
    func constant(size: Int) {
        let image = [Float](repeating: 0.3, count: 28 * 28)
        for value in Resampler().resample(image, width: 28, height: 28, to: (size, size)) {
            #expect(abs(value - 0.3) < 1e-5)
        }
    }

    @Test("A ramp stays a ramp", arguments: [5, 16, 31, 80])
    func ramp(size: Int) {
        let image = (0..<16).map { 0.1 + 0.05 * Float($0) }
        let found = Resampler().resample(image, width: 16, height: 1, to: (size, 1))
        #expect(zip(found, found.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("Reduced, a picture away from the border keeps its mean")
    func meanIsKept() {
        var image = [Float](repeating: 0, count: 64)
        for column in 24..<40 { image[column] = Float(column % 5) / 5 }
        let sum = image.reduce(0, +)
        for size in [32, 16, 8] {
            let weights = ResamplingWeights(source: 64, target: size)
            let reduced = (0..<size).map { target in
                (0..<weights.taps).reduce(Float(0)) {
                    $0 + weights.weights[target * weights.taps + $1] * image[weights.starts[target] + $1]
                }
            }
            #expect(abs(reduced.reduce(0, +) * 64 / Float(size) - sum) < 0.03 * sum)
        }
    }

    @Test("Colors are resampled channel by channel")
    func channels() {
        let tones: [Float] = [0, 0.5, 1, 0.2, 0.9, 0.4]
        let colors = tones.map { SIMD4($0, 1 - $0, 0, 0) }
        let tonesFound = Resampler().resample(tones, width: 3, height: 2, to: (7, 5))
        let colorsFound = Resampler().resample(colors, width: 3, height: 2, to: (7, 5))
        for (tone, color) in zip(tonesFound, colorsFound) {
            #expect(abs(color.x - tone) < 1e-5 && abs(color.y - (1 - tone)) < 1e-5 && color.z == 0)
        }
    }

    @Test("What is not a number becomes black instead of stopping the program")
    func notANumber() {
        let found = Resampler().resample([Float.nan, .infinity, 1, 0.5], width: 2, height: 2, to: (4, 4))
        #expect(found.allSatisfy { (0...1).contains($0) })
    }
}
