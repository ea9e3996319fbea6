import Platform
import Testing

@testable import Neural

@Suite("What a space of images is measured with")
struct ImageKernelsTests {
    @Test("Angles are those of the mathematical library's arc tangent, and their slopes its derivative")
    func angles() {
        let inputs = (-4000...4000).map { Float($0) / 100 } + [0, -200, 200]
        var (angles, slopes) = (inputs, [Float](repeating: 0, count: inputs.count))
        ImageKernels.angles(of: &angles, count: angles.count, slopes: &slopes)
        for (index, input) in inputs.enumerated() {
            let root = exp(0.5 * Double(input))
            let (angle, slope) = (2 * atan(root), root.isFinite ? root / (1 + root * root) : 0)
            #expect(abs(Double(angles[index]) - angle) <= 4e-7 * min(1, angle) + 1e-30, "\(input)")
            #expect(abs(Double(slopes[index]) - slope) <= 1e-6 * slope + 1e-30, "\(input)")
        }
    }

    @Test("Angles of neighbors differ as their arc tangents do: only the last bit's rounding is between them")
    func differences() {
        let step: Float = 1e-3
        let inputs = (-8000...8000).map { Float($0) * step }
        var angles = inputs
        ImageKernels.angles(of: &angles, count: angles.count, slopes: nil)
        for index in 1..<inputs.count {
            let exact = 2 * atan(exp(0.5 * Double(inputs[index]))) - 2 * atan(exp(0.5 * Double(inputs[index - 1])))
            #expect(abs(Double(angles[index] - angles[index - 1]) - exact) < 6e-7, "\(inputs[index])")
        }
    }

    @Test("Four images are summed with their weights, and a cell's sides are measured, whatever the images' size")
    func images() {
        for count in [1, 7, 8, 29] {
            let images: [[Float]] = (0..<4).map { image in
                (0..<count).map { pixel in Float((pixel * 7 + image * image) % 11 - 5) }
            }
            var sum = [Float](repeating: .nan, count: count)
            ImageKernels.mix(images[0], images[1], images[2], images[3], SIMD4(1, -2, 3, 0.5), count: count, into: &sum)
            var wanted = SIMD3<Float>.zero
            for index in 0..<count {
                let (a, b, c, d) = (images[0][index], images[1][index], images[2][index], images[3][index])
                let mixed: Float = a - 2 * b + 3 * c + 0.5 * d
                #expect(sum[index] == mixed)
                let (low, high, left, right) = (b - a, d - c, c - a, d - b)
                wanted.x += (low * low + high * high) / 2
                wanted.y += (low + high) * (left + right) / 4
                wanted.z += (left * left + right * right) / 2
            }
            let sides = Self.sides(images)
            #expect(sides == wanted)
        }
    }

    /// - Parameter images: at the lower corners, then at the upper ones.
    private static func sides(_ images: [[Float]]) -> SIMD3<Float> {
        let count = images[0].count
        let all = images.flatMap { $0 }
        return all.withUnsafeBufferPointer { buffer in
            guard let all = buffer.baseAddress else { return .zero }
            return ImageKernels.sides(
                low: (all, all + count), high: (all + 2 * count, all + 3 * count), count: count)
        }
    }
}
